/** Many audits to one index. */

import type { AuditReport, ReportObject, ReportSite } from '../report.ts';
import type { IndexBlocker, IndexPackage, IndexReport } from './report.ts';

export interface NamedAudit {
  readonly name: string;
  readonly report: AuditReport;
}

const isBlocking = ({ remedy, role }: ReportSite) => remedy.kind === 'none' && role === 'run-time';
const baseName = (path: string) => path.slice(path.lastIndexOf('/') + 1);

function countRules(sites: readonly ReportSite[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { rule } of sites) counts[rule] = (counts[rule] ?? 0) + 1;
  return counts;
}

function packageOf({ name, report }: NamedAudit): IndexPackage {
  const blocked = report.objects.filter(({ sites }) => sites.some(isBlocking));
  return {
    name,
    objects: report.objects.length,
    sites: report.totals.sites,
    blocking: blocked.reduce((sum, { sites }) => sum + sites.filter(isBlocking).length, 0),
    heldBackBy: blocked.map(({ path }) => baseName(path)).sort(),
  };
}

/** A store object is the same wherever its store lies, as long as its contents are; anything else is known by its path. */
function identity({ path, narHash }: ReportObject): string {
  const name = baseName(path);
  return /^[0-9a-z]{32}-/.test(name) ? `${name} ${narHash}` : path;
}

function blockersOf(audits: readonly NamedAudit[]): IndexBlocker[] {
  const found = new Map<string, { readonly object: ReportObject; readonly packages: string[] }>();
  for (const { name, report } of audits) {
    for (const object of report.objects) {
      if (!object.sites.some(isBlocking)) continue;
      const entry = found.get(identity(object));
      if (entry === undefined) found.set(identity(object), { object, packages: [name] });
      else entry.packages.push(name);
    }
  }
  return [...found.values()]
    .map(({ object, packages }) => {
      const sites = object.sites.filter(isBlocking);
      return { object: baseName(object.path), blocking: sites.length, byRule: countRules(sites), packages };
    })
    .sort((a, b) => b.packages.length - a.packages.length || b.blocking - a.blocking || (a.object < b.object ? -1 : 1));
}

function rulesOf(audits: readonly NamedAudit[]): IndexReport['byRule'] {
  const objects = new Map(
    audits.flatMap(({ report }) => report.objects.map((object) => [identity(object), object] as const)),
  );
  const rules = new Map<string, { sites: number; blocking: number }>();
  for (const { sites } of objects.values()) {
    for (const site of sites) {
      const entry = rules.get(site.rule) ?? { sites: 0, blocking: 0 };
      entry.sites++;
      if (isBlocking(site)) entry.blocking++;
      rules.set(site.rule, entry);
    }
  }
  return Object.fromEntries([...rules].sort(([, a], [, b]) => b.blocking - a.blocking || b.sites - a.sites));
}

function trendOf(packages: readonly IndexPackage[], previous: IndexReport): NonNullable<IndexReport['trend']> {
  const before = new Map(previous.packages.map((entry) => [entry.name, entry]));
  const relocatable = (entries: readonly IndexPackage[]) => entries.filter(({ blocking }) => blocking === 0).length;
  const blocking = (entries: readonly IndexPackage[]) => entries.reduce((sum, entry) => sum + entry.blocking, 0);
  const known = packages.filter(({ name }) => before.has(name));
  return {
    relocatable: relocatable(packages) - relocatable(previous.packages),
    blocking: blocking(packages) - blocking(previous.packages),
    freed: known
      .filter((entry) => entry.blocking === 0 && before.get(entry.name)?.blocking !== 0)
      .map(({ name }) => name),
    heldBackAnew: known
      .filter((entry) => entry.blocking > 0 && before.get(entry.name)?.blocking === 0)
      .map(({ name }) => name),
  };
}

/** @param previous an earlier index of the same set, for the trend */
export function makeIndex(audits: readonly NamedAudit[], previous?: IndexReport): IndexReport {
  const before = new Map(previous?.packages.map(({ name, blocking }) => [name, blocking]));
  const packages = audits
    .map(packageOf)
    .map((entry) => ({ ...entry, ...(before.has(entry.name) && { before: before.get(entry.name) as number }) }))
    .sort((a, b) => b.blocking - a.blocking || b.sites - a.sites || (a.name < b.name ? -1 : 1));
  return {
    version: 1,
    packages,
    blockers: blockersOf(audits),
    byRule: rulesOf(audits),
    ...(previous !== undefined && { trend: trendOf(packages, previous) }),
  };
}
