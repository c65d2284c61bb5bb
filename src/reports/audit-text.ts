/** The audit for people at a terminal: verdicts, counts, then the sites, those that stay absolute first. */

import type { AuditReport, ReportObject, ReportSite } from '../pipeline/report.ts';
import { cells, type Palette, plainPalette, shorten, table } from './table.ts';

export interface TextOptions {
  readonly palette?: Palette;
  /** Columns of the terminal; infinite where texts need not be shortened. */
  readonly width?: number;
  /** Every site, not the first few. */
  readonly verbose?: boolean | undefined;
  /** Sites of one object that are shown before the rest is only counted. */
  readonly limit?: number | undefined;
}

const DEFAULT_WIDTH = 100;
const SITES_SHOWN = 12;
/** Columns that verdict and count take beside an object's name. */
const VERDICT_WIDTH = 50;

interface Style {
  readonly palette: Palette;
  readonly width: number;
  readonly verbose: boolean;
  readonly limit: number;
}

const REMEDIES = ['relative', 'alias', 'none'] as const;

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}

/** Sites that stay absolute although a running program may need them. */
function blockers({ sites }: ReportObject): ReportSite[] {
  return sites.filter(({ remedy, role }) => remedy.kind === 'none' && role === 'run-time');
}

function verdict(object: ReportObject, { palette }: Style): string {
  const blocked = blockers(object).length;
  if (blocked > 0) return palette.red(`blocked by ${counted(blocked, 'site')}`);
  return palette.green(object.sites.length === 0 ? 'relocatable' : 'relocatable after rewriting');
}

function verdictTable(report: AuditReport, style: Style): string {
  const alone = report.objects.length === 1;
  const rows = report.objects.map((object) => [
    `  ${shorten(alone ? object.path : baseName(object.path), Math.max(30, style.width - VERDICT_WIDTH))}`,
    verdict(object, style),
    style.palette.dim(counted(object.sites.length, 'site')),
  ]);
  return `${style.palette.bold('Verdict')}\n${table(rows, [2])}`;
}

