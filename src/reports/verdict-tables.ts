/** The tables at the top of an audit: the verdict on each object, and what was found by rule. */

import type { AuditReport, ReportObject, ReportSite } from '../pipeline/report.ts';
import { displayNames } from './object-names.ts';
import { isBlocking, type SiteStyle } from './site-text.ts';
import { type Palette, table, tableWidth } from './table.ts';
import { countUnopened } from './unopened.ts';
import { shorten } from './widths.ts';
import { baseName, counted } from './words.ts';

const REMEDIES = ['relative', 'alias', 'none'] as const;
const COUNTS = ['sites', 'relative', 'alias', 'stay'];
/** Narrower names tell nothing. */
const NARROWEST_NAME = 16;

function verdict({ sites, unopened }: ReportObject, palette: Palette, isShort: boolean): string {
  const blocked = sites.filter(isBlocking).length;
  const unseen = countUnopened(unopened);
  const but = unseen === 0 ? '' : palette.yellow(`, ${unseen} not looked into`);
  if (blocked > 0) return palette.red(`blocked by ${counted(blocked, 'site')}`) + but;
  if (sites.length === 0) return palette.green('relocatable') + but;
  return palette.green(isShort ? 'after rewriting' : 'relocatable after rewriting') + but;
}

/** How many sites there are, and of each remedy; a dash for none. */
function counts(sites: readonly ReportSite[], palette: Palette): string[] {
  const byRemedy = REMEDIES.map((kind) => sites.filter(({ remedy }) => remedy.kind === kind).length);
  return [sites.length, ...byRemedy].map((count) => (count === 0 ? palette.dim('-') : String(count)));
}

interface Layout {
  readonly names: readonly string[];
  /** Verdicts in few words. */
  readonly isShort: boolean;
  /** Which of the counts are shown. */
  readonly columns: readonly number[];
}

/** From the one that tells most to the one that fits almost everywhere. */
function layouts(objects: readonly ReportObject[]): Layout[] {
  const full = objects.map(({ path }) => baseName(path));
  const names = displayNames(full);
  const all = [0, 1, 2, 3];
  return [
    { names: full, isShort: false, columns: all },
    { names, isShort: false, columns: all },
    { names, isShort: true, columns: all },
    { names, isShort: true, columns: [0, 3] },
  ];
}

function laidOut({ objects }: AuditReport, palette: Palette, { names, isShort, columns }: Layout): string {
  const chosen = (cells: readonly string[]) => columns.map((i) => cells[i] as string);
  const rows = objects.map((object, i) => [
    `  ${names[i]}`,
    verdict(object, palette, isShort),
    ...chosen(counts(object.sites, palette)),
  ]);
  const head = ['  object', '', ...chosen(COUNTS)].map((text) => palette.dim(text));
  return table(
    [head, ...rows],
    columns.map((_, i) => i + 2),
  );
}

/** The verdict on each object, with counts where there are several. */
export function verdictTable(report: AuditReport, { palette, width }: SiteStyle): string {
  const title = palette.bold('Verdict');
  const [only] = report.objects;
  if (report.objects.length === 1 && only !== undefined) {
    const [told, count] = [verdict(only, palette, false), palette.dim(counted(only.sites.length, 'site'))];
    const line = `  ${only.path}  ${told}  ${count}`;
    return `${title}\n${tableWidth(line) <= width ? line : `  ${only.path}\n  ${told}, ${count}`}`;
  }
  const made = layouts(report.objects);
  const fitting = made.map((layout) => laidOut(report, palette, layout)).find((text) => tableWidth(text) <= width);
  if (fitting !== undefined) return `${title}\n${fitting}`;
  const last = made.at(-1) as Layout;
  const longest = tableWidth(last.names.join('\n'));
  const room = Math.max(NARROWEST_NAME, width - tableWidth(laidOut(report, palette, last)) + longest);
  return `${title}\n${laidOut(report, palette, { ...last, names: last.names.map((name) => shorten(name, room)) })}`;
}

/** What was found by rule, and what a relocation does with it; empty when nothing was found. */
export function ruleTable({ objects, totals }: AuditReport, palette: Palette): string {
  if (totals.sites === 0) return '';
  const sites = Map.groupBy(
    objects.flatMap((object) => object.sites),
    ({ rule }) => rule,
  );
  const rows = Object.keys(totals.byRule).map((rule) => [`  ${rule}`, ...counts(sites.get(rule) ?? [], palette)]);
  const head = ['  rule', ...COUNTS].map((text) => palette.dim(text));
  return `${palette.bold('What was found, and what a relocation does with it')}\n${table([head, ...rows], [1, 2, 3, 4])}`;
}
