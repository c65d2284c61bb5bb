/** What a demonstration found, for people who never heard of store paths. */

import type { DemoPrefix, DemoReport, DemoRun } from '../pipeline/demo/report.ts';
import { type Palette, table } from './table.ts';
import { shorten } from './widths.ts';

/** Columns for a prefix's own path. */
const PATH_WIDTH = 60;
/** Columns for what a program is asked to do. */
const TASK_WIDTH = 70;

function cell(run: DemoRun | undefined, palette: Palette): string {
  if (run === undefined) return palette.red('not run');
  if (!run.sameOutput) return palette.red('differs');
  return run.librariesOutside.length > 0 ? palette.red('host libraries') : palette.green('same output');
}

function heading({ kind, bytes }: DemoPrefix): string {
  return `${kind} (${bytes} bytes)`;
}

/** What stays absolute: nothing, mostly; else paths of no use to a running program, or a problem. */
function remaining({ audit, relocation }: DemoReport): string {
  const harmless = audit.sites - relocation.rewritten - relocation.unresolved;
  return harmless > 0 ? `; ${harmless} that only builders or readers use stay as they are` : '';
}

function problems({ runs, kind }: DemoPrefix): string[] {
  return runs.flatMap(({ program, difference, librariesOutside }) => [
    ...(difference === '' ? [] : [`${program}, ${kind}: ${difference}`]),
    ...(librariesOutside.length === 0 ? [] : [`${program}, ${kind}: loaded ${librariesOutside.join(', ')}`]),
  ]);
}

export function demoText(report: DemoReport, palette: Palette): string {
  const { audit, relocation, prefixes } = report;
  const parts: string[] = [];
  parts.push(
    `${palette.bold(`${report.programs.length} programs, ${report.objects} packages`)}, all tied to ${report.storeDir}\n` +
      table(report.programs.map(({ name, from, task }) => [`  ${name}`, palette.dim(from), shorten(task, TASK_WIDTH)])),
  );
  const rules = Object.entries(audit.byRule).map(([rule, count]) => `${count} ${rule}`);
  parts.push(
    `${palette.bold(`Found ${audit.sites} hardcoded paths`)}: ${rules.join(', ')}\n` +
      palette.bold(`Rewrote ${relocation.rewritten}`) +
      remaining(report),
  );
  parts.push(
    `${palette.bold('The same files, moved to three places')}. Before they were started there, ${report.absence}.\n` +
      table(prefixes.map((prefix) => [`  ${heading(prefix)}`, palette.dim(shorten(prefix.path, PATH_WIDTH))])),
  );
  const rows = [
    ['  program', ...prefixes.map(({ kind }) => kind)],
    ...report.programs.map(({ name }) => [
      `  ${name}`,
      ...prefixes.map(({ runs }) =>
        cell(
          runs.find(({ program }) => program === name),
          palette,
        ),
      ),
    ]),
    [
      '  NAR hashes',
      ...prefixes.map(({ sameHashes }) => (sameHashes ? palette.green('equal') : palette.red('differ'))),
    ],
  ];
  parts.push(table(rows));
  const wrong = [
    ...prefixes.flatMap(problems),
    ...relocation.failedChecks.map((name) => `check '${name}' failed`),
    ...(relocation.unresolved > 0 ? [`${relocation.unresolved} run-time paths stayed absolute`] : []),
  ];
  if (wrong.length > 0) parts.push(wrong.map((line) => `${palette.red('!')} ${line}`).join('\n'));
  if (report.kept !== undefined) parts.push(`Kept: ${report.kept}`);
  parts.push(
    report.ok
      ? palette.green(
          'Every program works from every place as it did before, and its files are the same bytes everywhere.',
        )
      : palette.red('Something went wrong, see above.'),
  );
  return `${parts.join('\n\n')}\n`;
}