function ruleTable({ objects, totals }: AuditReport, { palette }: Style): string {
  if (totals.sites === 0) return '';
  const counts = new Map<string, number>();
  for (const { sites } of objects) {
    for (const { rule, remedy } of sites) {
      const key = `${rule} ${remedy.kind}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  const cell = (rule: string, kind: string) => String(counts.get(`${rule} ${kind}`) ?? palette.dim('-'));
  const rows = Object.entries(totals.byRule).map(([rule, count]) => [
    `  ${rule}`,
    String(count),
    ...REMEDIES.map((kind) => cell(rule, kind)),
  ]);
  const head = ['  rule', 'sites', 'relative', 'alias', 'stay'].map((title) => palette.dim(title));
  return `${palette.bold('What was found, and what a relocation does with it')}\n${table([head, ...rows], [1, 2, 3, 4])}`;
}

function becomes({ remedy }: ReportSite, palette: Palette): string {
  return remedy.kind === 'none'
    ? palette.red(`stays: ${remedy.reason ?? ''}`)
    : `${palette.dim(remedy.kind)} ${remedy.form ?? ''}`;
}

/** Line and column where there are lines, else the offset. */
export function placeOf({ line, column, offset }: ReportSite): string {
  return line === undefined ? `+${offset}` : `${line}:${column}`;
}

/** Characters of the line that are shown on each side of a path. */
const AROUND = 40;

/** The path with what stands around it; the path comes first where there is not room for all. */
export function inContext({ text, context }: ReportSite, width: number, palette: Palette): string {
  const room = Math.min(AROUND, Math.floor((width - cells(text)) / 2));
  if (context === undefined || room < 4) return shorten(text, width);
  const before = [...context.before.trimStart()];
  const after = [...context.after];
  const left = before.length > room ? `…${before.slice(1 - room).join('')}` : before.join('');
  const right = after.length > room ? `${after.slice(0, room - 1).join('')}…` : after.join('');
  return `${palette.dim(left)}${palette.bold(text)}${palette.dim(right)}`;
}

/** The sites of one object, in order; each file's name once. */
function siteList(sites: readonly ReportSite[], { palette, width }: Style): string {
  const lines: string[] = [];
  let file: string | undefined;
  for (const site of sites) {
    const inner = site.member === undefined ? '' : ` (inside: ${site.member})`;
    const name = `${site.file === '' ? '(the object itself)' : site.file}${inner}`;
    if (name !== file) lines.push(`  ${name}`);
    file = name;
    const where = palette.dim(placeOf(site));
    lines.push(
      `    ${palette.yellow(site.rule)} ${where} ${palette.dim(`${site.what}, ${site.role}`)}`,
      `      ${inContext(site, Math.max(30, width - 6), palette)}`,
      `      → ${becomes(site, palette)}`,
    );
  }
  return lines.join('\n');
}

function limited(path: string, sites: readonly ReportSite[], style: Style): string {
  const shown = style.verbose ? sites : sites.slice(0, style.limit);
  const rest = sites.length - shown.length;
  const more = rest > 0 ? `\n  ${style.palette.dim(`... and ${rest} more (--limit shows more, --verbose all)`)}` : '';
  return `${style.palette.bold(path)}\n${siteList(shown, style)}${more}`;
}

/** Why sites of no use to a running program stay as they are, with counts. */
function harmlessRemains({ objects }: AuditReport, { palette }: Style): string {
  const reasons = new Map<string, number>();
  for (const { sites } of objects) {
    for (const { remedy, role } of sites) {
      if (remedy.kind !== 'none' || role === 'run-time') continue;
      const key = `${role}: ${remedy.reason ?? ''}`;
      reasons.set(key, (reasons.get(key) ?? 0) + 1);
    }
  }
  if (reasons.size === 0) return '';
  const rows = [...reasons].map(([reason, count]) => [`  ${count}`, reason]);
  return `${palette.bold('Stays as it is, and matters to no running program')}\n${table(rows)}`;
}

/**
 * Which sites are shown: of a single object, or with `verbose`, all (or the first few); of many, those that block.
 */
function details(report: AuditReport, style: Style): string[] {
  const everything = style.verbose || report.objects.length === 1;
  return report.objects.flatMap((object) => {
    const blocking = blockers(object);
    const others = object.sites.filter((site) => !blocking.includes(site));
    const sites = everything ? (style.verbose ? object.sites : [...blocking, ...others]) : blocking;
    return sites.length === 0 ? [] : [limited(object.path, sites, style)];
  });
}

/** The diffs of one object's texts, if there are any. */
function changesOf({ path, changes = [] }: ReportObject, { palette }: Style): string[] {
  const colour = (line: string) =>
    line.startsWith('-') ? palette.red(line) : line.startsWith('+') ? palette.green(line) : line;
  return changes.map(({ file, member, hunks, omitted }) => {
    const name = [baseName(path), file, member].filter((part) => part !== undefined && part !== '').join('/');
    const body = hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
      palette.dim(`@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`),
      ...lines.map(colour),
    ]);
    const more = omitted === 0 ? [] : [palette.dim(`... and ${counted(omitted, 'change')} more`)];
    return [palette.bold(`--- ${name}`), palette.bold(`+++ ${name}`), ...body, ...more].join('\n');
  });
}

function summary({ objects, totals, storeDir }: AuditReport, { palette, verbose }: Style): string {
  const bare = totals.bareMentions > 0 ? `; ${counted(totals.bareMentions, 'mention')} of ${storeDir} alone` : '';
  const found = `${counted(totals.occurrences, 'hardcoded path')} in ${counted(objects.length, 'object')}, all explained${bare}.`;
  const hints = [
    ...(totals.sites > 0 && !verbose ? ['--verbose lists all sites'] : []),
    ...(totals.sites > 0 ? ["'unmoor explain RULE' tells more about a rule"] : []),
  ];
  return hints.length === 0 ? found : `${found}\n${palette.dim(`${hints.join('; ')}.`)}`;
}

export function auditText(report: AuditReport, options: TextOptions = {}): string {
  const { palette = plainPalette, width = DEFAULT_WIDTH, verbose = false, limit = SITES_SHOWN } = options;
  const style: Style = { palette, width, verbose, limit };
  const parts = [
    verdictTable(report, style),
    ruleTable(report, style),
    ...details(report, style),
    ...report.objects.flatMap((object) => changesOf(object, style)),
    harmlessRemains(report, style),
    summary(report, style),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}
