import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoReport } from '../../src/pipeline/demo/report.ts';
import { demoText } from '../../src/reports/demo-text.ts';
import { plainPalette } from '../../src/reports/table.ts';
import { root, unmoor } from './run-unmoor.ts';
import { validator } from './validate.ts';

let work: string;
beforeAll(() => {
  work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-test-')));
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

describe('demo', () => {
  let report: DemoReport;

  it('runs programs of this machine from three prefixes', () => {
    const { code, stdout, stderr } = unmoor(['demo', '--format', 'json'], { env: { TMPDIR: work } });
    expect(stderr).toBe('');
    report = JSON.parse(stdout) as DemoReport;
    expect(validator('demo')(report)).toEqual([]);
    expect(report.prefixes.flatMap(({ runs }) => runs.map(({ difference }) => difference))).toEqual(
      report.prefixes.flatMap(() => report.programs.map(() => '')),
    );
    expect(report.ok).toBe(true);
    expect(code).toBe(0);
    expect(report.programs.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['bash', 'sha256sum', 'perl', 'greet']),
    );
    const [short, long, odd] = report.prefixes;
    expect(short?.bytes).toBeLessThan(report.storeDir.length);
    expect(long?.bytes).toBeGreaterThan(200);
    expect(odd?.path).toMatch(/ .*[^\x00-\x7f]/);
  });

  it('leaves nothing behind', () => {
    expect(readdirSync(work)).toEqual([]);
  });

  it('says plainly when a program behaves otherwise', () => {
    const [first, ...others] = report.prefixes;
    if (first === undefined) throw new Error('no prefix');
    const broken: DemoReport = {
      ...report,
      ok: false,
      prefixes: [
        {
          ...first,
          sameHashes: false,
          runs: first.runs.map((run) => ({ ...run, sameOutput: false, difference: 'stdout was 1' })),
        },
        ...others,
      ],
    };
    const text = demoText(broken, plainPalette);
    expect(text).toContain('stdout was 1');
    expect(text).toContain('Something went wrong');
    expect(text).not.toContain('Every program works');
    expect(demoText(report, plainPalette)).toContain('Every program works');
  });

  it('takes its files away when it is interrupted', async () => {
    const directory = join(work, 'interrupted');
    mkdirSync(directory);
    const child = spawn(`${root}/unmoor`, ['demo'], { env: { ...process.env, TMPDIR: directory }, stdio: 'ignore' });
    while (readdirSync(directory).filter((name) => name.startsWith('unmoor-demo-')).length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    child.kill('SIGTERM');
    const [, signal] = await once(child, 'exit');
    expect(signal).toBe('SIGTERM');
    expect(readdirSync(directory)).toEqual([]);
  });
});
