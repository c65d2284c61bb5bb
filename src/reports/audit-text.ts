/** The audit for people at a terminal: verdicts, counts, then the sites, those that stay absolute first. */

import type { AuditReport, ReportObject, ReportSite } from '../pipeline/report.ts';
import { cells, type Palette, plainPalette, shorten, table } from './table.ts';
import { countUnopened, unopenedName, unopenedReason } from './unopened.ts';

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
/** Columns that verdict and counts take beside an object's name. */
const VERDICT_WIDTH = 64;

interface Style {
  readonly palette: Palette;
  readonly width: number;
  readonly verbose: boolean;
  readonly limit: number;
  /** Sites that do not block, too. */
  readonly everything: boolean;
}

const REMEDIES = ['relative', 'alias', 'none'] as const;

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}

/** Whether it stays absolute although a running program may need it. */
function isBlocking({ remedy, role }: ReportSite): boolean {
  return remedy.kind === 'none' && role === 'run-time';
}

function verdict({ sites, unopened }: ReportObject, { palette }: Style): string {
  const blocked = sites.filter(isBlocking).length;
  const unseen = countUnopened(unopened);
  const but = unseen === 0 ? '' : palette.yellow(`, ${unseen} not looked into`);
  if (blocked > 0) return palette.red(`blocked by ${counted(blocked, 'site')}`) + but;
  return palette.green(sites.length === 0 ? 'relocatable' : 'relocatable after rewriting') + but;
}

/** How many sites there are, and of each remedy; a dash for none. */
function counts(sites: readonly ReportSite[], palette: Palette): string[] {
  const byRemedy = REMEDIES.map((kind) => sites.filter(({ remedy }) => remedy.kind === kind).length);
  return [sites.length, ...byRemedy].map((count) => (count === 0 ? palette.dim('-') : String(count)));
}

const COUNTS = ['sites', 'relative', 'alias', 'stay'];

function verdictTable({ objects }: AuditReport, style: Style): string {
  const { palette } = style;
  const title = palette.bold('Verdict');
  const [only] = objects;
  if (objects.length === 1 && only !== undefined) {
    return `${title}\n${table([[`  ${only.path}`, verdict(only, style), palette.dim(counted(only.sites.length, 'site'))]])}`;
  }
  const rows = objects.map((object) => [
    `  ${shorten(baseName(object.path), Math.max(30, style.width - VERDICT_WIDTH))}`,
    verdict(object, style),
    ...counts(object.sites, palette),
  ]);
  const head = ['  object', '', ...COUNTS].map((text) => palette.dim(text));
  return `${title}\n${table([head, ...rows], [2, 3, 4, 5])}`;
}

function ruleTable({ objects, totals }: AuditReport, { palette }: Style): string {
  if (totals.sites === 0) return '';
  const sites = Map.groupBy(
    objects.flatMap((object) => object.sites),
    ({ rule }) => rule,
  );
  const rows = Object.keys(totals.byRule).map((rule) => [`  ${rule}`, ...counts(sites.get(rule) ?? [], palette)]);
  const head = ['  rule', ...COUNTS].map((text) => palette.dim(text));
  return `${palette.bold('What was found, and what a relocation does with it')}\n${table([head, ...rows], [1, 2, 3, 4])}`;
}

/** What a relocation makes of it. */
export function becomes({ remedy }: ReportSite, palette: Palette): string {
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
 * Which sites are shown, those that block first: of a single object, or when the user says how many, all kinds; of many
 * objects, those that block.
 */
function details(report: AuditReport, style: Style): string[] {
  const everything = style.everything || report.objects.length === 1;
  return report.objects.flatMap((object) => {
    const blocking = object.sites.filter(isBlocking);
    const others = everything ? object.sites.filter((site) => !isBlocking(site)) : [];
    const sites = style.verbose ? object.sites : [...blocking, ...others];
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

/** Archives that may hold paths that nobody saw. */
export function notLookedInto(
  objects: readonly Pick<ReportObject, 'path' | 'unopened'>[],
  palette: Palette,
  limit: number,
): string {
  const lines = objects.flatMap(({ path, unopened = [] }) =>
    unopened.map((file) => `  ${baseName(path)}/${unopenedName(file)}\n    ${unopenedReason(file)}`),
  );
  if (lines.length === 0) return '';
  const rest = lines.length - limit;
  const more = rest > 0 ? [`  ${palette.dim(`... and ${rest} more (--verbose shows all)`)}`] : [];
  const title = palette.bold('Not looked into, so that paths inside are not known');
  return [title, ...lines.slice(0, limit), ...more].join('\n');
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
  const { palette = plainPalette, width = DEFAULT_WIDTH, verbose = false, limit } = options;
  const everything = verbose || limit !== undefined;
  const style: Style = { palette, width, verbose, limit: limit ?? SITES_SHOWN, everything };
  const parts = [
    verdictTable(report, style),
    ruleTable(report, style),
    ...details(report, style),
    ...report.objects.flatMap((object) => changesOf(object, style)),
    harmlessRemains(report, style),
    notLookedInto(report.objects, palette, verbose ? Number.POSITIVE_INFINITY : style.limit),
    summary(report, style),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}
