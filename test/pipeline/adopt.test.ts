/** Ordinary programs of this machine as store objects. */

import { chmodSync, copyFileSync, existsSync, mkdtempSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { adopt } from '../../src/pipeline/adopt/adopt.ts';
import { removeTree } from '../../src/pipeline/staging.ts';
import { UserError } from '../../src/pipeline/user-error.ts';
import { must, run } from '../toy-store.ts';

const work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-adopt-')));
afterAll(() => removeTree(work));

describe('adopted programs', () => {
  const store = join(work, 'store');
  const adopted = (program: string, trees: string[] = []) => {
    const { objects } = adopt({ programs: [program], to: store, trees });
    const object = objects.find(({ isProgram }) => isProgram);
    return join(object?.path ?? '', 'bin', realpathSync(program).replace(/.*\//, ''));
  };

  test.each([
    ['/bin/bash', ['-c', 'echo "$((6 * 7))"; cat /proc/$$/maps; :'], []],
    ['/bin/ls', ['-d', '/', '/tmp'], []],
    ['/usr/bin/perl', ['-e', 'print join ",", 1 .. 5; print "\\n"; open F, "/proc/self/maps"; print while <F>'], []],
    [
      '/usr/bin/python3',
      ['-c', 'import math, zlib; print(math.pi, zlib.crc32(b"x")); print(open("/proc/self/maps").read())'],
      ['/usr/lib/python3.11/lib-dynload'],
    ],
  ])('%s says what it said, with libraries of the store only', (program, args, trees) => {
    const path = adopted(program, trees);
    const lines = ({ status, stdout, stderr }: ReturnType<typeof run>) => ({
      status,
      stderr,
      said: stdout.split('\n').filter((line) => !/^[0-9a-f]+-[0-9a-f]+ /.test(line)),
    });
    const result = run(path, args);
    expect(lines(result)).toEqual(lines(run(program, args)));
    const libraries = result.stdout
      .split('\n')
      .filter((line) => /\.so[.\d]*$/.test(line) && !line.includes('/gconv/') && !line.includes('lib-dynload'));
    expect(libraries.filter((line) => !line.includes(store))).toEqual([]);
  });

  test('have absolute paths that readelf and ldd see, and the same digest wherever they go', () => {
    const path = adopted('/bin/ls');
    expect(must('readelf', ['-lW', path])).toContain(`${store}/`);
    expect(must('ldd', [path])).not.toMatch(/not found|=> \/(?:usr\/)?lib\//);
    const other = join(work, 'other-store');
    adopt({ programs: ['/bin/ls'], to: other });
    for (const name of readdirSync(other)) expect(existsSync(join(store, name)), name).toBe(true);
  });

  test('are not made twice', () => {
    const before = readdirSync(store).sort();
    adopted('/bin/ls');
    expect(readdirSync(store).sort()).toEqual(before);
  });
});

describe('refusals', () => {
  const refused = (path: string) => () => adopt({ programs: [path], to: join(work, 'refused') });

  test('scripts, static and setuid programs, what is missing', () => {
    const script = join(work, 'script');
    writeFileSync(script, '#!/bin/sh\n', { mode: 0o755 });
    expect(refused(script)).toThrow(UserError);
    must('gcc', ['-static', '-o', join(work, 'static'), '-x', 'c', '-'], { input: 'int main(void) { return 0; }' });
    expect(refused(join(work, 'static'))).toThrow(/static/);
    const setuid = join(work, 'setuid');
    copyFileSync('/bin/ls', setuid);
    chmodSync(setuid, 0o4755);
    expect(refused(setuid)).toThrow(/setuid/);
    expect(refused(join(work, 'nothing'))).toThrow(/does not exist/);
  });

  test('a library that is nowhere: named, and nothing is left behind', () => {
    must('gcc', ['-shared', '-o', join(work, 'libgone.so'), '-x', 'c', '-'], { input: 'int gone(void) { return 0; }' });
    must('gcc', ['-o', join(work, 'needs'), '-x', 'c', '-', '-x', 'none', join(work, 'libgone.so'), '-Wl,-soname,x'], {
      input: 'int gone(void); int main(void) { return gone(); }',
    });
    must('patchelf', ['--replace-needed', join(work, 'libgone.so'), 'libgone.so', join(work, 'needs')]);
    expect(refused(join(work, 'needs'))).toThrow(/libgone\.so/);
    expect(existsSync(join(work, 'refused')) ? readdirSync(join(work, 'refused')) : []).toEqual([]);
  });
});
