/**
 * Wrappers as nixpkgs writes them, in all their forms, over generated arguments: the relocated wrapper gives its program
 * the same environment, arguments and name, with the store directory replaced by the prefix.
 */

import { renameSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { audit } from '../../src/pipeline/audit.ts';
import { relocate } from '../../src/pipeline/relocate.ts';
import { type Argument, older, present, quote, withArray } from '../make-wrapper.ts';
import { must, run, ToyStore } from '../toy-store.ts';

const store = new ToyStore();
const object = store.object('wrapped');
const dep = store.object('dep');
const other = store.object('other');
const bash = store.object('bash');
const moved = join(store.work, 'moved');

/** Flags by code that adds them, as `--run` may. */
const byArray = (argument: Argument): Argument =>
  argument.kind === 'add-flag' ? { kind: 'run', value: `extraFlagsArray+=(${quote(argument.value)})` } : argument;

const path = fc.constantFrom(
  `${dep}/bin`,
  `${other}/lib`,
  dep,
  `${dep}/share/a b`,
  `${other}/it's`,
  `${dep}/x:${other}/y`,
);
const text = fc.oneof(
  path,
  fc.tuple(path, fc.constantFrom(' ', '=', "'", '"', '$', '\n', '`', '\\', ';')).map(([p, c]) => `--x${c}${p}${c}end`),
  fc.constantFrom('plain', '', "it's", '$HOME'),
);
const name = fc.constantFrom('PATH', 'XDG_DATA_DIRS', 'A', 'B', 'LD_PATH');
const argument: fc.Arbitrary<Argument> = fc.oneof(
  fc.record({ kind: fc.constantFrom('set' as const, 'set-default' as const), name, value: text }),
  fc.record({ kind: fc.constant('unset' as const), name: fc.constantFrom('A', 'B') }),
  fc.record({ kind: fc.constant('chdir' as const), value: fc.constant(`${dep}/share`) }),
  fc.record({
    kind: fc.constant('run' as const),
    value: path.map((p) => `export R="$R:${p}" S='${p.replaceAll("'", '')}'; [ -d ${dep}/share ] && export T=1`),
  }),
  fc.record({
    kind: fc.constantFrom('prefix' as const, 'suffix' as const),
    name,
    separator: fc.constantFrom(':', ' ', ';'),
    value: path,
  }),
  fc.record({ kind: fc.constant('add-flag' as const), value: text }),
  fc.record({ kind: fc.constant('add-flags' as const), value: path.map((p) => `--flag "${p}" -I${dep}/include`) }),
);

const count = 60;
const written = { present, older, withArray };
const wrappers = fc
  .sample(fc.array(argument, { minLength: 1, maxLength: 8 }), { numRuns: count, seed: 1 })
  .flatMap((args, i) =>
    Object.entries(written).map(([form, write]) => ({
      id: `${form}-${i}`,
      args: [...(form === 'withArray' ? args.map(byArray) : args), { kind: 'inherit-argv0' } as const],
      write,
    })),
  );

beforeAll(async () => {
  store.write(join(dep, 'share/text'), '');
  must('mkdir', ['-p', join(bash, 'bin')]);
  symlinkSync('/bin/bash', join(bash, 'bin/bash'));
  // The program tells its name, its directory and what it got.
  must('gcc', ['-O1', '-x', 'c', '-', '-o', join(store.work, 'tell')], {
    input: `#include <stdio.h>\n#include <unistd.h>\nextern char **environ;\nint main(int c, char **v) { char d[9999];
      printf("in %s\\n", getcwd(d, sizeof d)); for (int i = 0; i < c; i++) printf("<%s>\\n", v[i]);
      for (char **e = environ; *e; e++) if (e[0][0] != '_') printf("%s\\n", *e); }`,
  });
  for (const { id, args, write } of wrappers) {
    const target = join(object, 'bin', `.${id}-wrapped`);
    store.write(join(object, 'bin', id), write(args, target, `${bash}/bin/bash`), 0o755);
    symlinkSync(join(store.work, 'tell'), target);
  }
  const report = await relocate({ paths: [object, dep, other, bash], to: moved, storeDir: store.storeDir });
  expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
});
afterAll(() => store.remove());

function outcome(id: string, root: string) {
  const env = { PATH: '/usr/bin:/bin', A: 'given', XDG_DATA_DIRS: `/x:${root}/${basename(dep)}/bin:/y`, SHLVL: '2' };
  const { status, stdout, stderr } = run(join(root, basename(object), 'bin', id), ['one', 'a b'], { cwd: '/', env });
  const shown = stdout.split('\n').filter((line) => !/^(?:SHLVL|PWD|OLDPWD)=/.test(line));
  return { status, stdout: shown.join('\n').replaceAll(root, '<store>'), stderr: stderr.replaceAll(root, '<store>') };
}

test('every path in them gets a relative form', async () => {
  const { objects } = await audit({ paths: [object], closure: false, storeDir: store.storeDir });
  const sites = objects.flatMap((each) => each.sites);
  expect(sites.length).toBeGreaterThan(1000);
  expect(sites.filter(({ remedy }) => remedy.kind !== 'relative')).toEqual([]);
});

describe.each(['plain', 'odd \' $A `x` "q" \\ * [a] & ;'])('from the prefix %j', (prefix) => {
  const root = join(store.work, prefix, 'store');
  beforeAll(() => {
    for (const { id } of wrappers) before.set(id, outcome(id, store.storeDir));
    renameSync(moved, join(store.work, prefix));
  });
  afterAll(() => renameSync(join(store.work, prefix), moved));
  const before = new Map<string, ReturnType<typeof outcome>>();

  test.each(Object.keys(written))('%s', (form) => {
    for (const { id } of wrappers) {
      if (!id.startsWith(form)) continue;
      const result = outcome(id, root);
      expect({ id, ...result }).toEqual({ id, ...before.get(id) });
      expect(result.stdout).toContain(`<<store>/${basename(object)}/bin/${id}>`);
    }
  });
});
