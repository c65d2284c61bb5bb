/** Planned sites to the report's plain data, and their counts. */

import type { ObjectOutcome } from './object-task.ts';
import type { PlannedSite } from './plan.ts';
import type { ReportRemedy, ReportSite, ReportTotals, ReportUnopened } from './report.ts';
import { reportLines, reportText } from './report-text.ts';
import type { Surroundings } from './surroundings.ts';

/** One site as the report shows it. */
export function reportSite({ site, remedy, surroundings }: PlannedSite): ReportSite {
  return {
    file: reportText(site.file),
    ...(site.member === undefined ? {} : { member: reportText(site.member) }),
    place: site.place,
    rule: site.rule,
    offset: site.offset,
    ...(surroundings === undefined ? {} : reportSurroundings(surroundings)),
    length: site.length,
    text: reportText(site.text),
    reference: site.occurrence.baseName,
    role: site.role,
    what: reportText(site.what),
    remedy: reportRemedy(remedy),
  };
}

function reportSurroundings({ line, column, before, after }: Surroundings): Partial<ReportSite> {
  const context = { before: reportLines(before), after: reportLines(after) };
  return {
    ...(line !== undefined && column !== undefined && { line, column }),
    ...((before !== '' || after !== '') && { context }),
  };
}

function reportRemedy(remedy: PlannedSite['remedy']): ReportRemedy {
  return remedy.kind === 'none'
    ? { kind: 'none', code: remedy.code, reason: reportText(remedy.reason) }
    : { kind: remedy.kind, transform: remedy.transform, form: reportText(remedy.form) };
}

/** What an object's report says of files that were not looked into; nothing when there are none. */
export function reportUnopened({ unopened }: ObjectOutcome): { unopened?: ReportUnopened[] } {
  if (unopened.length === 0) return {};
  return {
    unopened: unopened.map(({ file, member, format, code, reason, members }) => ({
      file: reportText(file),
      ...(member !== undefined && { member: reportText(member) }),
      format,
      code,
      reason,
      ...(members !== undefined && { members }),
    })),
  };
}

/** Counts by key, keys sorted. */
export function countBy<T>(items: Iterable<T>, key: (item: T) => string): Record<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Whether a site stays absolute and a running program may need it. */
export function isUnresolved({ site, remedy }: PlannedSite): boolean {
  return remedy.kind === 'none' && site.role === 'run-time';
}

/** Totals over all objects. */
export function totalsOf(outcomes: readonly ObjectOutcome[]): ReportTotals {
  const sites = outcomes.flatMap((outcome) => outcome.sites);
  return {
    occurrences: outcomes.reduce((sum, outcome) => sum + outcome.occurrences, 0),
    sites: sites.length,
    bareMentions: outcomes.reduce((sum, outcome) => sum + outcome.bareMentions, 0),
    byRule: countBy(sites, ({ site }) => site.rule),
    byRole: countBy(sites, ({ site }) => site.role),
    byRemedy: countBy(sites, ({ remedy }) => remedy.kind),
  };
}
