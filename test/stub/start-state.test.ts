/** What a program finds at its start: arguments, environment, auxiliary vector, descriptors; and unusual starts. */

import { chmodSync, copyFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALIAS_DESCRIPTOR } from '../../src/pipeline/alias.ts';
import { removeTree } from '../../src/pipeline/staging.ts';
import { aarch64Toolchain, must, run } from '../toy-store.ts';
import { type RelocatedToy, relocatedToy } from './relocated-toy.ts';

const environment = { ALIAS: `${ALIAS_DESCRIPTOR}`, EMPTY: '', 'ODD NAME': '=\n', PATH: '/usr/bin:/bin' };
const odd = ['', 'a b', '*', '--x=\n', '$HOME'];

let toy: RelocatedToy;
let launch: string;
beforeAll(async () => {
  toy = await relocatedToy();
  launch = toy.host('launch');
});
afterAll(() => toy.toy.remove());

/** Runs the original and the relocated program alike; the alias is the one thing that the latter has and the former has not. */
function bothRuns(name: string, start: (program: string) => readonly [string, ...string[]]) {
  const go = (program: string) => {
    const [command, ...args] = start(program);
    return run(command, args, { env: environment });
  };
  const before = toy.withOriginal(() => go(toy.original(name)));
  const after = go(toy.program(name));
  return { before, after, expected: { ...before, stderr: 'alias open\n' } };
}

describe.each(['state', 'state-fixed'])('%s', (name) => {
  test('finds what the original found, and no other descriptor than the alias', () => {
    const { before, after, expected } = bothRuns(name, (program) => [program, ...odd]);
    expect(before.stdout).toContain('entry 1\nbase /lib/ld-linux-x86-64.so.2\nname 1\n');
    expect(before.stdout).toMatch(/^interpreter \/lib\/ld-linux-x86-64\.so\.2 0 0$/m);
    expect(before.status).toBe(0);
    expect(after).toEqual(expected);
  });

  test('with 600 KB of arguments and environment', () => {
    const { before, after } = bothRuns(name, (program) => [launch, 'many', program]);
    expect(before.stdout.length).toBeGreaterThan(600_000);
    expect(after.stdout.replace(`descriptor ${ALIAS_DESCRIPTOR}\n`, '')).toBe(before.stdout);
  });

  test('with an empty argv[0]', () => {
    const { before, after, expected } = bothRuns(name, (program) => [launch, 'nameless', program, 'a']);
    expect(before.stdout).toMatch(/^argc 2\n[\s\S]*\nname 0\n/);
    expect(after).toEqual(expected);
  });

  test.each(['fexecve', 'fexecve-cloexec', 'no-readlink'])('by %s', (mode) => {
    const { before, after, expected } = bothRuns(name, (program) => [launch, mode, program, ...odd]);
    expect(before.status).toBe(0);
    const without = (text: string) => text.replace(/variable \[LD_ORIGIN_PATH=[^\n]*\]\n/g, '');
    expect({ ...after, stdout: without(after.stdout) }).toEqual(expected);
    // The stub adds the variable only when glibc cannot read /proc/self/exe.
    expect(after.stdout.includes('LD_ORIGIN_PATH')).toBe(mode === 'no-readlink');
  });

  test('without /proc: the stack keeps its order and alignment when LD_ORIGIN_PATH is added', () => {
    const bare = (program: string) =>
      run('unshare', ['-m', 'sh', '-c', 'umount -l /proc; "$@"', 'sh', program, ...odd], { env: environment });
    const before = toy.withOriginal(() => bare(toy.original(name)));
    const after = bare(toy.program(name));
    const origin = `variable [LD_ORIGIN_PATH=${dirname(toy.program(name))}]\n`;
    expect(after.stdout).toContain(origin);
    expect({ ...after, stdout: after.stdout.replaceAll(origin, '') }).toEqual(before);
    expect(before.status).toBe(0);
  });

  test('without /proc: an LD_ORIGIN_PATH of a program of another store is replaced', () => {
    const { stdout, status } = run(
      'unshare',
      ['-m', 'sh', '-c', 'umount -l /proc; LD_ORIGIN_PATH=/elsewhere "$1"', 'sh', toy.program(name)],
      { env: environment },
    );
    expect(status).toBe(0);
    expect(stdout.match(/LD_ORIGIN_PATH=.*/g)).toEqual([`LD_ORIGIN_PATH=${dirname(toy.program(name))}]`]);
  });
});

test('without /proc, through links: the last component is followed, directories by the kernel', () => {
  const link = join(toy.toy.work, 'link');
  const chain = join(toy.toy.work, 'chain');
  symlinkSync(toy.program('state'), link);
  symlinkSync('link', chain);
  symlinkSync(dirname(toy.program('state')), join(toy.toy.work, 'linked-directory'));
  for (const path of [link, chain, join(toy.toy.work, 'linked-directory/state')]) {
    const { status, stdout } = run('unshare', ['-m', 'sh', '-c', 'umount -l /proc; "$1"', 'sh', path]);
    expect({ path, status, started: stdout.startsWith('argc 1\n') }).toEqual({ path, status: 0, started: true });
  }
});

describe('what has to be refused', () => {
  test('a program in memory has no directory', () => {
    const { status, stdout, stderr } = run(launch, ['memfd', toy.program('state')]);
    expect({ status, stdout }).toEqual({ status: 127, stdout: '' });
    expect(stderr).toMatch(/^unmoor: \/dev\/fd\/\d+: cannot find the store directory.*: No such file or directory\n$/);
  });

  test('file capabilities are raised privileges', () => {
    const copy = join(toy.toy.work, 'capable');
    must('cp', ['-a', toy.prefix, copy]);
    chmodSync(toy.toy.work, 0o755);
    const program = toy.program('state').replace(toy.prefix, copy);
    // struct vfs_cap_data, revision 2, effective, CAP_NET_RAW permitted (linux/capability.h).
    const setting =
      'import os,struct,sys;os.setxattr(sys.argv[1],"security.capability",struct.pack("<5I",0x02000001,1<<13,0,0,0))';
    must('python3', ['-c', setting, program]);
    const { status, stdout, stderr } = run('setpriv', ['--reuid=65534', '--clear-groups', program]);
    expect({ status, stdout }).toEqual({ status: 127, stdout: '' });
    expect(stderr).toMatch(/^unmoor: [^\n]*refuses to run with raised privileges[^\n]*\n$/);
    removeTree(copy);
  });
});

describe('aarch64, under qemu', () => {
  let arm: RelocatedToy;
  beforeAll(async () => {
    arm = await relocatedToy(aarch64Toolchain);
  });
  afterAll(() => arm.toy.remove());

  test.each(['state', 'state-fixed'])('%s finds what the original found', (name) => {
    const go = (program: string) => run('qemu-aarch64', [program, ...odd], { env: environment });
    const before = arm.withOriginal(() => go(arm.original(name)));
    expect(before.stdout).toContain('entry 1\nbase /lib/ld-linux-aarch64.so.1\n');
    expect(go(arm.program(name))).toEqual({ ...before, stderr: 'alias open\n' });
  });

  test('a program away from its store says so', () => {
    const lonely = join(arm.toy.work, 'lonely');
    copyFileSync(arm.program('state'), lonely);
    const { status, stderr } = run('qemu-aarch64', [lonely]);
    expect(status).toBe(127);
    expect(stderr).toMatch(/^unmoor: .*lonely: cannot find the [^\n]*: No such file or directory\n$/);
  });
});
