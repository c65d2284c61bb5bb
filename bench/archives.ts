/**
 * How fast archives and compressed files are looked into and packed again, beside the format's own tool on the same file in
 * the same run: real Python modules of this machine, and its static libraries. Prints a Markdown table.
 *
 * usage: node bench/archives.ts      (needs the packages of test/requirements.apt)
 */

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planArchive } from '../src/pipeline/archive-plan.ts';
import { archiveFormat, lookInto } from '../src/pipeline/archive-tree.ts';
import { bufferSource } from '../src/store/byte-source.ts';
import { storeDir } from '../src/store/store-path.ts';
import { filesBelow } from '../test/real-files.ts';
import { transformContext } from '../test/transform-context.ts';
import { measure, median } from './measure.ts';

const ROUNDS = 3;
const dir = storeDir('/nix/store');
const own = '/nix/store/0123456789abcdfghijklmnpqrsvwxyz-own';
const context = {
  object: own.slice(dir.needle.length),
  transform: transformContext(dir.path),
};

interface Subject {
  readonly name: string;
  readonly file: string;
  /** Makes the file. */
  readonly make: string;
  /** Reads the whole file. */
  readonly test: string;
  /** Unpacks, changes one member, and packs again: what one would do by hand. */
  readonly change: string;
}

const stream = (name: string, file: string, tool: string, pack: string): Subject => ({
  name,
  file,
  make: `${pack} < all > ${file}`,
  test: `${tool} -t ${file}`,
  change: `${tool} -dc ${file} | sed 's|/nix/store/|/dev/fd/87/|g' | ${pack} > changed`,
});

const tarball = (name: string, file: string, pack: string): Subject => ({
  name,
  file,
  make: `tar -c tree | ${pack} > ${file}`,
  test: `tar -tf ${file}`,
  change: `rm -rf x && mkdir x && tar -C x -xf ${file} && sed -i 's|/nix/store/|/dev/fd/87/|g' x/tree/marked && tar -C x -c tree | ${pack} > changed`,
});

const subjects: readonly Subject[] = [
  stream('gzip', 'all.gz', 'gzip', 'gzip -9n'),
  stream('xz', 'all.xz', 'xz', 'xz'),
  stream('zstd', 'all.zst', 'zstd -q', 'zstd -q -19'),
  {
    ...stream('bzip2 (read only)', 'all.bz2', 'bzip2', 'bzip2'),
  },
  {
    name: 'zip',
    file: 'all.zip',
    make: 'python3 -m zipfile -c all.zip tree',
    test: 'unzip -tq all.zip',
    change:
      "rm -rf x && mkdir x && unzip -q all.zip -d x && sed -i 's|/nix/store/|/dev/fd/87/|g' x/tree/marked && cd x && python3 -m zipfile -c ../changed tree",
  },
  tarball('tar', 'all.tar', 'cat'),
  tarball('tar in gzip', 'all.tar.gz', 'gzip -9n'),
  tarball('tar in zstd', 'all.tar.zst', 'zstd -q -19'),
  {
    name: 'ar',
    file: 'all.a',
    make: 'ar rcsD all.a objects/*.o',
    test: 'ar t all.a && ar p all.a > /dev/null',
    change: 'rm -rf x && mkdir x && cd x && ar x ../all.a && ar rcsD ../changed *.o',
  },
];

const work = mkdtempSync(join(tmpdir(), 'unmoor-bench-archives-'));
const shell = (command: string) => ['sh', '-c', `cd ${work} && ${command}`];

/** Modules, one of which holds a path, and the objects of libraries. */
function prepare(): void {
  mkdirSync(join(work, 'tree'));
  mkdirSync(join(work, 'objects'));
  const modules = filesBelow('/usr/lib/python3.11', /\.py$/).filter((path) => !path.includes('/test/'));
  for (const [i, path] of modules.slice(0, 300).entries()) cpSync(path, join(work, 'tree', `${i}.py`));
  writeFileSync(join(work, 'tree/marked'), `path = ${own}/share\n`);
  execFileSync('sh', ['-c', `cd ${work} && cat tree/* > all`]);
  const library = filesBelow('/usr/lib', /^libc\.a$/)[0];
  if (library === undefined) throw new Error('libc.a is not there (libc6-dev has it)');
  execFileSync('sh', ['-c', `cd ${work}/objects && ar x ${library}`]);
}

async function time(action: () => unknown): Promise<number> {
  const times: number[] = [];
  // The first round, in which code is compiled, does not count.
  for (let round = -1; round < ROUNDS; round++) {
    const start = performance.now();
    await action();
    if (round >= 0) times.push(performance.now() - start);
  }
  return median(times);
}

async function row({ name, file, make, test, change }: Subject): Promise<string> {
  execFileSync('sh', ['-c', `cd ${work} && ${make}`]);
  const bytes = readFileSync(join(work, file));
  const source = bufferSource(bytes);
  const format = archiveFormat(source);
  if (format === undefined) throw new Error(`${file} is no archive`);
  const subject = { path: file, mode: { executable: false, secure: false }, context, isKnown: () => true };
  const unpacked = name === 'ar' ? bytes.length : statSync(join(work, 'all')).size;
  const looked = await time(() => lookInto(file, source, format, dir));
  let size = bytes.length;
  const planned = await time(async () => {
    const [edit] = (await planArchive(source, format, subject, () => true)).edits;
    size = edit?.replacement.length ?? size;
  });
  const [reading, changing] = measure(
    [
      { name: 'read', argv: shell(`${test} > /dev/null`) },
      { name: 'change', argv: shell(change) },
    ],
    ROUNDS,
  ).map((peer) => peer.median) as [number, number];
  const megabytes = unpacked / 1e6;
  const cells = [
    name,
    megabytes.toFixed(1),
    (megabytes / (looked / 1000)).toFixed(0),
    (looked / reading).toFixed(1),
    (megabytes / (planned / 1000)).toFixed(0),
    (planned / changing).toFixed(2),
    (size / bytes.length).toFixed(3),
  ];
  return `| ${cells.join(' | ')} |\n`;
}

try {
  prepare();
  const header = [
    '',
    'MB unpacked',
    'looked into, MB/s',
    'to its own tool',
    'looked into and rewritten, MB/s',
    'to its own tool',
    'size, to before',
  ];
  process.stdout.write(`| ${header.join(' | ')} |\n|${header.map(() => ' --- |').join('')}\n`);
  for (const subject of subjects) process.stdout.write(await row(subject));
} finally {
  rmSync(work, { recursive: true, force: true });
}
