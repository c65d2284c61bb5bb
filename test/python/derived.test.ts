/** Headers of bytecode and lists of installed files follow their sources; what was wrong before stays wrong. */

import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { rewriteInPlace } from '../../src/pipeline/rewrite/rewrite.ts';
import { byteString } from '../../src/store/closure.ts';
import { narHashOfTree } from '../../src/store/nar.ts';
import { OWN } from '../rewriting.ts';
import { must } from '../toy-store.ts';
import { type PackageStore, packageStore } from './package-store.ts';

let store: PackageStore;
beforeEach(() => {
  store = packageStore();
});
afterEach(() => store.remove());

const python = (directory: string, code: string, args: readonly string[] = []) =>
  must('/usr/bin/python3', ['-I', '-S', '-B', ...args, '-c', `import sys; sys.path.insert(0, "lib")\n${code}`], {
    cwd: directory,
  });

/** Prints whether a module was taken from its bytecode, and a value of it. */
const USE = `
import importlib._bootstrap_external as loader
compiled = []
before = loader.SourceLoader.source_to_code
loader.SourceLoader.source_to_code = lambda *a, **k: (compiled.append(1), before(*a, **k))[1]
import words
print("compiled" if compiled else "bytecode", words.DATA.count("/nix/store"))
`;

const compile = (mode: string, ...options: string[]) =>
  must('/usr/bin/python3', ['-m', 'compileall', '-q', '--invalidation-mode', mode, ...options, join(store.own, 'lib')]);
const setTime = (file: string, seconds: number) => utimesSync(join(store.own, file), seconds, seconds);
const cached = (root: string, tag = '') => join(root, `lib/__pycache__/words.cpython-311${tag}.pyc`);
const source = () => store.put('lib/words.py', `DATA = "${store.dep}/share"\n`);

/** The same use before and after; gives what it printed last. */
async function moved(
  code = USE,
  args: readonly string[] = [],
): Promise<{ before: string; after: string; root: string }> {
  const before = python(store.own, code, args).trim();
  const { stores } = await store.relocated(['moved here']);
  const root = join(stores[0] as string, OWN);
  return { before, after: python(root, code, args).trim(), root };
}

describe('bytecode of a rewritten source', () => {
  test.each(['checked-hash', 'unchecked-hash', 'timestamp'])('%s: is used as before', async (mode) => {
    source();
    setTime('lib/words.py', 1);
    compile(mode);
    expect(await moved()).toMatchObject({ before: 'bytecode 1', after: 'bytecode 0' });
  });

  test('that records another time than all files of a store have gets that one', async () => {
    source();
    setTime('lib/words.py', 1_700_000_000);
    compile('timestamp');
    const { before, after, root } = await moved();
    expect([before, after]).toEqual(['bytecode 1', 'bytecode 0']);
    expect(readFileSync(cached(root)).readUInt32LE(8)).toBe(1);
  });

  test.each([
    ['-O', 1],
    ['-OO', 2],
  ])('of optimisation %s is used as before', async (option, level) => {
    source();
    compile('checked-hash', '-o', String(level));
    expect(existsSync(cached(store.own, `.opt-${level}`))).toBe(true);
    expect(await moved(USE, [option])).toMatchObject({ before: 'bytecode 1', after: 'bytecode 0' });
  });

  test.each(['checked-hash', 'timestamp'])('%s: that was stale stays so', async (mode) => {
    source();
    setTime('lib/words.py', 1);
    compile(mode);
    source();
    store.put('lib/words.py', `DATA = "${store.dep}/other"\n`);
    setTime('lib/words.py', 2);
    const { before, after } = await moved(`${USE}\nprint(words.DATA[-6:])`);
    expect(before).toBe('compiled 1\n/other');
    expect(after).toBe('compiled 0\n/other');
  });

  test('whose first line alone was replaced after it was made becomes valid, and its lines are right', async () => {
    const body = `import inspect\nDATA = "${store.dep}/share"\ndef f():\n    return DATA\n`;
    store.put('lib/words.py', `#!/usr/bin/env python3\n${body}`);
    compile('checked-hash');
    chmodSync(store.put('lib/words.py', `#!${store.dep}/bin/python3\n${body}`), 0o755);
    const code = `${USE}\nprint(words.inspect.getsource(words.f).count("def f"), words.inspect.findsource(words.f)[1] > 2)`;
    expect(await moved(code)).toMatchObject({ before: 'compiled 1\n1 True', after: 'bytecode 0\n1 True' });
  });

  test('without its source, beside where that was, is found and works', async () => {
    source();
    must('/usr/bin/python3', ['-m', 'compileall', '-q', '-b', join(store.own, 'lib')]);
    rmSync(join(store.own, 'lib/words.py'));
    const file = `${USE}\nprint(words.__file__[-10:], compile.__name__)`;
    expect(await moved(file)).toMatchObject({
      before: 'bytecode 1\n/words.pyc compile',
      after: 'bytecode 0\n/words.pyc compile',
    });
  });

  test('started by itself finds the store from where it lies', async () => {
    source();
    store.put('lib/words.py', `DATA = "${store.dep}/share"\nprint(DATA)\n`);
    compile('checked-hash');
    const { stores } = await store.relocated(['moved here']);
    const printed = must('/usr/bin/python3', [cached(join(stores[0] as string, OWN))]).trim();
    expect(printed).toBe(`${stores[0]}/${store.dep.split('/').at(-1)}/share`);
  });

  test('without paths, of a source without paths, does not change', async () => {
    const path = store.put('lib/words.py', 'DATA = "nothing"\n');
    setTime('lib/words.py', 1);
    // As when it was compiled somewhere else.
    must('/usr/bin/python3', [
      '-c',
      `import py_compile; py_compile.compile(${JSON.stringify(path)}, dfile="words.py")`,
    ]);
    const { root } = await moved();
    expect(readFileSync(cached(root)).equals(readFileSync(cached(store.own)))).toBe(true);
  });

  test('one inode under two names stays one', async () => {
    source();
    compile('checked-hash', '-o', '0', '-o', '1', '--hardlink-dupes');
    expect(statSync(cached(store.own)).nlink).toBe(2);
    const { made } = await store.relocated([]);
    const root = join(made, OWN);
    expect(readFileSync(cached(root)).equals(readFileSync(cached(store.own)))).toBe(false);
    expect(statSync(cached(root)).ino).toBe(statSync(cached(root, '.opt-1')).ino);
  });
});

