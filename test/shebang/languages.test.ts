/**
 * Self-locating headers, one language at a time: the script with an absolute shebang, and the rewritten one from other
 * places, run by the real interpreter, must print the same.
 */

import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { relocate } from '../../src/pipeline/relocate.ts';
import { must, run, ToyStore } from '../toy-store.ts';
import { casesFor, programs } from './cases.ts';

const store = new ToyStore();
const interpreters = store.object('interpreters');
const scripts = store.object('scripts');
const moved = join(store.work, 'moved');
/** A prefix that every header has to quote. */
const odd = join(store.work, "an odd\n 'place' $x é");
const cases = casesFor(`${interpreters}/bin`, scripts);

beforeAll(async () => {
  mkdirSync(join(interpreters, 'bin'), { recursive: true });
  for (const [name, path] of Object.entries(programs)) symlinkSync(path, join(interpreters, 'bin', name));
  store.write(join(scripts, 'lib/Unmoored.pm'), 'package Unmoored; sub word { "found" } 1;\n');
  for (const { name, shebang, body } of cases) {
    const path = join(scripts, 'bin', name);
    mkdirSync(join(scripts, 'bin'), { recursive: true });
    writeFileSync(path, Buffer.from(`${shebang}\n${body}`, 'latin1'));
    chmodSync(path, 0o755);
  }
  await relocate({ paths: [scripts], to: moved, storeDir: store.storeDir });
});
afterAll(() => store.remove());

const environment = {
  PATH: '/usr/bin:/bin',
  HOME: '/',
  LC_ALL: 'C.UTF-8',
  CDPATH: '/tmp:/',
  PYTHONDONTWRITEBYTECODE: '1',
  GUILE_AUTO_COMPILE: '0',
};
const args = ['', 'a b', "it's", '$HOME', '*', '-n', 'two\nlines'];
const start = (path: string, given: readonly string[] = args, cwd = '/') =>
  run(path, given, { env: environment, input: 'input\n', cwd });
const rewritten = (name: string) => join(moved, 'store', basename(scripts), 'bin', name);
const original = (name: string) => join(scripts, 'bin', name);
/**
 * What a run shows, with one name for both stores. Errors of interpreters name the script and a line; lines shift where
 * the language has no way to number them itself.
 */
