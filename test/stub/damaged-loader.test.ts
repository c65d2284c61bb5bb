/** A loader that is missing, damaged or no loader at all: one line that says so and status 127, never a signal. */

import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { must, run } from '../toy-store.ts';
import { type RelocatedToy, relocatedToy } from './relocated-toy.ts';

let toy: RelocatedToy;
let intact: Buffer;
beforeAll(async () => {
  toy = await relocatedToy();
  intact = readFileSync(toy.loader);
  chmodSync(dirname(toy.loader), 0o755);
  chmodSync(toy.toy.work, 0o755);
});
beforeEach(() => {
  rmSync(toy.loader, { recursive: true, force: true });
  writeFileSync(toy.loader, intact, { mode: 0o755 });
});
afterAll(() => toy.toy.remove());

const START = ['unmoor: ', ': '];

/** Starts the program, which must end with one line. Gives that line's part behind the program's name. */
function complaint(command: readonly [string, ...string[]] = [toy.program('state')]): string {
  const [program, ...args] = command;
  const { status, stdout, stderr } = run('timeout', ['--foreground', '20', program, ...args]);
  expect({ status, stdout }).toEqual({ status: 127, stdout: '' });
  expect(stderr).toMatch(/^unmoor: [^\n]*\n$/);
  const name = `${START[0]}${toy.program('state')}${START[1]}`;
  return stderr.startsWith(name) ? stderr.slice(name.length, -1) : stderr;
}

const changed = (change: (bytes: Buffer) => unknown) => {
  const bytes = Buffer.from(intact);
  change(bytes);
  return bytes;
};
/** Where the program headers of the PT_LOADs stand in the intact loader. */
function loadHeaders(): number[] {
  const table = Number(intact.readBigUInt64LE(32));
  return Array.from({ length: intact.readUInt16LE(56) }, (_, i) => table + 56 * i).filter(
    (at) => intact.readUInt32LE(at) === 1,
  );
}
/** Changes one field of a PT_LOAD's program header; -1 is the last one. */
const inLoad = (n: number, field: number, value: bigint) =>
  changed((bytes) => bytes.writeBigUInt64LE(value, (loadHeaders().at(n) as number) + field));
/** A field of the last PT_LOAD. */
const lastLoad = (field: number) => intact.readBigUInt64LE((loadHeaders().at(-1) as number) + field);

describe('a damaged loader', () => {
  test('the intact one works, so that the others fail for their damage', () => {
    expect(run(toy.program('state')).status).toBe(0);
  });

  test.each([0, 1, 63, 64, 100, 600, 4096, 4097, 100_000, -9000, -1])('cut to %i bytes', (length) => {
    // What follows the last segment, section headers and debug data, is nobody's loss.
    const end = length < 0 ? Number(lastLoad(8) + lastLoad(32)) + length : length;
    writeFileSync(toy.loader, intact.subarray(0, end));
    expect(complaint()).toBe(`finds a damaged loader at ${toy.loader}`);
  });

  const huge = 1n << 62n;
  const cases: Readonly<Record<string, () => Buffer>> = {
    'a text': () => Buffer.from('#!/bin/sh\nexit 0\n'.repeat(50)),
    zeros: () => Buffer.alloc(5000),
    'entry 0': () => changed((b) => b.writeBigUInt64LE(0n, 24)),
    'an entry outside of the file': () => changed((b) => b.writeBigUInt64LE(huge, 24)),
    'an entry in the data': () => changed((b) => b.writeBigUInt64LE(lastLoad(16), 24)),
    'a program header table outside of the file': () => changed((b) => b.writeBigUInt64LE(huge, 32)),
    'a negative table offset': () => changed((b) => b.writeBigUInt64LE((1n << 64n) - 8n, 32)),
    'no program headers': () => changed((b) => b.writeUInt16LE(0, 56)),
    '65535 program headers': () => changed((b) => b.writeUInt16LE(65535, 56)),
    'program headers of 57 bytes': () => changed((b) => b.writeUInt16LE(57, 54)),
    'a fixed-address program': () => changed((b) => b.writeUInt16LE(2, 16)),
    'a first segment with more bytes than the file': () => inLoad(0, 32, huge),
    'a last segment with more bytes than memory': () => inLoad(-1, 40, 1n),
    'a last segment at a huge address': () => inLoad(-1, 16, huge),
    'a segment of a huge size': () => inLoad(-1, 40, huge),
    'a segment at an offset outside of the file': () => inLoad(2, 8, huge),
    'a segment whose offset does not match its address': () => inLoad(1, 8, 1n),
    'segments out of order': () => inLoad(0, 16, 0x100000n),
  };
  test.each(Object.keys(cases))('%s', (name) => {
    writeFileSync(toy.loader, (cases[name] as () => Buffer)());
    expect(complaint()).toBe(`finds a damaged loader at ${toy.loader}`);
  });

  test('a loader for another machine, class or byte order', () => {
    for (const [offset, value] of [
      [18, 0xb7],
      [4, 1],
      [5, 2],
    ] as const) {
      writeFileSync(
        toy.loader,
        changed((bytes) => bytes.writeUInt8(value, offset)),
      );
      expect(complaint()).toBe(`finds a loader for another machine at ${toy.loader}`);
    }
  });
});

