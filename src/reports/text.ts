/** Reports for people at a terminal. */

import type { AuditReport, RelocateReport, ReportObject, ReportSite } from '../pipeline/report.ts';
import { cells, type Palette, plainPalette, shorten, table } from './table.ts';

export interface TextOptions {
  readonly palette?: Palette;
  /** Columns of the terminal. */
  readonly width?: number;
  /** Every site, not the first few of each object. */
  readonly verbose?: boolean;
}

const SITES_SHOWN = 12;
const DEFAULT_WIDTH = 100;

/** Sites that stay absolute although a running program may need them. */
const blockers = (object: ReportObject) =>
  object.sites.filter(({ remedy, role }) => remedy.kind === 'none' && role === 'run-time');

function verdict(object: ReportObject, palette: Palette): string {
  const blocked = blockers(object).length;
  if (object.sites.length === 0) return palette.green('relocatable');
  if (blocked === 0) return palette.green('relocatable after rewriting');
  return palette.red(`blocked by ${blocked} ${blocked === 1 ? 'site' : 'sites'}`);
}

const baseName = (path: string) => path.slice(path.lastIndexOf('/') + 1);

function countTable(title: string, counts: Readonly<Record<string, number>>, palette: Palette): string {
  const rows = Object.entries(counts).map(([name, count]) => [`  ${name}`, String(count)]);
  return rows.length === 0 ? '' : `${palette.bold(title)}\n${table(rows, [1])}`;
}

function remedyText({ remedy }: ReportSite, palette: Palette): string {
  if (remedy.kind === 'none') return palette.red(`stays: ${remedy.reason ?? ''}`);
  return `${palette.dim(remedy.kind)} ${remedy.form ?? ''}`;
}

function siteLines(site: ReportSite, width: number, palette: Palette): string {
  const head = `    ${site.file || '(the object itself)'} ${palette.dim(`+${site.offset}`)} ${palette.yellow(site.rule)} ${palette.dim(`(${site.what}, ${site.role})`)}`;
  const remedy = remedyText(site, palette);
  const room = Math.max(30, width - 6);
  return `${head}\n      ${shorten(site.text, room)}\n      → ${cells(remedy) > room ? remedy : remedy}`;
}

/** Blockers first, then what will be rewritten. */
function inOrderOfConcern(sites: readonly ReportSite[]): ReportSite[] {
  const weight = ({ remedy, role }: ReportSite) => (remedy.kind !== 'none' ? 1 : role === 'run-time' ? 0 : 2);
  return [...sites].sort((a, b) => weight(a) - weight(b));
}

/** The audit: a verdict for each object, counts, then the sites. */
export function auditText(report: AuditReport, options: TextOptions = {}): string {
  const palette = options.palette ?? plainPalette;
  const width = options.width ?? DEFAULT_WIDTH;
  const parts: string[] = [];
  const verdicts = report.objects.map((object) => [
    `  ${shorten(report.objects.length > 1 ? baseName(object.path) : object.path, Math.max(30, width - 50))}`,
    verdict(object, palette),
    palette.dim(`${object.sites.length} ${object.sites.length === 1 ? 'site' : 'sites'}`),
  ]);
  parts.push(`${palette.bold('Verdict')}\n${table(verdicts)}`);
  parts.push(countTable('Sites by rule', report.totals.byRule, palette));
  parts.push(countTable('Sites by role', report.totals.byRole, palette));
  parts.push(countTable('What a relocation does with them', report.totals.byRemedy, palette));
  for (const object of report.objects) {
    if (object.sites.length === 0) continue;
    const limit = options.verbose ? object.sites.length : SITES_SHOWN;
    const shown = inOrderOfConcern(object.sites).slice(0, limit);
    const rest = object.sites.length - shown.length;
    const more = rest > 0 ? `\n    ${palette.dim(`… and ${rest} more (--verbose shows all)`)}` : '';
    parts.push(
      `${palette.bold(object.path)}\n${shown.map((site) => siteLines(site, width, palette)).join('\n')}${more}`,
    );
  }
  const { occurrences, bareMentions } = report.totals;
  const bare = bareMentions > 0 ? `; ${bareMentions} mentions of ${report.storeDir} without an object` : '';
  const objects = `${report.objects.length} ${report.objects.length === 1 ? 'object' : 'objects'}`;
  const paths = occurrences === 1 ? '1 hardcoded path' : `${occurrences} hardcoded paths`;
  const more = occurrences > 0 ? `\n${palette.dim("'unmoor explain RULE' says more about a rule.")}` : '';
  parts.push(`${paths} in ${objects}, all explained${bare}.${more}`);
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** The relocation: what was made, what stays, what was checked. */
export function relocateText(report: RelocateReport, options: TextOptions = {}): string {
  const palette = options.palette ?? plainPalette;
  const parts: string[] = [];
  const rewritten =
    Object.values(report.totals.byRemedy).reduce((sum, n) => sum + n, 0) - (report.totals.byRemedy.none ?? 0);
  const programs =
    report.programs.length === 0
      ? 'no programs'
      : `${report.programs.length} programs in ${report.to}/bin: ${report.programs.slice(0, 12).join(' ')}${report.programs.length > 12 ? ' …' : ''}`;
  parts.push(
    `${palette.bold(report.to)}: ${report.objects.length} objects, ${rewritten} paths rewritten, ${report.totals.byRemedy.none ?? 0} left\n${programs}`,
  );
  const checks = report.checks.map(({ ok, summary }) => [
    ok ? palette.green('  ok') : palette.red('  FAILED'),
    summary,
  ]);
  parts.push(`${palette.bold('Checks')}\n${table(checks)}`);
  const details = report.checks.flatMap(({ ok, name, details: lines }) =>
    (options.verbose || !ok ? lines : lines.slice(0, 3)).map((line) => `  ${palette.yellow(name)} ${line}`),
  );
  if (details.length > 0) parts.push(details.join('\n'));
  const unresolved = report.objects.flatMap((object) =>
    object.remaining.filter(({ role }) => role === 'run-time').map((site) => ({ object, site })),
  );
  if (unresolved.length > 0) {
    const limit = options.verbose ? unresolved.length : 20;
    const lines = unresolved
      .slice(0, limit)
      .map(
        ({ object, site }) =>
          `  ${baseName(object.path)}/${site.file} +${site.offset} ${site.rule}\n    ${site.text}\n    ${site.remedy.reason ?? ''}`,
      );
    const more = unresolved.length > limit ? `\n  … and ${unresolved.length - limit} more (--verbose shows all)` : '';
    parts.push(
      `${palette.red(`Not relocatable: ${unresolved.length} run-time paths stay absolute`)}\n${lines.join('\n')}${more}`,
    );
  }
  return `${parts.join('\n\n')}\n`;
}
