/** A relocation for people at a terminal: what was made, what was checked, what stays. */

import type { RelocateReport } from '../pipeline/report.ts';
import { DEFAULT_WIDTH, type TextOptions } from './audit-text.ts';
import { becomes, fileOf, inContext, placeOf, type SiteStyle } from './site-text.ts';
import { type Palette, plainPalette, table } from './table.ts';
import { notLookedInto } from './unopened-text.ts';
import { baseName, counted } from './words.ts';

const PROGRAMS_SHOWN = 12;
const SITES_SHOWN = 20;
const OBJECTS_SHOWN = 8;
/** Files that were not looked into. */
const FILES_SHOWN = 8;
/** Lines of a check that only says what is worth knowing. */
const NOTES_SHOWN = 3;

function made(report: RelocateReport, palette: Palette): string {
  const left = report.totals.byRemedy.none ?? 0;
  const { programs } = report;
  const names = `${programs.slice(0, PROGRAMS_SHOWN).join(' ')}${programs.length > PROGRAMS_SHOWN ? ' ...' : ''}`;
  const shown =
    programs.length === 0 ? 'no programs' : `${counted(programs.length, 'program')} in ${report.to}/bin: ${names}`;
  const count = `${counted(report.objects.length, 'object')}, ${counted(report.totals.sites - left, 'path')} rewritten, ${left} left`;
  return `${palette.bold(report.to)}: ${count}\n${shown}${dropped(report)}`;
}

function dropped({ dropped: paths }: RelocateReport): string {
  if (paths === undefined) return '';
  if (paths.length === 0) return '\nNothing was left behind: something at work needs every object.';
  const names = paths.map(baseName);
  const more = names.length > OBJECTS_SHOWN ? ` and ${names.length - OBJECTS_SHOWN} more` : '';
  return `\nLeft behind, since only dead paths name them: ${names.slice(0, OBJECTS_SHOWN).join(', ')}${more}`;
}

function checks(report: RelocateReport, palette: Palette, verbose: boolean): string {
  const rows = report.checks.map(({ ok, summary }) => [ok ? palette.green('  ok') : palette.red('  FAILED'), summary]);
  const details = report.checks.flatMap(({ ok, name, details: lines }) => {
    const shown = verbose || !ok ? lines : lines.slice(0, NOTES_SHOWN);
    const rest = lines.length - shown.length;
    return [
      ...shown.map((line) => `  ${palette.yellow(name)} ${line}`),
      ...(rest > 0 ? [`  ${palette.yellow(name)} ${palette.dim(`... and ${rest} more (--verbose shows all)`)}`] : []),
    ];
  });
  return [palette.bold('Checks'), table(rows), ...details].join('\n');
}

function unresolved(report: RelocateReport, style: SiteStyle, verbose: boolean): string {
  const { palette } = style;
  const sites = report.objects.flatMap(({ path, remaining }) =>
    remaining.filter(({ role }) => role === 'run-time').map((site) => ({ object: baseName(path), site })),
  );
  if (sites.length === 0) return '';
  const shown = verbose ? sites : sites.slice(0, SITES_SHOWN);
  const lines = shown.map(
    ({ object, site }) =>
      `  ${[object, ...(site.file === '' ? [] : [fileOf(site)])].join('/')} ${palette.dim(placeOf(site))} ${palette.yellow(site.rule)}\n    ${inContext(site, style, 4)}\n    → ${becomes(site, style, 6)}`,
  );
  const rest = sites.length - shown.length;
  const more = rest > 0 ? [`  ${palette.dim(`... and ${rest} more (--verbose shows all)`)}`] : [];
  const title = `Not relocatable: ${counted(sites.length, 'run-time path stays', 'run-time paths stay')} absolute`;
  return [palette.red(title), ...lines, ...more].join('\n');
}

export function relocateText(report: RelocateReport, options: TextOptions = {}): string {
  const { palette = plainPalette, width = DEFAULT_WIDTH, verbose = false } = options;
  const style = { palette, width };
  const parts = [
    made(report, palette),
    checks(report, palette, verbose),
    unresolved(report, style, verbose),
    notLookedInto(report.objects, palette, verbose ? Number.POSITIVE_INFINITY : FILES_SHOWN, width),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}
