/**
 * A directory for each case: `input`, the tree that is checked; `base`, where there is one, an older state of it, whose
 * findings are known; `expected`, one line for each finding. Every case is also fixed until nothing is left to fix; where
 * that changes a file, `fixed` holds the findings that are left.
 */

import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CheckResult, check } from '../../src/check/check.ts';
import { run } from '../cli/run-unmoor.ts';

const fixtures = fileURLToPath(new URL('fixtures', import.meta.url));
const cases = readdirSync(fixtures, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('/expected') || path.endsWith('/input'))
  .map((path) => dirname(path));

const plain = {
  paths: [],
  staged: false,
  since: undefined,
  fix: false,
  updateBaseline: false,
  baseline: undefined,
  config: undefined,
};

function lines({ report }: CheckResult): string {
  const all = report.findings.map(
    ({ path, line, column, state, severity, rule, message, fix }) =>
      `${path}:${line}:${column} ${state} ${severity} ${rule}${fix === undefined ? '' : ' (fix)'}: ${message}`,
  );
  return [...all, ...report.skipped.map(({ path, reason }) => `${path} skipped: ${reason}`), ''].join('\n');
}

describe.each([...new Set(cases)])('case %s', (name) => {
  const folder = join(fixtures, name);
  let work: string;

  const git = (...args: string[]) => {
    const identity = ['-c', 'user.name=t', '-c', 'user.email=t@t', '-c', 'commit.gpgsign=false'];
    const finished = run('git', [...identity, ...args], { cwd: work });
    if (finished.code !== 0) throw new Error(finished.stderr);
  };
  /** Compares with a file of the case; UPDATE_FIXTURES=1 writes it instead. */
  const same = (text: string, file: string) => {
    if (process.env.UPDATE_FIXTURES) writeFileSync(join(folder, file), text);
    expect(text).toBe(readFileSync(join(folder, file), 'utf8'));
  };

  beforeEach(() => {
    work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-check-')));
    if (existsSync(join(folder, 'base'))) {
      cpSync(join(folder, 'base'), work, { recursive: true });
      git('init', '-q');
      git('add', '-A');
      git('commit', '-qm', 'base');
    }
    cpSync(join(folder, 'input'), work, { recursive: true });
  });
  afterEach(() => rmSync(work, { recursive: true, force: true }));

  it('finds what its list says', async () => {
    const since = existsSync(join(folder, 'base')) ? 'HEAD' : undefined;
    same(lines(await check({ ...plain, directory: work, since })), 'expected');
  });

  it('is stable once fixed', async () => {
    const before = await check({ ...plain, directory: work });
    const fixable = before.report.findings.filter(({ fix }) => fix !== undefined).length;
    const { report } = await check({ ...plain, directory: work, fix: true });
    expect(report.fixed).toBe(fixable);
    const again = await check({ ...plain, directory: work, fix: true });
    expect(again.report.fixed).toBe(0);
    expect(again.report.findings).toEqual(report.findings);
    // Nothing else changed: what could not be fixed is still found.
    const left = before.report.findings
      .filter(({ fix }) => fix === undefined)
      .map(({ rule, message }) => ({ rule, message }));
    expect(report.findings.map(({ rule, message }) => ({ rule, message }))).toEqual(left);
  });
});
