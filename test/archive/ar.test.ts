/** Static libraries: made by gcc and ar, linked against before and after, by GNU ld and lld. */

import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { relocate } from '../../src/pipeline/relocate.ts';
import { readAr, writeAr } from '../../src/syntax/archive/ar.ts';
import { hostToolchain, must, run } from '../toy-store.ts';
import { ALIAS, HERE, repackFile, STORE, TEXT, told, unseen } from './packed.ts';

let work: string;
beforeEach(() => {
  work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-ar-')));
});
afterEach(() => rmSync(work, { recursive: true, force: true }));

const LONG = 'an_object_file_with_a_long_name';

/** A library of two objects; the source lies in the store, so that debug information names it. */
function library(dir: string, place: string, ...flags: string[]): string {
  writeFileSync(join(dir, `${LONG}.c`), `const char *place(void) { return "${place}/share/data"; }\n`);
  writeFileSync(join(dir, 'other.c'), 'int other(void) { return 1; }\n');
  for (const name of [LONG, 'other']) {
    must('gcc', ['-g', '-gz=none', `-ffile-prefix-map=${dir}=${place}/src`, ...flags, '-c', `${name}.c`], { cwd: dir });
  }
  const path = join(dir, 'libplace.a');
  must('ar', ['rcsD', path, join(dir, `${LONG}.o`), join(dir, 'other.o')]);
  return path;
}

const MAIN = `
#include <stdio.h>
const char *place(void);
int other(void);
int main(void) { puts(place()); return other() - 1; }
`;

it('paths are told by member and section; debug information changes in place, strings stay', async () => {
  const before = readFileSync(library(work, HERE));
  const result = await repackFile('lib/libplace.a', before);
  const lines = new Set(told(result));
  expect(lines).toContain(`none(build-time) elf/string build-time ${LONG}.o`);
  expect(lines).toContain(`alias elf/debug documentation ${LONG}.o`);
  expect(lines).toContain('alias elf/debug documentation other.o');
  expect(result.bytes.length).toBe(before.length);
  expect(result.bytes.includes(`${HERE}/share/data`)).toBe(true);
  expect(result.bytes.includes(`${HERE}/src`)).toBe(false);

  writeFileSync(join(work, 'after.a'), result.bytes);
  expect(must('ar', ['t', 'after.a'], { cwd: work })).toBe(`${LONG}.o\nother.o\n`);
  expect(must('nm', ['-s', 'after.a'], { cwd: work })).toBe(
    must('nm', ['-s', 'libplace.a'], { cwd: work }).replaceAll('libplace.a', 'after.a'),
  );
  expect(must('readelf', ['--debug-dump=line', 'after.a'], { cwd: work })).toContain(`${ALIAS}/`);
  writeFileSync(join(work, 'main.c'), MAIN);
  for (const linker of ['bfd', 'lld']) {
    must('gcc', [`-fuse-ld=${linker}`, 'main.c', 'after.a', '-o', 'program'], { cwd: work });
    expect(must(join(work, 'program'), [])).toBe(`${HERE}/share/data\n`);
  }
  must('ranlib', ['after.a'], { cwd: work });
  must('gcc', ['main.c', 'after.a', '-o', 'program'], { cwd: work });
});

it('a program that is linked against it finds its data on the host, and after a relocation of its own', async () => {
  // Were the string an alias, a program of the host would look for it behind a descriptor that nobody opened.
  const store = join(work, 'store');
  const library_ = join(store, '0123456789abcdfghijklmnpqrsvwxyz-place');
  const user = join(store, 'zyxwvsrqpnmlkjihgfdcba9876543210-user');
  for (const dir of ['share', 'lib', 'src']) mkdirSync(join(library_, dir), { recursive: true });
  mkdirSync(join(user, 'bin'), { recursive: true });
  mkdirSync(join(user, 'lib'));
  writeFileSync(join(library_, 'share/data'), 'the data\n');
  must('cp', [library(work, library_), join(library_, 'lib')]);
  const reader = MAIN.replace(
    'puts(place());',
    'char line[80]; FILE *f = fopen(place(), "r"); if (!f) return 9; puts(fgets(line, 80, f));',
  );
  writeFileSync(join(work, 'main.c'), reader);
  const made = join(work, 'made');
  const report = await relocate({ paths: [library_], to: made, workers: 1 });
  expect(report.unresolved).toBe(0);
  expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
  const relocated = join(made, 'store/0123456789abcdfghijklmnpqrsvwxyz-place/lib/libplace.a');
  const loader = join(user, 'lib', hostToolchain.loader);
  for (const file of hostToolchain.files) must('cp', ['-L', file, join(user, 'lib')]);
  const link = [
    'main.c',
    relocated,
    '-o',
    join(user, 'bin/program'),
    `-Wl,--dynamic-linker,${loader}`,
    `-Wl,-rpath,${user}/lib`,
  ];
  must('gcc', link, { cwd: work });
  expect(must(join(user, 'bin/program'), [])).toBe('the data\n\n');
  const moved = join(work, 'moved');
  await relocate({ paths: [user, library_], to: moved, workers: 1 });
  must('mv', [store, join(work, 'gone')]);
  expect(must(join(moved, 'store/zyxwvsrqpnmlkjihgfdcba9876543210-user/bin/program'), [])).toBe('the data\n\n');
});

