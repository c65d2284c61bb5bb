/** A rewritten script finds the store however it is started or read: links, working directories, shells, options. */

import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { relocate } from '../../src/pipeline/relocate.ts';
import { run, ToyStore } from '../toy-store.ts';

const store = new ToyStore();
const object = store.object('scripts');
const tool = store.object('tool');
const profile = store.object('profile');
const moved = join(store.work, 'moved');
const prefix = join(store.work, "pre fix's $x [a]\n*");
const root = join(prefix, 'store');

const shells = ['bash', 'dash', 'ksh', 'zsh', 'mksh'] as const;

beforeAll(async () => {
  for (const shell of shells) {
    store.write(join(object, 'bin', shell), `#!/bin/${shell}\nprintf '%s\\n' "${tool}/x" "$@"\n`, 0o755);
    store.write(
      join(object, 'bin', `strict-${shell}`),
      `#!/bin/${shell} -eu\nset -f\nIFS=/.u\nprintf '%s\\n' ${tool}/x\n`,
      0o755,
    );
    store.write(join(object, 'bin', `sources-${shell}`), `#!/bin/${shell}\n. "${object}/share/part.sh"\npart\n`, 0o755);
  }
  store.write(join(object, 'share/part.sh'), `part() { printf '%s\\n' "${tool}/part"; }\n`);
  store.write(join(object, 'share/part.bash'), `part() { printf '%s\\n' "${tool}/part"; }\n`);
  store.write(join(object, 'share/part.zsh'), `part() { printf '%s\\n' "${tool}/part"; }\n`);
  store.write(join(object, 'share/part.ksh'), `part() { printf '%s\\n' "${tool}/part"; }\n`);
  store.write(join(object, 'share/zsh/site-functions/_tool'), `#compdef tool\nprint -r -- ${tool}/completion\n`);
  store.write(join(tool, 'x'), '');
  mkdirSync(join(profile, 'bin'), { recursive: true });
  for (const shell of shells) symlinkSync(join(object, 'bin', shell), join(profile, 'bin', `linked-${shell}`));
  symlinkSync(join(object, 'share'), join(profile, 'share'));
  const report = await relocate({ paths: [object, tool, profile], to: moved, storeDir: store.storeDir });
  expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
  renameSync(moved, prefix);
  renameSync(store.storeDir, join(store.work, 'gone'));
  symlinkSync(join(root, basename(object)), join(store.work, 'whole object'));
  symlinkSync(join(root, basename(object), 'bin'), join(store.work, 'programs'));
  symlinkSync('programs/dash', join(store.work, 'script'));
  symlinkSync(prefix, join(store.work, 'linked prefix'));
});
afterAll(() => store.remove());

const here = () => join(root, basename(object));
const expected = `${root}/${basename(tool)}`;

/** What a command prints, in `cwd`. */
function say(command: string, args: readonly string[], cwd = '/', more: NodeJS.ProcessEnv = {}): string {
  // bash reads ~/.bashrc when its input is a socket and no shell started it.
  const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C', SHLVL: '2', ...more };
  const { stdout, stderr } = run(command, args, { cwd, env });
  return stderr + stdout;
}

