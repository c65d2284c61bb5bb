/**
 * Wrappers as makeWrapper writes them, over generated arguments and environments: what bash makes of the script in its own
 * store, and what the launcher makes of it under odd prefixes.
 */

import { chmodSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { audit } from '../../src/pipeline/audit.ts';
import { relocate } from '../../src/pipeline/relocate.ts';
import { type Argument, forms, quote } from '../make-wrapper.ts';
import { ODD_PREFIXES } from '../rewriting.ts';
import { must, ToyStore } from '../toy-store.ts';
import { type Case, compileProgram, type Outcome, runCases, told } from './cases.ts';

const WRAPPERS = 160;
const CASES_OF_EACH = 6;
const MUTANTS = 600;

const store = new ToyStore();
const object = store.object('wrapped');
const dep = store.object('dep');
const other = store.object('other');
const bash = store.object('bash');
const moved = join(store.work, 'moved');
const directory = join(store.work, 'directory');
const linked = join(store.work, 'linked');
const driver = join(store.work, 'cases');

const values = [`${dep}/bin`, `${other}/lib`, dep, `${dep}/share/a b`, `${other}/it's`, `${dep}/x*[a]?`];
const path = fc.constantFrom(...values);
const joined = fc.array(path, { minLength: 1, maxLength: 3 }).map((paths) => paths.join(':'));
/** What breaks careless quoting and matching, bytes that are no UTF-8 among it. */
const bits = fc.constantFrom(
  ...[
    ' ',
    '=',
    "'",
    '"',
    '$',
    '$HOME',
    '`id`',
    '\n',
    '\t',
    '\\',
    ';',
    '&',
    '*',
    '?',
    '[a]',
    '~',
    '#',
    '%',
    '/',
    '!',
    '{a,b}',
  ],
  ...['\xc3\xa4', '\xff', '\x01', '\x7f', '\x1b', '\\n', '--', ''],
);
const text = fc.oneof(
  path,
  fc.array(fc.oneof(path, bits, fc.constantFrom('plain', '-x', ':')), { maxLength: 5 }).map((p) => p.join('')),
);
const NAMES = ['PATH', 'XDG_DATA_DIRS', 'A', 'B', '_LD_path2'] as const;
const name = fc.constantFrom(...NAMES);
const separator = fc.constantFrom(':', ':', ':', ' ', ';', ',', "'", '=', '\\');
const argument: fc.Arbitrary<Argument> = fc.oneof(
  fc.record({ kind: fc.constantFrom('set' as const, 'set-default' as const), name, value: text }),
  fc.record({ kind: fc.constant('unset' as const), name }),
  fc.record({
    kind: fc.constant('chdir' as const),
    value: fc.constantFrom(`${dep}/share`, '/', '/tmp', `${dep}/gone`),
  }),
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('prefix' as const, 'suffix' as const),
      name,
      separator,
      value: fc.oneof(
        path,
        joined,
        text.filter((value) => value !== ''),
      ),
    }),
  },
  fc.record({ kind: fc.constantFrom('add-flag' as const, 'append-flag' as const), value: text }),
  fc.record({ kind: fc.constant('add-flags' as const), value: path.map((p) => `--flag ${quote(p)} "-I$A${dep}" ''`) }),
  fc.constantFrom<Argument>(
    { kind: 'inherit-argv0' },
    { kind: 'argv0', value: 'a name' },
    { kind: 'argv0', value: '' },
  ),
);
/** Arguments that makeWrapper's newest form, which quotes less, can hold. */
const isTame = (one: Argument) => !('separator' in one) || /^[:,=]$/.test(one.separator);

/** Separators that are signs of a pattern, or backslashes in what replaces one, stay with bash. */
const isUnderstood = (form: string, args: readonly Argument[]) =>
  !args.some((one) => one.kind === 'prefix' && one.separator === '\\' && form === 'present');

const ids = Object.keys(forms) as (keyof typeof forms)[];
const wrappers = fc
  .sample(fc.array(argument, { minLength: 1, maxLength: 7 }), { numRuns: WRAPPERS, seed: 20 })
  .map((args, i) => {
    const form = ids[i % ids.length] as keyof typeof forms;
    return { id: `${form}-${i}`, form, args: form === 'newest' ? args.filter(isTame) : args };
  });
const launchers = wrappers.filter(({ form, args }) => isUnderstood(form, args));