it('thin archives, symbol tables of 64 bits, and BSD names are read', async () => {
  library(work, HERE);
  must('ar', ['rcsT', join(work, 'thin.a'), `${LONG}.o`], { cwd: work });
  expect(told(await repackFile('lib/thin.a', readFileSync(join(work, 'thin.a'))))).toEqual([]);
  const pad = (text: string, length: number) => text.padEnd(length);
  const bsd = (name: string, contents: string) => {
    const body = `${name}${contents}`;
    const header = `${pad(`#1/${name.length}`, 16)}${pad('0', 12)}${pad('0', 6)}${pad('0', 6)}${pad('644', 8)}${pad(String(body.length), 10)}\`\n`;
    return `${header}${body}${body.length % 2 === 1 ? '\n' : ''}`;
  };
  const archive = Buffer.from(
    `!<arch>\n${bsd('__.SYMDEF SORTED', '\0\0\0\0')}${bsd('a long name with blanks.txt', TEXT)}`,
    'latin1',
  );
  expect(told(await repackFile('lib/bsd.a', archive))).toEqual(
    Array(3).fill('none(build-time) archive/member build-time a long name with blanks.txt'),
  );
});

it('objects for link-time optimisation, of gcc, are told by their sections', async () => {
  const result = await repackFile('lib/libplace.a', readFileSync(library(work, HERE, '-flto', '-ffat-lto-objects')));
  expect(unseen(result)).toEqual([]);
  expect(new Set(told(result))).toContain(`none(build-time) elf/string build-time ${LONG}.o`);
});

describe('packages of Debian', () => {
  it('are looked into and not changed: they list hashes of their files', async () => {
    for (const [option, name] of [
      ['-Zxz', 'xz'],
      ['-Zgzip', 'gz'],
      ['-Zzstd', 'zst'],
    ] as const) {
      const root = join(work, name);
      mkdirSync(join(root, 'DEBIAN'), { recursive: true });
      mkdirSync(join(root, 'usr/share/man/man1'), { recursive: true });
      writeFileSync(
        join(root, 'DEBIAN/control'),
        'Package: x\nVersion: 1\nArchitecture: all\nMaintainer: x <x@example.org>\nDescription: x\n',
      );
      writeFileSync(join(root, 'usr/share/x.conf'), TEXT);
      writeFileSync(join(root, 'usr/share/man/man1/x.1.gz'), gzipSync(`.TH x 1\n${HERE}\n`));
      must('dpkg-deb', [option, '--root-owner-group', '-b', root, join(work, `${name}.deb`)]);
      const result = await repackFile('share/x.deb', readFileSync(join(work, `${name}.deb`)));
      expect(told(result)).toEqual([
        `none(documentation) manual/path documentation data.tar.${name}!/data.tar!/./usr/share/man/man1/x.1.gz!/x.1`,
        ...Array(3).fill(`none(sealed) archive/member run-time data.tar.${name}!/data.tar!/./usr/share/x.conf`),
      ]);
      expect(unseen(result)).toEqual([]);
    }
  });
});

it('broken ones are refused, nothing is thrown, and members of another size are not written', () => {
  const packed = readFileSync(library(work, HERE));
  expect(writeAr(packed, new Map())).toEqual(packed);
  const ar = readAr(packed);
  if ('code' in ar) throw new Error(ar.reason);
  expect(writeAr(packed, new Map([[ar.members[0] as (typeof ar.members)[number], Buffer.alloc(3)]]))).toContain(
    'places',
  );
  const change = fc.tuple(fc.nat(200), fc.nat(255));
  fc.assert(
    fc.property(fc.array(change, { maxLength: 6 }), fc.nat(packed.length), (changes, length) => {
      const bytes = Buffer.from(packed);
      for (const [at, byte] of changes) bytes[at] = byte;
      const result = readAr(bytes.subarray(0, length));
      if ('code' in result) return;
      for (const { start, end } of result.members) expect(start >= 0 && start <= end && end <= length).toBe(true);
    }),
    { numRuns: 1000 },
  );
  expect(run('ar', ['t', join(work, 'libplace.a')]).stdout).toContain(LONG);
  expect(STORE.length).toBe(ALIAS.length);
});