describe('no loader', () => {
  test('missing', () => {
    rmSync(toy.loader);
    expect(complaint()).toBe(`cannot find the loader ${toy.loader}: No such file or directory`);
  });

  test('a directory, a FIFO, a device', () => {
    for (const make of [
      () => mkdirSync(toy.loader),
      () => must('mkfifo', [toy.loader]),
      () => must('mknod', [toy.loader, 'c', '1', '5']),
    ]) {
      rmSync(toy.loader, { recursive: true, force: true });
      make();
      expect(complaint()).toBe(`finds no regular file as its loader at ${toy.loader}`);
    }
  });

  test('not readable for the user', () => {
    chmodSync(toy.loader, 0o700);
    const line = complaint(['setpriv', '--reuid=65534', '--clear-groups', toy.program('state')]);
    expect(line).toBe(`cannot find the loader ${toy.loader}: Permission denied`);
  });

  test('a link to itself', () => {
    rmSync(toy.loader);
    must('ln', ['-s', toy.loader, toy.loader]);
    expect(complaint()).toBe(`cannot find the loader ${toy.loader}: Too many levels of symbolic links`);
  });

  test('no descriptor is left', () => {
    const line = complaint(['sh', '-c', 'ulimit -n 3; exec "$1"', 'sh', toy.program('state')]);
    expect(line).toMatch(/^cannot find the store directory .*: Too many open files$/);
  });

  test('control characters in a prefix stay out of the message', () => {
    const prefix = join(toy.toy.work, 'new\nline\x1b[31m');
    cpSync(toy.prefix, prefix, { recursive: true });
    const moved = (path: string) => path.replace(toy.prefix, prefix);
    chmodSync(dirname(moved(toy.loader)), 0o755);
    rmSync(moved(toy.loader));
    expect(complaint([moved(toy.program('state'))])).toMatch(/new\?line\?\[31m.*: No such file or directory\n$/);
  });
});

describe('long prefixes', () => {
  /** Goes down into directories of a total length and runs the program there, by a relative path. */
  const deep = (length: number) => {
    const names = Array.from({ length: Math.ceil(length / 200) }, (_, i) => `${i}-`.padEnd(199, 'd'));
    names.push('e'.repeat(Math.max(1, length % 200)));
    const script =
      'cd "$1"; store=$2; program=$3; shift 3; for name; do mkdir -p "$name"; cd -P "./$name" || exit 9; done; ' +
      'cp -a "$store" store && exec env "$program"';
    const program = toy.program('state').slice(toy.prefix.length + 1);
    // bash, since dash's cd fails where the path is longer than PATH_MAX; env, since bash makes the name absolute.
    return run('bash', ['--norc', '-c', script, 'bash', toy.toy.work, toy.store, `./${program}`, ...names]);
  };
  afterAll(() => void run('rm', ['-rf', join(toy.toy.work, '0-'.padEnd(199, 'd'))]));

  test('3,600 bytes are no trouble', () => {
    expect(deep(3600)).toMatchObject({ status: 0, stdout: expect.stringMatching(/^argc 1\n/) });
  });

  test('more than PATH_MAX ends in a message', () => {
    const { status, stdout, stderr } = deep(4300);
    expect({ status, stdout }).toEqual({ status: 127, stdout: '' });
    expect(stderr).toMatch(/^unmoor: [^\n]*: cannot find the store directory: File name too long\n$/);
  });
});

test('a program away from its store names the place where it looked', () => {
  const lonely = join(toy.toy.work, 'lonely');
  mkdirSync(join(lonely, 'a/b'), { recursive: true });
  copyFileSync(toy.program('state'), join(lonely, 'a/b/state'));
  expect(complaint([join(lonely, 'a/b/state')])).toBe(
    `unmoor: ${lonely}/a/b/state: cannot find the loader ${lonely.replace(/\/lonely$/, '')}/lonely${toy.loader.slice(toy.store.length)}: No such file or directory\n`,
  );
  // With fewer directories above it than the store would need.
  const alone = ['bwrap', '--ro-bind', join(lonely, 'a/b/state'), '/state', '--proc', '/proc', '/state'] as const;
  expect(complaint([...alone])).toMatch(
    /^unmoor: \/state: cannot find the store directory.*: No such file or directory\n$/,
  );
});