/** The same with bytes put in, taken out or exchanged: what is still understood must still mean what bash makes of it. */
const SIGNS = [
  ...` '"$\`\\{}/#%:+-=*?[]~!&;|<>()\n\t\ra0_@^,.`,
  '\xff',
  '${',
  '$(',
  "$'",
  '""',
  "''",
  '\\\n',
  '//',
  '##',
  '$@',
  '~/',
];
const mutation = fc.record({
  at: fc.noBias(fc.integer({ min: 0, max: 9999 })),
  taken: fc.nat(3),
  put: fc.constantFrom(...SIGNS, ''),
});
const mutations = fc.sample(fc.array(mutation, { minLength: 1, maxLength: 2, size: 'max' }), {
  numRuns: MUTANTS,
  seed: 22,
});
function mutated(script: string, i: number): string {
  const start = script.indexOf('\n');
  return (mutations[i] as (typeof mutations)[number]).reduce((text, { at, taken, put }) => {
    const offset = start + Math.floor((at / 10_000) * (text.length - start));
    return text.slice(0, offset) + put + text.slice(offset + taken);
  }, script);
}

/** A variable as environments may hold it: elements of the wrapper's own values among others. */
const list = fc
  .tuple(fc.array(fc.oneof(path, bits, fc.constantFrom('/usr/bin', '', 'x')), { maxLength: 6 }), separator)
  .map(([elements, s]) => elements.join(s));
const entry = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(name, list).map(([n, value]) => `${n}=${value}`) },
  fc
    .tuple(fc.constantFrom('A', 'XDG_DATA_DIRS'), fc.constantFrom(70_000))
    .map(([n, size]) => `${n}=${'x:'.repeat(size / 2)}`),
  fc.constantFrom(
    ...['SHLVL=1', 'SHLVL=', 'SHLVL=abc', 'SHLVL=-3', 'SHLVL= 12 ', 'SHLVL=998', 'SHLVL=007', 'SHLVL=+4x'],
    ...[
      `PWD=${linked}`,
      'PWD=/nowhere',
      'PWD=.',
      'PWD=',
      `PWD=${directory}/../directory`,
      'OLDPWD=/tmp',
      'OLDPWD=/nowhere',
    ],
    ...[
      '_=/bin/x',
      'no equals sign',
      '=nameless',
      'a-b=invalid name',
      '1=digit',
      'EMPTY=',
      'DUPLICATE=1',
      'DUPLICATE=2',
    ],
    ...[
      'LC_ALL=C.UTF-8',
      'LC_ALL=C',
      'HOME=/homeless',
      'TERM=dumb',
      'STATUS=3',
      'extraFlagsArray=x',
      'BASH_FUNC_f%%=() {  :\n}',
    ],
  ),
);
const caseOf = fc.record({
  entries: fc.array(entry, { maxLength: 10 }),
  // bash has a value of its own for a PATH that is not set (docs/launcher.md).
  path: list,
  words: fc.array(fc.oneof(bits, path, fc.constantFrom('--help', 'a b', 'x'.repeat(5000))), { maxLength: 4 }),
  cwd: fc.constantFrom(directory, linked, '/', object, 'gone'),
  way: fc.constantFrom('absolute' as const, 'relative' as const, 'link' as const),
  argv0: fc.constantFrom('', 'other', '/a/b'),
});
const settings = fc.sample(caseOf, { numRuns: WRAPPERS * CASES_OF_EACH, seed: 21 });

/** The cases of all wrappers below a root; paths of the store are those of that root. */
function cases(root: string, ids = launchers.map(({ id }) => id)): Case[] {
  const link = join(store.work, 'link to store');
  return ids.flatMap((id, i) =>
    settings
      .slice((i % WRAPPERS) * CASES_OF_EACH, ((i % WRAPPERS) + 1) * CASES_OF_EACH)
      .map(({ entries, path: value, words, cwd, way, argv0 }) => {
        const there = (text: string) => text.replaceAll(store.storeDir, Buffer.from(root).toString('latin1'));
        const own = Buffer.from(`${root}/${basename(object)}`).toString('latin1');
        const isRelative = way === 'relative';
        return {
          path: isRelative
            ? `./bin/../bin/${id}`
            : way === 'link'
              ? `${link}/${basename(object)}/bin/${id}`
              : `${own}/bin/${id}`,
          cwd: isRelative ? own : cwd === object ? own : cwd === 'gone' ? directory : cwd,
          argv: [argv0, ...words].map(there),
          env: [...entries, `PATH=${value}`].map(there),
        };
      }),
  );
}

