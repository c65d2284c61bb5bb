/** The world's scripts and wrappers as launchers, from three prefixes, with /nix and the host's shell out of sight. */

import { mkdirSync, mkdtempSync, readFileSync, realpathSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { relocate } from '../../src/pipeline/relocate.ts';
import { removeTree } from '../../src/pipeline/staging.ts';
import { run } from '../toy-store.ts';
import { smokeTests } from './programs.ts';
import { runProgram } from './run.ts';

const scripts = inject('world').scripts as string;
const tests = smokeTests.filter((smoke) => smoke.package === 'scripts');
const work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-launchers-')));
const long = join(work, ...Array.from({ length: 4 }, (_, i) => `${i}-`.padEnd(50, 'long')));
const prefixes = { short: join(work, 'x'), long, odd: join(work, 'a b', 'Zürich $HOME \'q" %s; 東京') };
let here = join(work, 'first');
const program = (file: string) => join(here, 'store', basename(scripts), file);

beforeAll(async () => {
  const report = await relocate({ paths: [scripts], to: here, wrappers: 'launcher', scripts: 'launcher' });
  expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
});
afterAll(() => removeTree(work));

test('the scripts are launchers, but for what env starts', () => {
  expect(tests.length).toBeGreaterThan(6);
  const isElf = (file: string) => readFileSync(program(file)).toString('latin1', 0, 4) === '\x7fELF';
  const others = [...new Set(tests.map((smoke) => smoke.program))].filter((file) => !isElf(file));
  expect(others).toEqual(['bin/env-script']);
});

describe.each(Object.entries(prefixes))('from the %s prefix', (_name, prefix) => {
  beforeAll(() => {
    mkdirSync(dirname(prefix), { recursive: true });
    renameSync(here, prefix);
    here = prefix;
  });

  test.each(tests)('$name', (smoke) => {
    const shown = ({ status, stdout, stderr }: ReturnType<typeof runProgram>) => ({
      status,
      stdout: stdout.replaceAll('.unmoor-', ''),
      stderr,
    });
    const before = shown(runProgram(join(scripts, smoke.program), smoke));
    expect(before.stdout).toMatch(smoke.expect);
    expect(shown(runProgram(program(smoke.program), { ...smoke, masked: true }))).toEqual(before);
  });

  test('in a sandbox without a host', () => {
    const inside = (file: string, ...args: readonly string[]) =>
      run('bwrap', ['--ro-bind', here, '/p', '--proc', '/proc', '--dev', '/dev', join('/p/bin', file), ...args], {
        env: { LC_ALL: 'C' },
      });
    expect(inside('git-wrapped', '--version')).toMatchObject({ status: 0, stdout: 'git version 2.39.5\n' });
    expect(inside('sh-script', 'x')).toMatchObject({ status: 0, stdout: 'sh 1 x\nfrom a file\n' });
    expect(inside('env-script').status).not.toBe(0);
  });
});
