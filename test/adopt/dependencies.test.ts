/** What programs load, held against the real loader. */

import {
  closeSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { dependenciesOf } from '../../src/pipeline/adopt/dependencies.ts';
import { readLibraryCache } from '../../src/pipeline/adopt/library-cache.ts';
import { requirementsOf } from '../../src/pipeline/adopt/requirements.ts';
import { removeTree } from '../../src/pipeline/staging.ts';
import { must, run } from '../toy-store.ts';

const work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-dependencies-')));
afterAll(() => removeTree(work));

/** The libraries that the program's own loader maps for it; undefined when that cannot be asked. */
function traced(program: string): string[] | undefined {
  const interpreter = requirementsOf(program)?.interpreter as string;
  const { status, stdout } = run(interpreter, ['--list', program]);
  if (status !== 0 || /not found/.test(stdout)) return undefined;
  const paths = stdout.split('\n').flatMap((line) => /(?:=> |^\t)(\/\S+) \(0x/.exec(line)?.[1] ?? []);
  return [...new Set([...paths, interpreter].map((path) => realpathSync(path)))].sort();
}

function found(program: string): string[] {
  const { files } = dependenciesOf([program], [], readLibraryCache());
  return [...files.keys()].filter((path) => path !== program).sort();
}

function isElf(path: string): boolean {
  const magic = Buffer.alloc(4);
  const descriptor = openSync(path, 'r');
  try {
    return readSync(descriptor, magic, 0, 4, 0) === 4 && magic.equals(Buffer.from('\x7fELF', 'latin1'));
  } finally {
    closeSync(descriptor);
  }
}

test("finds for each of the machine's programs the files that its loader maps", () => {
  const programs = new Set(
    readdirSync('/usr/bin', { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `/usr/bin/${entry.name}`)
      .filter((path) => isElf(path) && requirementsOf(path)?.interpreter?.includes('ld-linux')),
  );
  // Every third: all of them take long and bring little more.
  const chosen = [...programs].sort().filter((_, index) => index % 3 === 0);
  let compared = 0;
  for (const program of chosen) {
    const expected = traced(program);
    if (expected === undefined) continue;
    expect(found(program), program).toEqual(expected);
    compared++;
  }
  expect(compared).toBeGreaterThan(30);
});

describe('search paths', () => {
  /** Compiles a library that needs others of the same directory. */
  const library = (directory: string, name: string, needs: string[] = [], flags: string[] = []) => {
    mkdirSync(directory, { recursive: true });
    const libraries = needs.map((need) => join(directory, need));
    const own = name.replace(/\W/g, '_');
    must(
      'gcc',
      [
        '-shared',
        '-fPIC',
        '-o',
        join(directory, name),
        `-Wl,-soname,${name}`,
        ...flags,
        '-x',
        'c',
        '-',
        '-x',
        'none',
        '-Wl,--no-as-needed',
        ...libraries,
      ],
      {
        input: `int ${own}(void) { return 1; }`,
      },
    );
    return join(directory, name);
  };
  const program = (path: string, libraries: string[], flags: string[]) => {
    mkdirSync(join(path, '..'), { recursive: true });
    must(
      'gcc',
      [
        '-o',
        path,
        '-x',
        'c',
        '-',
        '-x',
        'none',
        '-Wl,--no-as-needed',
        ...libraries,
        '-Wl,--allow-shlib-undefined',
        ...flags,
      ],
      {
        input: 'int main(void) { return 0; }',
      },
    );
    expect(run(path).status, `${path} runs`).toBe(0);
    return path;
  };

  test('DT_RPATH is inherited, DT_RUNPATH is not, what is loaded counts by its soname', () => {
    const rpath = join(work, 'rpath');
    library(rpath, 'libb.so');
    const a = library(rpath, 'liba.so', ['libb.so']);
    const inherits = program(join(rpath, 'inherits'), [a], ['-Wl,--disable-new-dtags', '-Wl,-rpath,$ORIGIN']);
    expect(found(inherits)).toEqual(traced(inherits));
    expect(found(inherits)).toContain(join(rpath, 'libb.so'));
    const loads = program(
      join(rpath, 'loads'),
      [a, join(rpath, 'libb.so')],
      ['-Wl,--enable-new-dtags', '-Wl,-rpath,$ORIGIN'],
    );
    expect(found(loads)).toEqual(traced(loads));
  });

  test('a missing library is an error exactly where the loader has one', () => {
    const runpath = join(work, 'runpath');
    library(runpath, 'libd.so');
    const c = library(runpath, 'libc2.so', ['libd.so']);
    must(
      'gcc',
      [
        '-o',
        join(runpath, 'fails'),
        '-x',
        'c',
        '-',
        '-x',
        'none',
        '-Wl,--no-as-needed',
        c,
        '-Wl,--allow-shlib-undefined',
        '-Wl,--enable-new-dtags',
        '-Wl,-rpath,$ORIGIN',
      ],
      {
        input: 'int main(void) { return 0; }',
      },
    );
    expect(run(join(runpath, 'fails')).status).toBe(127);
    expect(() => found(join(runpath, 'fails'))).toThrow(/libd\.so.*nowhere/);
  });

  test('tokens, braces, and directories reached through links', () => {
    const tokens = join(work, 'tokens');
    const told = run('/lib64/ld-linux-x86-64.so.2', ['--list-diagnostics']).stdout;
    const platform = /^dl_platform="(.+)"$/m.exec(told)?.[1] ?? 'x86_64';
    const e = library(join(tokens, platform, 'lib'), 'libe.so');
    const uses = program(join(tokens, 'bin/uses'), [e], ['-Wl,-rpath,${ORIGIN}/../$PLATFORM/lib']);
    expect(found(uses)).toEqual(traced(uses));
    expect(found(uses)).toContain(e);
    // A library's $ORIGIN is the directory in which it was found, not the one to which a link leads.
    const real = library(join(tokens, 'real'), 'libf.so', [], ['-Wl,-rpath,$ORIGIN/beside', '-Wl,--no-as-needed', e]);
    mkdirSync(join(tokens, 'seen/beside'), { recursive: true });
    symlinkSync(real, join(tokens, 'seen/libf.so'));
    copyFileSync(e, join(tokens, 'seen/beside/libe.so'));
    const linked = program(join(tokens, 'bin/linked'), [real], [`-Wl,-rpath,${tokens}/seen`]);
    expect(found(linked)).toEqual(traced(linked));
    expect(found(linked)).toContain(join(tokens, 'seen/beside/libe.so'));
  });

  test('a directory, a text or a foreign library under the wanted name is passed over', () => {
    const odd = join(work, 'odd');
    const g = library(join(odd, 'good'), 'libg.so');
    mkdirSync(join(odd, 'foreign'), { recursive: true });
    must('aarch64-linux-gnu-gcc', ['-shared', '-nostdlib', '-o', join(odd, 'foreign/libg.so'), '-x', 'c', '-'], {
      input: 'int g;',
    });
    const uses = program(join(odd, 'uses'), [g], [`-Wl,-rpath,${odd}/foreign:${odd}/good`]);
    expect(found(uses)).toEqual(traced(uses));
    mkdirSync(join(odd, 'directory/libg.so'), { recursive: true });
    must('patchelf', ['--set-rpath', `${odd}/directory:${odd}/good`, uses]);
    expect(found(uses)).toContain(g);
  });

  test('a library that is named by its path is refused', () => {
    const path = join(work, 'by-path');
    const h = library(path, 'libh.so');
    const uses = program(join(path, 'uses'), [h], ['-Wl,-rpath,$ORIGIN']);
    must('patchelf', ['--replace-needed', 'libh.so', h, uses]);
    expect(() => found(uses)).toThrow(/by its path/);
  });

  test('musl programs get what their own loader would take', () => {
    const uses = join(work, 'musl');
    must('musl-gcc', ['-o', uses, '-x', 'c', '-'], { input: 'int main(void) { return 0; }' });
    const interpreter = requirementsOf(uses)?.interpreter as string;
    expect(found(uses)).toEqual([realpathSync(interpreter)]);
  });
});
