/** What a relocation promises besides running programs: nothing lost, nothing half-written, clear refusals. */

import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { audit } from '../../src/pipeline/audit.ts';
import { relocate } from '../../src/pipeline/relocate.ts';
import { UserError } from '../../src/pipeline/user-error.ts';
import { narHashOfTree } from '../../src/store/nar.ts';
import { TreeError } from '../../src/store/tree.ts';
import { must, run, ToyStore } from '../toy-store.ts';

const store = new ToyStore();
const other = store.object('other');
const object = store.object('object');
const to = join(store.work, 'moved');
const at = (path: string) => join(to, 'store', basename(object), path);
const node = process.execPath;
const cli = new URL('../../src/cli/main.ts', import.meta.url).pathname;

beforeAll(async () => {
  store.write(join(other, 'share/data'), 'data');
  mkdirSync(join(object, 'deep/er'), { recursive: true });
  symlinkSync(`${other}/share/data`, join(object, 'link'));
  symlinkSync(`${other}/share`, join(object, 'deep/er/link'));
  symlinkSync(`${object}/deep`, join(object, 'own'));
  symlinkSync(object, join(object, 'deep/self'));
  symlinkSync(`${other}/nothing-there`, join(object, 'dangling'));
  symlinkSync(`${other}/share/`, join(object, 'slash'));
  symlinkSync('/etc/hosts', join(object, 'outside'));
  symlinkSync('../deep', join(object, 'deep/relative'));
  store.write(join(object, 'etc/one.conf'), `a = ${other}/share/data\n`);
  linkSync(join(object, 'etc/one.conf'), join(object, 'etc/two.conf'));
  linkSync(join(object, 'etc/one.conf'), join(object, 'deep/three.conf'));
  store.write(join(object, 'share/man/man1/x.1'), `See ${other}/share.\n`);
  store.write(join(object, 'lib/x.la'), `prefix=${object}\n`);
  store.write(join(object, 'bin/tool'), '#!/bin/sh\necho tool\n', 0o755);
  writeFileSync(join(object, 'latin1.conf'), Buffer.from(`\xff\xfe ${other}/x \xe9\r\n`, 'latin1'));
  writeFileSync(Buffer.concat([Buffer.from(`${object}/`), Buffer.from([0xff])]), 'name is no UTF-8');
  await relocate({ paths: [object], to, storeDir: store.storeDir });
});
afterAll(() => store.remove());

describe('links', () => {
  test.each([
    ['link', `../${basename(other)}/share/data`],
    ['deep/er/link', `../../../${basename(other)}/share`],
    // The own digest stays in the object (law 4), so such links go by the store directory too.
    ['own', `../${basename(object)}/deep`],
    ['deep/self', `../../${basename(object)}`],
    ['dangling', `../${basename(other)}/nothing-there`],
    ['slash', `../${basename(other)}/share/`],
    ['outside', '/etc/hosts'],
    ['deep/relative', '../deep'],
  ])('%s -> %s', (path, target) => {
    expect(readlinkSync(at(path))).toBe(target);
  });

  test('lead where they led', () => {
    expect(readFileSync(at('link'), 'utf8')).toBe('data');
    expect(readFileSync(at('deep/er/link/data'), 'utf8')).toBe('data');
    expect(readdirSync(at('own')).sort()).toEqual(readdirSync(join(object, 'deep')).sort());
  });
});

describe('files', () => {
  test('have the canonical time and modes', () => {
    for (const path of ['bin/tool', 'etc/one.conf', 'deep', 'link']) expect(lstatSync(at(path)).mtimeMs).toBe(1000);
    expect(statSync(at('bin/tool')).mode & 0o7777).toBe(0o555);
    expect(statSync(at('etc/one.conf')).mode & 0o7777).toBe(0o444);
    expect(statSync(at('deep')).mode & 0o7777).toBe(0o555);
  });

  test('with several names stay one file', () => {
    const inodes = ['etc/one.conf', 'etc/two.conf', 'deep/three.conf'].map((path) => statSync(at(path)).ino);
    expect(new Set(inodes).size).toBe(1);
  });

  test('change in the planned bytes only', () => {
    const alias = '/dev/fd/87'.padEnd(store.storeDir.length, '/');
    expect(readFileSync(at('etc/one.conf'), 'latin1')).toBe(`a = ${alias}/${basename(other)}/share/data\n`);
    expect(readFileSync(at('latin1.conf'), 'latin1')).toBe(`\xff\xfe ${alias}/${basename(other)}/x \xe9\r\n`);
    expect(readFileSync(at('share/man/man1/x.1'), 'utf8')).toBe(`See ${other}/share.\n`);
    expect(readFileSync(at('lib/x.la'), 'utf8')).toBe(`prefix=${object}\n`);
  });

  test('whose names are no UTF-8 survive, and are shown', async () => {
    expect(readdirSync(at(''), { encoding: 'buffer' }).some((name) => name.equals(Buffer.from([0xff])))).toBe(true);
    const report = await audit({ paths: [object], closure: false, storeDir: store.storeDir });
    expect(report.totals.byRole).toMatchObject({ documentation: 1, 'build-time': 1 });
  });

  test('the input is untouched', async () => {
    const before = narHashOfTree(object);
    const again = join(store.work, 'again');
    const report = await relocate({ paths: [object], to: again, storeDir: store.storeDir });
    expect(narHashOfTree(object)).toBe(before);
    expect(report.objects.map(({ narHash, output }) => narHash === narHashOfTree(join(again, output)))).not.toContain(
      false,
    );
  });
});