function normal(outcome: Outcome, root: string) {
  const own = Buffer.from(root).toString('latin1');
  // What names no object stays absolute.
  const away = (text: string) => text.replaceAll(own, '<store>').replaceAll(store.storeDir, '<store>');
  // A launcher's messages stay one line each.
  const printable = (text: string) => text.replace(/[\0-\x1f\x7f](?!$)/g, '?');
  const stderr = printable(away(outcome.stderr)).replaceAll(printable(own), '<store>');
  return { status: outcome.status, told: told(outcome).map(away), stderr };
}

function run(root: string, ids?: string[]) {
  // The same name leads to whichever store is looked at.
  const link = join(store.work, 'link to store');
  must('ln', ['-sfn', root, link]);
  return runCases(driver, cases(root, ids)).map((outcome) => normal(outcome, root));
}

let before: ReturnType<typeof run>;

beforeAll(async () => {
  mkdirSync(directory);
  symlinkSync(directory, linked);
  compileProgram('cases', driver);
  store.write(join(dep, 'share/text'), '');
  mkdirSync(join(bash, 'bin'));
  symlinkSync('/bin/bash', join(bash, 'bin/bash'));
  mkdirSync(join(object, 'bin'));
  const probe = compileProgram('probe', join(object, 'bin/probe'));
  chmodSync(probe, 0o555);
  for (const { id, form, args } of wrappers) {
    const script = forms[form](args, probe, `${bash}/bin/bash`);
    writeFileSync(join(object, 'bin', id), Buffer.from(script, 'latin1'), { mode: 0o755 });
  }
  for (let i = 0; i < MUTANTS; i++) {
    const { form, args } = wrappers[i % WRAPPERS] as (typeof wrappers)[number];
    const script = mutated(forms[form](args, probe, `${bash}/bin/bash`), i);
    writeFileSync(join(object, 'bin', `mutant-${i}`), Buffer.from(script, 'latin1'), { mode: 0o755 });
  }
  before = run(store.storeDir);
  const report = await relocate({
    paths: [object, dep, other, bash],
    to: moved,
    storeDir: store.storeDir,
    wrappers: 'launcher',
  });
  expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
});
afterAll(() => store.remove());

test('each of them is understood, but for a backslash as separator', () => {
  const isElf = ({ id }: { id: string }) =>
    readFileSync(join(moved, 'store', basename(object), 'bin', id)).toString('latin1', 1, 4) === 'ELF';
  expect(wrappers.filter((wrapper) => !isElf(wrapper)).map(({ id }) => id)).toEqual(
    wrappers.filter(({ form, args }) => !isUnderstood(form, args)).map(({ id }) => id),
  );
  expect(launchers.length).toBeGreaterThan(0.9 * WRAPPERS);
});

test('the audit says so', async () => {
  const { objects } = await audit({ paths: [object], closure: false, storeDir: store.storeDir, wrappers: 'launcher' });
  const own = new Set(launchers.map(({ id }) => `bin/${id}`));
  const sites = objects.flatMap((each) => each.sites).filter(({ file }) => own.has(file));
  expect(sites.length).toBeGreaterThan(500);
  expect(sites.filter(({ remedy }) => remedy.transform !== 'launcher')).toEqual([]);
});

describe('the same arguments, environment, directory, messages and status', () => {
  test.each([...ODD_PREFIXES, 'x'.repeat(220)])('from the prefix %j', (prefix) => {
    const home = join(store.work, 'at', prefix);
    mkdirSync(dirname(home), { recursive: true });
    renameSync(moved, home);
    const after = run(join(home, 'store'));
    renameSync(home, moved);
    const inputs = cases(store.storeDir);
    let started = 0;
    for (const [i, result] of after.entries()) {
      if ((before[i] as { told: readonly string[] }).told.length > 1) started++;
      expect({ case: inputs[i], ...result }).toEqual({ case: inputs[i], ...before[i] });
    }
    expect(started).toBeGreaterThan(0.5 * after.length);
  });
});

test('changed wrappers, as far as they are understood', () => {
  const isElf = (id: string) =>
    readFileSync(join(moved, 'store', basename(object), 'bin', id)).toString('latin1', 1, 4) === 'ELF';
  const ids = Array.from({ length: MUTANTS }, (_, i) => `mutant-${i}`).filter(isElf);
  expect(ids.length).toBeGreaterThan(0.2 * MUTANTS);
  expect(ids.length).toBeLessThan(0.8 * MUTANTS);
  const original = run(store.storeDir, ids);
  const inputs = cases(store.storeDir, ids);
  for (const [i, result] of run(join(moved, 'store'), ids).entries()) {
    expect({ case: inputs[i], ...result }).toEqual({ case: inputs[i], ...original[i] });
  }
});
