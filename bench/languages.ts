/**
 * How fast files of each language and data format are read, planned and rewritten, beside ripgrep and `cp -a` on the same
 * files in the same run: real files of this machine with store paths planted into them. Prints a Markdown table.
 *
 * usage: node bench/languages.ts      (needs the packages of test/requirements.apt)
 */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeEdited } from '../src/pipeline/apply-edits.ts';
import { planContents } from '../src/pipeline/entry.ts';
import { bufferSource } from '../src/store/byte-source.ts';
import { scanBytes } from '../src/store/scan.ts';
import { storeDir } from '../src/store/store-path.ts';
import { filesBelow, plant, readReal, sample } from '../test/real-files.ts';
import { transformContext } from '../test/transform-context.ts';
import { measure, median } from './measure.ts';

const ROUNDS = 5;
const MOST_FILES = 1500;
const LARGEST = 2_000_000;

const dir = storeDir('/nix/store');
const planted = '/nix/store/c3idvsdbgm2mxg2pi7ma7s2qnrcqvw8a-planted';
const context = {
  object: '0123456789abcdfghijklmnpqrsvwxyz-bench',
  transform: transformContext(dir.path),
};

interface Subject {
  readonly name: string;
  readonly file: RegExp;
  readonly below: readonly string[];
  /** Contents with store paths in them. */
  readonly plant: (text: string) => string;
}

/** Places of the file system become places in the store, as a data file of a package names them. */
const places = (text: string) => text.replace(/(?<![\w./-])\/(?:usr|etc)(?=\/)/g, planted);
const code = (text: string) => plant(text, planted);
const shell = (text: string) => (/^#!.*\b(?:ba|da|k|z)?sh\b/.test(text) ? places(text) : '');

const subjects: readonly Subject[] = [
  { name: 'shell', file: /./, below: ['/usr/bin', '/usr/sbin', '/var/lib/dpkg/info'], plant: shell },
  { name: 'fish', file: /\.fish$/, below: ['/usr/share/fish'], plant: code },
  { name: 'Python', file: /\.py$/, below: ['/usr/lib/python3', '/usr/lib/python3.11'], plant: code },
  {
    name: 'JavaScript',
    file: /\.[cm]?js$/,
    below: [fileURLToPath(new URL('../node_modules', import.meta.url))],
    plant: code,
  },
  { name: 'Perl', file: /\.p[lm]$/, below: ['/usr/share/perl', '/usr/share/perl5'], plant: code },
  { name: 'PHP', file: /\.php$/, below: ['/usr/share/php'], plant: code },
  { name: 'Ruby', file: /\.rb$/, below: ['/usr/lib/ruby', '/usr/share/rubygems-integration'], plant: code },
  { name: 'Lua', file: /\.lua$/, below: ['/usr/share/lua'], plant: code },
  { name: 'Tcl', file: /\.tcl$/, below: ['/usr/share/tcltk'], plant: code },
];

const machine = ['/etc', '/usr/share', '/usr/lib'];
const formats: readonly Subject[] = [
  { name: 'pkg-config', file: /\.pc$/, below: machine, plant: places },
  { name: 'CMake', file: /\.cmake$/, below: machine, plant: code },
  { name: 'Makefile', file: /(?:^Makefile|\.mk)$/, below: machine, plant: places },
  { name: 'XML', file: /\.xml$/, below: machine, plant: places },
  { name: 'systemd, desktop', file: /\.(?:service|socket|timer|desktop)$/, below: machine, plant: places },
  { name: 'fontconfig, D-Bus and other .conf', file: /\.conf$/, below: machine, plant: places },
];

interface Sample {
  /** As in a package: without the file system's hierarchy. */
  readonly path: string;
  readonly bytes: Buffer;
}

function samples({ file, below, plant: planting }: Subject): Sample[] {
  const paths = below
    .flatMap((directory) => filesBelow(directory, file))
    .filter((path) => (below === machine ? !path.includes('/node_modules/') : true) && statSync(path).size < LARGEST);
  const all = sample(paths, 4 * MOST_FILES).flatMap((path) => {
    const bytes = Buffer.from(planting(readReal(path).text), 'latin1');
    return scanBytes(bytes, dir).occurrences.length > 0 ? [{ path: path.replace(/^\/(?:usr\/)?/, ''), bytes }] : [];
  });
  return sample(all, MOST_FILES);
}

/** Everything that a relocation does with one file, but for writing it. Gives the number of its paths. */
async function rewrite(root: string, path: string): Promise<number> {
  const bytes = readFileSync(join(root, path));
  const { occurrences } = scanBytes(bytes, dir);
  const mode = { executable: bytes.subarray(0, 2).equals(Buffer.from('#!')), secure: false };
  const plan = await planContents(path, mode, bufferSource(bytes), occurrences, context);
  writeEdited(bufferSource(bytes), plan.edits, () => {});
  return occurrences.length;
}

const work = mkdtempSync(join(tmpdir(), 'unmoor-bench-languages-'));

async function row(name: string, files: readonly Sample[]): Promise<string> {
  const root = join(work, 'files');
  const copy = join(work, 'copy');
  for (const { path, bytes } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), bytes);
  }
  const times: number[] = [];
  let paths = 0;
  // The first round, in which parsers are loaded and code is compiled, does not count.
  for (let round = -1; round < ROUNDS; round++) {
    const start = performance.now();
    paths = 0;
    for (const { path } of files) paths += await rewrite(root, path);
    if (round >= 0) times.push(performance.now() - start);
  }
  const peers = measure(
    [
      { name: 'ripgrep', argv: ['rg', '-uuu', '-a', '-c', '-F', dir.path, root] },
      { name: 'cp', argv: ['cp', '-a', root, copy], after: () => rmSync(copy, { recursive: true }) },
    ],
    ROUNDS,
  );
  rmSync(root, { recursive: true });
  const size = files.reduce((sum, { bytes }) => sum + bytes.length, 0) / 1e6;
  const own = median(times);
  const [ripgrep, cp] = peers.map((peer) => peer.median) as [number, number];
  const milliseconds = [own, ripgrep, cp].map((time) => time.toFixed(time < 10 ? 1 : 0));
  const ratios = [own / ripgrep, own / cp].map((ratio) => ratio.toFixed(1));
  const cells = [
    name,
    files.length,
    size.toFixed(1),
    paths,
    (size / (own / 1000)).toFixed(1),
    ...milliseconds,
    ...ratios,
  ];
  return `| ${cells.join(' | ')} |\n`;
}

try {
  const header = ['', 'files', 'MB', 'paths', 'MB/s', 'Unmoor, ms', '`rg -c`, ms', '`cp -a`, ms', 'to rg', 'to cp'];
  process.stdout.write(`| ${header.join(' | ')} |\n|${header.map(() => ' --- |').join('')}\n`);
  for (const subject of subjects) process.stdout.write(await row(subject.name, samples(subject)));
  const data = formats.map((subject) => ({ name: subject.name, files: samples(subject) }));
  for (const { name, files } of data) process.stdout.write(await row(name, files));
  process.stdout.write(
    await row(
      'all data formats',
      data.flatMap(({ files }) => files),
    ),
  );
} finally {
  rmSync(work, { recursive: true, force: true });
}
