/** The store alias: who gets it, who keeps it, and that no descriptor of the program's own is ever taken away. */

import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALIAS_DESCRIPTOR } from '../../src/pipeline/alias.ts';
import { STORE_MARKER } from '../../src/pipeline/inputs.ts';
import { removeTree } from '../../src/pipeline/staging.ts';
import {
  decodeStubConfig,
  encodeStubConfig,
  FLAG_CLOSE_ON_EXEC,
  FLAG_NO_ALIAS,
} from '../../src/syntax/loader-stub-config.ts';
import { must, run } from '../toy-store.ts';
import { type RelocatedToy, relocatedToy, stubConfigOf } from './relocated-toy.ts';

let toy: RelocatedToy;
let closing: RelocatedToy;
let launch: string;
beforeAll(async () => {
  toy = await relocatedToy();
  closing = await relocatedToy(undefined, 'close-on-exec');
  launch = toy.host('launch');
});
afterAll(() => {
  toy.toy.remove();
  closing.toy.remove();
});

const fd = `/proc/self/fd/${ALIAS_DESCRIPTOR}`;
/** Prints what the alias' descriptor is in a program of the host. */
const tell = ['/bin/sh', '-c', `readlink ${fd} || echo closed`] as const;
/** What the descriptor is in a child of a relocated program that was started like that. */
const childSees = (command: string, ...args: string[]) => {
  const { status, stdout, stderr } = run(command, args);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.trim();
};

/** A copy of `run` whose configuration has other flags. */
function withFlags(name: string, flags: number): string {
  const original = toy.program('run');
  const { offset, config } = stubConfigOf(original);
  const bytes = readFileSync(original);
  encodeStubConfig({ ...config, flags }).copy(bytes, offset);
  const copy = toy.program(name);
  chmodSync(join(copy, '..'), 0o755);
  writeFileSync(copy, bytes, { mode: 0o755 });
  return copy;
}

describe('policies', () => {
  test('inherited by default; programs that change namespaces close it', () => {
    expect(stubConfigOf(toy.program('run')).config.flags).toBe(0);
    expect(stubConfigOf(toy.program('run-namespaces')).config.flags).toBe(FLAG_CLOSE_ON_EXEC);
    expect(childSees(toy.program('run'), ...tell)).toBe(toy.store);
    expect(childSees(toy.program('run-namespaces'), ...tell)).toBe('closed');
  });

  test('an inherited alias is closed behind a program that changes namespaces', () => {
    expect(childSees(toy.program('run'), toy.program('run-namespaces'), ...tell)).toBe('closed');
  });

  test('close-on-exec: each relocated program opens it again, programs of the host do not see it', () => {
    expect(childSees(closing.program('run'), ...tell)).toBe('closed');
    const state = run(closing.program('run'), [closing.program('state')], { env: { ALIAS: `${ALIAS_DESCRIPTOR}` } });
    expect(state.stderr).toBe('alias open\n');
  });

  test('no alias at all', () => {
    expect(childSees(withFlags('run-bare', FLAG_NO_ALIAS), ...tell)).toBe('closed');
    expect(childSees(withFlags('run-closing', FLAG_CLOSE_ON_EXEC), ...tell)).toBe('closed');
    expect(childSees(withFlags('run-open', 0), ...tell)).toBe(toy.store);
  });
});

describe('descriptors of the program stay', () => {
  test.each(['occupy', 'occupy-path'])('%s: a file, a directory, a directory that looks like no store', (mode) => {
    const plain = join(toy.toy.work, 'plain');
    mkdirSync(plain, { recursive: true });
    for (const path of ['/etc/passwd', '/usr', plain]) {
      expect(childSees(launch, mode, path, toy.program('run'), ...tell)).toBe(path);
    }
  });

  test('a directory with the marker that was opened for reading is no alias', () => {
    const marked = join(toy.toy.work, 'marked');
    mkdirSync(marked);
    writeFileSync(join(marked, STORE_MARKER), '');
    expect(childSees(launch, 'occupy', marked, toy.program('run'), ...tell)).toBe(marked);
    expect(childSees(launch, 'occupy-path', marked, toy.program('run'), ...tell)).toBe(toy.store);
  });

  test('the alias of another relocated store is replaced, and given back to nobody', () => {
    expect(childSees(closing.program('run'), toy.program('run'), ...tell)).toBe(toy.store);
    const second = join(toy.toy.work, 'second');
    must('cp', ['-a', toy.prefix, second]);
    const other = toy.program('run').replace(toy.prefix, second);
    expect(childSees(toy.program('run'), other, ...tell)).toBe(`${second}/store`);
    expect(childSees(toy.program('run'), other, toy.program('run'), ...tell)).toBe(toy.store);
    removeTree(second);
  });

  test.each([-3, -2, -1, 0])('all descriptors below the alias plus %i are taken', (more) => {
    const below = `${ALIAS_DESCRIPTOR + more}`;
    expect(childSees(launch, 'fill', below, toy.program('run'), ...tell)).toBe(toy.store);
    expect(childSees(launch, 'fill', below, toy.program('run-namespaces'), ...tell)).toBe('closed');
  });

  test('the limit on descriptors is just above, at and below the alias', () => {
    const limited = (limit: number) =>
      childSees('sh', '-c', 'ulimit -n "$1"; shift; exec "$@"', 'sh', `${limit}`, toy.program('run'), ...tell);
    expect(limited(ALIAS_DESCRIPTOR + 1)).toBe(toy.store);
    expect(limited(ALIAS_DESCRIPTOR)).toBe('closed');
    expect(limited(8)).toBe('closed');
  });
});

describe('what docs/security.md says of sandboxes', () => {
  const inside = [
    ...['bwrap', '--unshare-all', '--ro-bind', '/usr', '/usr', '--symlink', 'usr/bin', '/bin'],
    ...['--symlink', 'usr/lib', '/lib', '--symlink', 'usr/lib64', '/lib64', '--proc', '/proc'],
    ...['/usr/bin/sh', '-c', `[ -d ${fd}/../store ] && echo reachable || echo closed`],
  ];

  test('an inherited alias reaches out of bwrap, one that is closed on exec does not', () => {
    const bwrap = must('sh', ['-c', 'command -v bwrap']).trim();
    const command = [bwrap, ...inside.slice(1)];
    expect(childSees(toy.program('run'), ...command)).toBe('reachable');
    expect(childSees(closing.program('run'), ...command)).toBe('closed');
    expect(childSees(toy.program('run-namespaces'), ...command)).toBe('closed');
  });
});

test('a configuration is found where the stub ends', () => {
  const program = toy.program('run');
  const { offset, config } = stubConfigOf(program);
  expect(offset % 16).toBe(0);
  expect(`${toy.store}/${config.loader}`).toBe(toy.loader);
  expect(config.stripComponents).toBe(3);
  expect(config.aliasDescriptor).toBe(ALIAS_DESCRIPTOR);
  const stub = readFileSync(new URL('../../stub/build/stub-x86_64.bin', import.meta.url));
  const bytes = readFileSync(program);
  expect(bytes.subarray(offset - stub.length, offset).equals(stub)).toBe(true);
  expect(decodeStubConfig(bytes.subarray(offset + 8))).toBeUndefined();
});
