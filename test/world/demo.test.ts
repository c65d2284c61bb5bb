import { expect, test } from 'vitest';
import type { DemoReport } from '../../src/pipeline/demo/report.ts';
import { unmoor } from '../cli/run-unmoor.ts';

test('unmoor demo --nix: packages of the world behave the same under three prefixes, with /nix masked', () => {
  const { code, stdout } = unmoor(['demo', '--nix', '--format', 'json']);
  const report = JSON.parse(stdout) as DemoReport;
  expect(report.prefixes.flatMap(({ runs }) => runs.filter(({ sameOutput }) => !sameOutput))).toEqual([]);
  expect(report.prefixes.flatMap(({ runs }) => runs.flatMap(({ librariesOutside }) => librariesOutside))).toEqual([]);
  expect(report.prefixes.map(({ sameHashes }) => sameHashes)).toEqual([true, true, true]);
  expect(report.programs.length).toBeGreaterThan(8);
  expect(report).toMatchObject({ storeDir: '/nix/store', ok: true });
  expect(code).toBe(0);
});
