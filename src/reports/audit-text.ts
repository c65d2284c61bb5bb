/** The audit for people at a terminal: verdicts, counts, then the sites, those that stay absolute first. */

import type { AuditReport, ReportObject, ReportSite } from '../pipeline/report.ts';
import { isBlocking, siteList } from './site-text.ts';
import { type Palette, plainPalette, table } from './table.ts';
import { notLookedInto } from './unopened-text.ts';
import { ruleTable, verdictTable } from './verdict-tables.ts';
import { wrapped } from './widths.ts';
import { baseName, counted } from './words.ts';

export interface TextOptions {
  readonly palette?: Palette;
  /** Columns of the terminal; infinite where texts need not be shortened. */
  readonly width?: number;
  /** Every site, not the first few. */
  readonly verbose?: boolean | undefined;
  /** Sites of one object that are shown before the rest is only counted. */
  readonly limit?: number | undefined;
}

export const DEFAULT_WIDTH = 100;
const SITES_SHOWN = 12;

interface Style {
  readonly palette: Palette;
  readonly width: number;
  readonly verbose: boolean;
  readonly limit: number;
  /** Sites that do not block, too. */
  readonly everything: boolean;
}

function limited(path: string, sites: readonly ReportSite[], style: Style): string {
  const shown = style.verbose ? sites : sites.slice(0, style.limit);
  const rest = sites.length - shown.length;
  const more = rest > 0 ? `\n  ${style.palette.dim(`... and ${rest} more (--limit shows more, --verbose all)`)}` : '';
  return `${style.palette.bold(path)}\n${siteList(shown, style)}${more}`;
}

/** Why sites of no use to a running program stay as they are, with counts. */
function harmlessRemains({ objects }: AuditReport, { palette, width }: Style): string {
  const reasons = new Map<string, number>();
  for (const { sites } of objects) {
    for (const { remedy, role } of sites) {
      if (remedy.kind !== 'none' || role === 'run-time') continue;
      const key = `${role}: ${remedy.reason ?? ''}`;
      reasons.set(key, (reasons.get(key) ?? 0) + 1);
    }
  }
  if (reasons.size === 0) return '';
  const digits = String(Math.max(...reasons.values())).length;
  const rows = [...reasons].map(([reason, count]) => [`  ${count}`, wrapped(reason, width, digits + 4)]);
  return `${palette.bold('Stays as it is, and matters to no running program')}\n${table(rows, [0])}`;
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

function summary({ objects, totals, storeDir }: AuditReport, { palette, verbose, width }: Style): string {
  const bare = totals.bareMentions > 0 ? `; ${counted(totals.bareMentions, 'mention')} of ${storeDir} alone` : '';
  const found = `${counted(totals.occurrences, 'hardcoded path')} in ${counted(objects.length, 'object')}, all explained${bare}.`;
  const hints = [
    ...(totals.sites > 0 && !verbose ? ['--verbose lists all sites'] : []),
    ...(totals.sites > 0 ? ["'unmoor explain RULE' tells more about a rule"] : []),
  ];
  return [
    wrapped(found, width, 0),
    ...(hints.length === 0 ? [] : [palette.dim(wrapped(`${hints.join('; ')}.`, width, 0))]),
  ].join('\n');
}

export function auditText(report: AuditReport, options: TextOptions = {}): string {
  const { palette = plainPalette, width = DEFAULT_WIDTH, verbose = false, limit } = options;
  const everything = verbose || limit !== undefined;
  const style: Style = { palette, width, verbose, limit: limit ?? SITES_SHOWN, everything };
  const parts = [
    verdictTable(report, style),
    ruleTable(report, style.palette),
    ...details(report, style),
    ...report.objects.flatMap((object) => changesOf(object, style)),
    harmlessRemains(report, style),
    notLookedInto(report.objects, palette, verbose ? Number.POSITIVE_INFINITY : style.limit, width),
    summary(report, style),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}