const told = ({ status, stdout, stderr }: ReturnType<typeof run>) => ({
  status,
  stdout: stdout
    .replaceAll(store.storeDir, '<store>')
    .replaceAll(join(moved, 'store'), '<store>')
    .replaceAll(join(odd, 'store'), '<store>'),
  stderr: stderr
    .replaceAll(odd, '')
    .replace(/\S*\//g, '')
    .replace(/(?:line )?:?\d+\b/g, ''),
});

/** The same where a script is called by different names: paths shrink to their ends. */
const shown = (output: ReturnType<typeof run>) => {
  const { status, stdout, stderr } = told(output);
  return { status, stdout: stdout.replace(/[^\s'"]*\//g, ''), stderr };
};

test.each(Object.entries(programs))('%s is on this machine', (_, path) => {
  expect(existsSync(path)).toBe(true);
});

describe.each(cases)('$name', ({ name }) => {
  test('behaves as before, from its own place', () => {
    expect(told(start(rewritten(name)))).toEqual(told(start(original(name))));
  });

  test('behaves as before through links, in an odd directory, by a relative path', () => {
    renameSync(moved, odd);
    try {
      const path = join(odd, 'store', basename(scripts), 'bin', name);
      const expected = shown(start(original(name)));
      symlinkSync(path, join(store.work, name));
      mkdirSync(join(store.work, 'links'), { recursive: true });
      symlinkSync(`../${name}`, join(store.work, 'links', name));
      symlinkSync(join(odd, 'store', basename(scripts)), join(store.work, 'linked-object'));
      expect(shown(start(join(store.work, name)))).toEqual(expected);
      expect(shown(start(join(store.work, 'links', name)))).toEqual(expected);
      expect(shown(start(join(store.work, 'linked-object/bin', name)))).toEqual(expected);
      expect(shown(start(`./${name}`, args, join(path, '..')))).toEqual(expected);
    } finally {
      for (const link of [name, `links/${name}`, 'linked-object']) rmSync(join(store.work, link), { force: true });
      renameSync(odd, moved);
    }
  });
});

describe('what is not executed stays what it was', () => {
  test('a rewritten bash script can be sourced', () => {
    const code = 'set -- x y; . "$1"; echo after';
    const shell = (path: string) =>
      run('bash', ['-c', code.replace('"$1"', `'${path.replaceAll("'", "'\\''")}'`)], { env: environment, input: '' });
    expect(told(shell(rewritten('bash'))).stdout.replace(/^[^|]*/, '')).toBe(
      told(shell(original('bash'))).stdout.replace(/^[^|]*/, ''),
    );
  });

  test('a rewritten Python script can be imported', () => {
    const code =
      'import sys, importlib.machinery as m, importlib.util as u; l = m.SourceFileLoader("x", sys.argv[1]); s = u.spec_from_loader("x", l); x = u.module_from_spec(s); l.exec_module(x); print(x.__doc__, x.main())';
    for (const path of [original('python-main'), rewritten('python-main')]) {
      expect(run('/usr/bin/python3', ['-c', code, path], { env: environment })).toMatchObject({
        status: 0,
        stdout: 'None inner\n',
      });
    }
  });

  test('interpreters that are started by hand take the script', () => {
    for (const [program, name] of [
      ['/usr/bin/python3', 'python'],
      ['/usr/bin/perl', 'perl'],
      ['/usr/bin/ruby', 'ruby'],
      ['/usr/bin/lua5.4', 'lua'],
      ['/usr/bin/tclsh', 'tcl'],
      [process.execPath, 'node.cjs'],
    ] as const) {
      const by = (path: string) => told(run(program, [path, ...args], { env: environment, input: 'input\n' }));
      expect({ name, ...by(rewritten(name)) }).toEqual({ name, ...by(original(name)) });
    }
  });
});

test.each(['bash', 'dash', 'python', 'perl', 'lua'])(
  'a copy of the script %s finds its interpreter by the alias',
  (name) => {
    const copy = join(store.work, 'copies', name);
    mkdirSync(join(store.work, 'copies'), { recursive: true });
    copyFileSync(rewritten(name), copy);
    copyFileSync(original(name), join(store.work, name));
    const by = (path: string) =>
      run('bash', ['-c', 'exec 87<"$1"; exec "$2" x', 'bash', join(moved, 'store'), path], {
        env: environment,
        input: '',
      });
    expect(shown(by(copy))).toEqual(shown(by(join(store.work, name))));
    expect(by(copy).status).toBe(0);
  },
);

test('no process is started to find the directory, unless a link is on the way', () => {
  const count = (path: string) =>
    must('sh', [
      '-c',
      'strace -f -qq -e trace=fork,vfork,clone,clone3 "$1" </dev/null 2>&1 >/dev/null | grep -cE "(fork|clone3?)\\(" || true',
      'sh',
      path,
    ]).trim();
  expect(count(rewritten('zsh-f'))).toBe('0');
  expect(count(rewritten('python-main'))).toBe('0');
});

test('arguments reach the script untouched, whatever they hold', () => {
  const argument = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !text.includes('\0'));
  fc.assert(
    fc.property(fc.array(argument, { maxLength: 5 }), (given) => {
      expect(start(rewritten('python-docstring'), given).stdout).toBe(
        start(original('python-docstring'), given).stdout,
      );
      expect(start(rewritten('dash'), given).stdout).toBe(start(original('dash'), given).stdout);
    }),
    { numRuns: 25 },
  );
});
