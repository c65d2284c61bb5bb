/** Summaries of many audits to one index. */

import type { IndexBlocker, IndexPackage, IndexReport } from './report.ts';
import type { AuditSummary, ObjectSummary, RuleCount } from './summary.ts';

function packageOf({ name, sites, objects }: AuditSummary): IndexPackage {
  const blocked = objects.filter(({ blocking }) => blocking > 0);
  return {
    name,
    objects: objects.length,
    sites,
    blocking: blocked.reduce((sum, { blocking }) => sum + blocking, 0),
    heldBackBy: blocked.map(({ baseName }) => baseName).sort(),
  };
}

function blockersOf(audits: readonly AuditSummary[]): IndexBlocker[] {
  const found = new Map<string, { readonly object: ObjectSummary; readonly packages: string[] }>();
  for (const { name, objects } of audits) {
    for (const object of objects) {
      if (object.blocking === 0) continue;
      const entry = found.get(object.identity);
      if (entry === undefined) found.set(object.identity, { object, packages: [name] });
      else entry.packages.push(name);
    }
  }
  return [...found.values()]
    .map(({ object: { baseName, blocking, byRule }, packages }) => {
      const rules = [...byRule].filter(([, count]) => count.blocking > 0);
      return {
        object: baseName,
        blocking,
        byRule: Object.fromEntries(rules.map(([rule, count]) => [rule, count.blocking])),
        packages,
      };
    })
    .sort((a, b) => b.packages.length - a.packages.length || b.blocking - a.blocking || (a.object < b.object ? -1 : 1));
}

/** Over all objects, each once. */
function rulesOf(audits: readonly AuditSummary[]): IndexReport['byRule'] {
  const objects = new Map(audits.flatMap((audit) => audit.objects.map((object) => [object.identity, object] as const)));
  const rules = new Map<string, RuleCount>();
  for (const { byRule } of objects.values()) {
    for (const [rule, { sites, blocking }] of byRule) {
      const sum = rules.get(rule) ?? { sites: 0, blocking: 0 };
      rules.set(rule, { sites: sum.sites + sites, blocking: sum.blocking + blocking });
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
export function makeIndex(audits: readonly AuditSummary[], previous?: IndexReport): IndexReport {
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
