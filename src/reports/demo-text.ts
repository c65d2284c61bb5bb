/** The demo's table: a row for each program, a column for each place it ran from. */

import type { DemoReport } from '../pipeline/demo/demo.ts';
import { type Palette, table } from './table.ts';

export function demoText(report: DemoReport, palette: Palette): string {
  const mark = (ok: boolean) => (ok ? palette.green('same output') : palette.red('DIFFERENT'));
  const names = [...new Set(report.runs.map(({ program }) => program))];
  const header = ['', ...report.prefixes.map(({ name }) => palette.bold(name))];
  const rows = names.map((name) => [
    `  ${name}`,
    ...report.runs.filter(({ program }) => program === name).map(({ ok }) => mark(ok)),
  ]);
  const hashes = [
    '  NAR hashes',
    ...report.prefixes.map(({ narHashesEqual }) =>
      narHashesEqual ? palette.green('equal') : palette.red('DIFFERENT'),
    ),
  ];
  const failed = report.runs
    .filter(({ ok }) => !ok)
    .map(({ program, prefix, output }) => `${program} from ${prefix}:\n${output}`);
  return [
    table([header, ...rows, hashes]),
    ...failed,
    report.ok
      ? `${report.objects} objects with ${report.hardcodedPaths} hardcoded paths now run from anywhere, with the same bytes everywhere.`
      : palette.red('Not everything works: see above.'),
    '',
  ]
    .join('\n\n')
    .trimEnd()
    .concat('\n');
}
