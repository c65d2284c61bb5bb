/** tar archives of every format: made and read by GNU tar and Python's tarfile, before and after. */

import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readTar, writeTar } from '../../src/syntax/archive/tar.ts';
import { must } from '../toy-store.ts';
import { HERE, REWRITTEN, repackFile, TEXT, told, unseen } from './packed.ts';

let work: string;
beforeEach(() => {
  work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-tar-')));
  mkdirSync(join(work, 'in'));
});
afterEach(() => rmSync(work, { recursive: true, force: true }));

const LONG = `deep/${'d'.repeat(60)}/${'e'.repeat(60)}/${'f'.repeat(60)}`;

/** A tree with links, modes, long names and names that are no ASCII. */
function tree(): string {
  const root = join(work, 'in');
  mkdirSync(join(root, LONG), { recursive: true });
  writeFileSync(join(root, 'list'), TEXT, { mode: 0o755 });
  writeFileSync(join(root, 'plain'), 'no path\n');
  writeFileSync(join(root, 'empty'), '');
  writeFileSync(join(root, LONG, 'file'), TEXT);
  writeFileSync(join(root, 'd\u00fcnn'), TEXT);
  writeFileSync(join(root, 'list.gz'), gzipSync(TEXT));
  symlinkSync('list', join(root, 'link'));
  must('ln', [join(root, 'list'), join(root, 'second')]);
  for (const name of ['list', 'plain']) utimesSync(join(root, name), 1234567890.5, 1234567890.5);
  return root;
}

const tar = (...args: string[]) => must('tar', args, { cwd: work });

describe.each(['gnu', 'pax', 'posix', 'ustar', 'oldgnu'])('format %s', (format) => {
  it('keeps order, names, modes, times and links; members have their new contents', async () => {
    const root = tree();
    if (format === 'ustar') must('rm', ['-r', join(root, 'deep')]);
    tar(`--format=${format}`, '-cf', 'before.tar', 'in');
    const result = await repackFile('share/before.tar', readFileSync(join(work, 'before.tar')));
    expect(unseen(result)).toEqual([]);
    expect(new Set(told(result).map((line) => line.split(' ')[0]))).toEqual(new Set(['alias']));
    writeFileSync(join(work, 'after.tar'), result.bytes);
    const listing = (name: string) =>
      tar('--full-time', '-tvf', name).replace(/ +\d+( \d{4}-\d\d-\d\d [\d:.]+ +in\/list\.gz)/, ' size$1');
    expect(listing('after.tar')).toBe(listing('before.tar'));
    // The tree with the texts changed is what the new archive holds.
    const changed = ['list', 'd\u00fcnn', ...(format === 'ustar' ? [] : [`${LONG}/file`])];
    for (const name of changed) {
      const path = join(root, name);
      const { atime, mtime } = { atime: new Date(0), mtime: name === 'list' ? 1234567890.5 : undefined };
      writeFileSync(path, readFileSync(path, 'latin1').replaceAll(TEXT, REWRITTEN), 'latin1');
      if (mtime !== undefined) utimesSync(path, atime, mtime);
    }
    const difference = must('sh', ['-c', `tar --compare -f after.tar 2>&1 | grep -v 'Mod time' || true`], {
      cwd: work,
    });
    expect(difference.split('\n').filter((line) => line !== '' && !line.startsWith('in/list.gz'))).toEqual([]);
    expect(must('sh', ['-c', 'tar -xOf after.tar in/list.gz | gzip -dc'], { cwd: work })).toBe(REWRITTEN);
    expect(
      must('python3', ['-c', 'import tarfile; print(len(tarfile.open("after.tar").getnames()))'], { cwd: work }),
    ).toBe(must('python3', ['-c', 'import tarfile; print(len(tarfile.open("before.tar").getnames()))'], { cwd: work }));
  });
});

it('compressed tar archives name the member by all levels', async () => {
  tree();
  for (const [option, extension] of [
    ['-z', 'tar.gz'],
    ['-z', 'tgz'],
    ['-J', 'tar.xz'],
    ['--zstd', 'tar.zst'],
  ] as const) {
    tar(option, '-cf', `a.${extension}`, '--exclude=deep', '--exclude=d*', 'in');
    const result = await repackFile(`share/a.${extension}`, readFileSync(join(work, `a.${extension}`)));
    expect(told(result).sort()).toEqual([
      ...Array(3).fill('alias archive/member run-time a.tar!/in/list'),
      ...Array(3).fill('alias archive/member run-time a.tar!/in/list.gz!/list'),
    ]);
    writeFileSync(join(work, 'b'), result.bytes);
    expect(tar('-xOf', 'b', 'in/list')).toBe(REWRITTEN);
  }
});

it('names and link targets are found, and stay', async () => {
  symlinkSync(`${HERE}/share`, join(work, 'in/link'));
  writeFileSync(join(work, 'in/list'), TEXT);
  tar('-cf', 'a.tar', '--sort=name', 'in');
  const result = await repackFile('share/a.tar', readFileSync(join(work, 'a.tar')));
  expect(told(result)).toEqual([
    'none(header) archive/header run-time -',
    ...Array(3).fill('alias archive/member run-time in/list'),
  ]);
  expect(
    (await repackFile('share/doc/a.tar', readFileSync(join(work, 'a.tar')))).sites.map(({ site }) => site.role),
  ).toEqual(Array(4).fill('documentation'));
});

it('sparse files are said not to be looked into, the others are', async () => {
  must('truncate', ['-s', '1M', join(work, 'in/holes')]);
  must('sh', ['-c', `printf '%s' '${HERE}/x' | dd of='${work}/in/holes' bs=1 seek=500000 conv=notrunc status=none`]);
  writeFileSync(join(work, 'in/list'), TEXT);
  for (const format of ['gnu', 'pax']) {
    tar(`--format=${format}`, '-cSf', 'a.tar', '--sort=name', 'in');
    const result = await repackFile('a.tar', readFileSync(join(work, 'a.tar')));
    expect(unseen(result).map((line) => line.replace(/ in\/.*/, ''))).toEqual(['unsupported tar archive']);
    expect(told(result).filter((line) => line.includes('archive/header'))).toHaveLength(1);
    expect(told(result).filter((line) => line.startsWith('alias'))).toHaveLength(3);
  }
});

it('what is written without a change is the same; broken ones are refused and nothing is thrown', () => {
  tree();
  for (const format of ['gnu', 'pax']) {
    tar(`--format=${format}`, '-cf', 'a.tar', 'in');
    const packed = readFileSync(join(work, 'a.tar'));
    expect(writeTar(packed, new Map())).toEqual(packed);
    const change = fc.tuple(fc.nat(packed.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 6 }), fc.nat(packed.length), fc.boolean(), (changes, length, cut) => {
        const bytes = Buffer.from(packed);
        for (const [at, byte] of changes) bytes[at] = byte;
        const broken = cut ? bytes.subarray(0, length) : bytes;
        const result = readTar(broken);
        if ('code' in result) return;
        const grown = new Map(
          result.members.map((member) => [member, Buffer.concat([member.contents, Buffer.alloc(600)])]),
        );
        const again = writeTar(broken, grown);
        const reread = typeof again === 'string' ? undefined : readTar(again);
        if (reread === undefined || 'code' in reread) return;
        expect(reread.members.map(({ name }) => name)).toEqual(result.members.map(({ name }) => name));
      }),
      { numRuns: 400 },
    );
  }
});