describe('refusals', () => {
  const nothingLeft = (target: string) =>
    expect(readdirSync(store.work).filter((name) => name.includes(basename(target)))).toEqual([]);

  test('a target that exists', async () => {
    await expect(relocate({ paths: [object], to, storeDir: store.storeDir })).rejects.toThrow(/exists already/);
    expect(existsSync(at('bin/tool'))).toBe(true);
  });

  test('what is no store object; a target in the store; objects of two stores', async () => {
    await expect(relocate({ paths: ['/etc'], to: join(store.work, 'n') })).rejects.toThrow(UserError);
    await expect(
      relocate({ paths: [object], to: join(store.storeDir, 'n'), storeDir: store.storeDir }),
    ).rejects.toThrow(/inside the store/);
    await expect(audit({ paths: [object, at('')], closure: false })).rejects.toThrow(/another store/);
    nothingLeft('n-');
  });

  test('a fifo in an object: named, and nothing is left behind', async () => {
    const bad = store.object('bad');
    must('mkfifo', [join(bad, 'pipe')]);
    await expect(
      relocate({ paths: [bad], to: join(store.work, 'fifo-target'), storeDir: store.storeDir }),
    ).rejects.toThrow(TreeError);
    nothingLeft('fifo-target');
  });

  test('a file that cannot be read', () => {
    const closed = store.object('closed');
    store.write(join(closed, 'secret'), 'x', 0o600);
    chmodSync(store.work, 0o755);
    const { status, stderr } = run('setpriv', ['--reuid=65534', '--clear-groups', node, cli, 'audit', closed], {
      env: { ...process.env, HOME: '/' },
    });
    expect({ status, stderr }).toMatchObject({ status: 1, stderr: expect.stringMatching(/secret.*permission denied/) });
  });

  test('a full disk: said so, and nothing is left behind', () => {
    const script =
      'mount -t tmpfs -o size=64k none "$1" && "$2" "$3" relocate "$4" --store-dir "$5" --to "$1/out"; echo "code $?"; ls -A "$1" | wc -l';
    const mount = join(store.work, 'small');
    mkdirSync(mount);
    const { stdout, stderr } = run('unshare', [
      '-m',
      'sh',
      '-c',
      script,
      'sh',
      mount,
      node,
      cli,
      store.libc,
      store.storeDir,
    ]);
    expect(stdout).toBe('code 1\n0\n');
    expect(stderr).toMatch(/disk is full|no space/i);
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('%s: nothing is left behind', async (signal) => {
    const target = join(store.work, `killed-${signal}`);
    const child = spawn(
      node,
      [cli, 'relocate', store.libc, '--store-dir', store.storeDir, '--to', target, '--jobs', '1'],
      { stdio: 'ignore' },
    );
    const ended = new Promise((resolve) => child.on('exit', resolve));
    const partial = () => readdirSync(store.work).some((name) => name.startsWith(`.killed-${signal}`));
    while (!partial() && child.exitCode === null && !existsSync(target))
      await new Promise((resolve) => setTimeout(resolve, 1));
    child.kill(signal);
    await ended;
    expect(partial()).toBe(false);
    if (existsSync(target)) expect(existsSync(join(target, 'bin'))).toBe(true);
  });

  test('what a killed run left is removed by the next', async () => {
    const target = join(store.work, 'next');
    mkdirSync(join(store.work, '.next.unmoor-partial-999999', 'store'), { recursive: true });
    await relocate({ paths: [other], to: target, storeDir: store.storeDir });
    expect(readdirSync(store.work).filter((name) => name.startsWith('.next'))).toEqual([]);
  });
});

test('any tree and any file can be audited', async () => {
  const tree = join(store.work, 'sources');
  store.write(join(tree, 'a.txt'), `x ${other}/share\n`);
  const report = await audit({ paths: [tree, join(tree, 'a.txt')], closure: false, storeDir: store.storeDir });
  expect(report.objects.map(({ sites }) => sites.map(({ file, rule }) => `${file} ${rule}`))).toEqual([
    ['a.txt opaque'],
    [' opaque'],
  ]);
});