describe.each(shells)('%s', (shell) => {
  test('started by its path', () => {
    expect(say(join(here(), 'bin', shell), ['a b'])).toBe(`${expected}/x\na b\n`);
    expect(say(`./${shell}`, [], join(here(), 'bin'))).toBe(`${expected}/x\n`);
    expect(say(`bin/${shell}`, [], here())).toBe(`${expected}/x\n`);
    expect(say(`../bin/${shell}`, [], join(here(), 'bin'))).toBe(`${expected}/x\n`);
    expect(say(`.//bin/./${shell}`, [], here())).toBe(`${expected}/x\n`);
    expect(say(`${root}//${basename(object)}/bin/../bin/${shell}`, [])).toBe(`${expected}/x\n`);
  });

  test('started by its shell, or found in PATH', () => {
    expect(say(shell, [shell], join(here(), 'bin'))).toBe(`${expected}/x\n`);
    expect(say(shell, [`bin/${shell}`, 'x'], here())).toBe(`${expected}/x\nx\n`);
    expect(say('sh', ['-c', `strict-${shell}`], '/', { PATH: `${here()}/bin:/usr/bin:/bin` })).toBe(`${expected}/x\n`);
    expect(say('sh', ['-c', `strict-${shell}`], here(), { PATH: 'bin:/usr/bin:/bin' })).toBe(`${expected}/x\n`);
  });

  test('started through links', () => {
    const linked = join(root, basename(profile), 'bin', `linked-${shell}`);
    expect(say(linked, [])).toBe(`${expected}/x\n`);
    expect(say(join(store.work, 'whole object/bin', shell), [])).toBe(`${expected}/x\n`);
    expect(say(join(store.work, 'programs', shell), [])).toBe(`${expected}/x\n`);
    expect(say('programs/strict-dash', [], store.work)).toBe(`${expected}/x\n`);
    expect(say(join(store.work, 'script'), [])).toBe(`${expected}/x\n`);
    // A link above the store stays in the paths.
    expect(say(join(store.work, 'linked prefix/store', basename(object), 'bin', shell), [])).toBe(
      `${store.work}/linked prefix/store/${basename(tool)}/x\n`,
    );
  });

  test('with options, IFS, CDPATH and a broken environment', () => {
    expect(say(join(here(), 'bin', `strict-${shell}`), [])).toBe(`${expected}/x\n`);
    const env = {
      CDPATH: '/tmp:/',
      IFS: '/',
      PWD: '/nowhere',
      ENV: '',
      __unmoor_store: '/wrong',
      __unmoor_file: '/wrong',
    };
    expect(say(join(here(), 'bin', shell), [], '/', env)).toBe(`${expected}/x\n`);
    expect(say(`bin/${shell}`, [], here(), env)).toBe(`${expected}/x\n`);
  });

  test('sourcing a file', () => {
    expect(say(join(here(), 'bin', `sources-${shell}`), [])).toBe(`${expected}/part\n`);
    expect(say(`./sources-${shell}`, [], join(here(), 'bin'))).toBe(`${expected}/part\n`);
  });
});

describe('sourced files', () => {
  const cases = [
    ['bash', 'part.bash'],
    ['bash', 'part.sh'],
    ['zsh', 'part.zsh'],
    ['zsh', 'part.sh'],
    ['ksh', 'part.ksh'],
    ['ksh', 'part.sh'],
  ] as const;
  test.each(cases)('%s reads %s', (shell, file) => {
    expect(say(shell, ['-c', `set -eu; . "$1/share/${file}"; cd /; part`, shell, here()])).toBe(`${expected}/part\n`);
    expect(say(shell, ['-c', `. ./share/${file}; cd /; part`], here())).toBe(`${expected}/part\n`);
    expect(
      say(shell, ['-c', `f() { . "$1"; }; f "$1"; part`, shell, join(root, basename(profile), 'share', file)]),
    ).toBe(`${expected}/part\n`);
  });

  test('of shells that cannot tell: the store alias', () => {
    for (const shell of ['dash', 'mksh']) {
      expect(say(shell, ['-c', '. "$1"; part', shell, join(here(), 'share/part.sh')])).toBe(
        `/dev/fd/87/${basename(tool)}/part\n`,
      );
    }
  });

  test('functions that zsh loads by name', () => {
    const code = 'fpath=("$1"); autoload -Uz _tool; cd /tmp; _tool; _tool';
    const directory = join(store.work, 'linked prefix/store', basename(object), 'share/zsh/site-functions');
    expect(say('zsh', ['-fc', code, 'zsh', directory])).toBe(
      `${store.work}/linked prefix/store/${basename(tool)}/completion\n`.repeat(2),
    );
  });

  test('two prefixes in one shell', () => {
    rmSync(join(store.work, 'second'), { recursive: true, force: true });
    run('cp', ['-a', prefix, join(store.work, 'second')]);
    const second = join(store.work, 'second/store', basename(object), 'share/part.bash');
    const code = '. "$1/bin/bash" >/dev/null; . "$2"; part; printf "%s\\n" "$__unmoor_store"';
    expect(say('bash', ['-c', code, 'bash', here(), second])).toBe(
      `${store.work}/second/store/${basename(tool)}/part\n${root}\n`,
    );
  });
});

test('a copy finds the store by the program that started it, else by the alias', () => {
  const copy = join(store.work, 'bash');
  run('cp', [join(here(), 'bin/bash'), copy]);
  expect(say(copy, [])).toBe(`/dev/fd/87/${basename(tool)}/x\n`);
  expect(say(copy, [], '/', { __unmoor_store: root })).toBe(`${expected}/x\n`);
});

test('the first line of a completion stays the first', () => {
  expect(readFileSync(join(here(), 'share/zsh/site-functions/_tool'), 'latin1')).toMatch(/^#compdef tool\n/);
});