describe('rewriting in place', () => {
  const rewrite = (exclude?: string[]) =>
    rewriteInPlace({ paths: [byteString(store.own)], storeDir: store.store, workers: 1, exclude });

  test.each(['checked-hash', 'timestamp'])('%s: bytecode stays valid, and times stay', async (mode) => {
    source();
    setTime('lib/words.py', 1_700_000_000);
    compile(mode);
    await rewrite();
    expect(lstatSync(join(store.own, 'lib/words.py')).mtimeMs).toBe(1_700_000_000_000);
    expect(readFileSync(join(store.own, 'lib/words.py'), 'utf8')).toContain('_unmoor_store');
    expect(python(store.own, USE).trim()).toBe('bytecode 1');
    // Nothing is left to do.
    const hash = narHashOfTree(byteString(store.own));
    await rewrite();
    expect(narHashOfTree(byteString(store.own))).toBe(hash);
    const place = join(store.work, 'place');
    mkdirSync(place);
    cpSync(store.own, join(place, OWN), { recursive: true, preserveTimestamps: true });
    renameSync(store.own, `${store.own}-gone`);
    expect(python(join(place, OWN), USE).trim()).toBe('bytecode 0');
  });

  test('what is excluded stays, and is valid if its source is excluded, too', async () => {
    source();
    compile('checked-hash');
    const before = readFileSync(cached(store.own));
    await rewrite(['lib/words.py']);
    expect(readFileSync(cached(store.own)).subarray(0, 16).equals(before.subarray(0, 16))).toBe(true);
    expect(readFileSync(cached(store.own)).equals(before)).toBe(false);
    expect(python(store.own, USE).trim()).toBe('bytecode 1');
  });

  test('excluded bytecode does not change at all', async () => {
    source();
    compile('checked-hash');
    const before = readFileSync(cached(store.own));
    await rewrite(['**/*.pyc']);
    expect(readFileSync(cached(store.own)).equals(before)).toBe(true);
  });
});

describe('the list of installed files', () => {
  const digest = (contents: Buffer, algorithm = 'sha256') =>
    `${algorithm}=${createHash(algorithm).update(contents).digest('base64url')}`;
  const listed = (root: string) => readFileSync(join(root, 'lib/words-1.dist-info/RECORD'), 'utf8').split(/\r?\n/);

  test('follows rewritten files, bytecode among them, and nothing else', async () => {
    source();
    compile('checked-hash');
    const contents = readFileSync(join(store.own, 'lib/words.py'));
    const bytecode = readFileSync(cached(store.own));
    store.put(
      'lib/words-1.dist-info/RECORD',
      [
        `words.py,${digest(contents)},${contents.length}`,
        `words.py,${digest(contents, 'sha512')},`,
        `"words.py",${digest(contents, 'sha384')},${contents.length}`,
        `${store.own}/lib/words.py,${digest(contents)},${contents.length}`,
        `words.py,md5=0123,${contents.length}`,
        `words.py,sha256=wrong,${contents.length}`,
        `words.py,${digest(contents)},7`,
        `missing.py,${digest(contents)},${contents.length}`,
        `../../../../../../etc/passwd,${digest(contents)},1`,
        `__pycache__/words.cpython-311.pyc,${digest(bytecode)},${bytecode.length}`,
        'words-1.dist-info/RECORD,,',
        'no row at all',
        '',
      ].join('\r\n'),
    );
    const before = listed(store.own);
    const { stores } = await store.relocated(['moved']);
    const root = join(stores[0] as string, OWN);
    const [rewritten, newBytecode] = [readFileSync(join(root, 'lib/words.py')), readFileSync(cached(root))];
    expect(rewritten.equals(contents)).toBe(false);
    const after = [...before];
    after[0] = `words.py,${digest(rewritten)},${rewritten.length}`;
    after[1] = `words.py,${digest(rewritten, 'sha512')},`;
    after[2] = `"words.py",${digest(rewritten, 'sha384')},${rewritten.length}`;
    after[3] = `../../${OWN}/lib/words.py,${digest(rewritten)},${rewritten.length}`;
    after[9] = `__pycache__/words.cpython-311.pyc,${digest(newBytecode)},${newBytecode.length}`;
    expect(listed(root)).toEqual(after);
  });
});
