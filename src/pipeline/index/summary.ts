/** What an index needs of an audit: counts by object and rule. Audits of a whole package set would not fit into memory. */

import type { AuditReport, ReportObject, ReportSite } from '../report.ts';

export interface NamedAudit {
  readonly name: string;
  readonly report: AuditReport;
}

export interface RuleCount {
  readonly sites: number;
  /** Run-time sites that stay absolute. */
  readonly blocking: number;
}

export interface ObjectSummary {
  /** The same for one object in several audits. */
  readonly identity: string;
  readonly baseName: string;
  readonly blocking: number;
  readonly byRule: ReadonlyMap<string, RuleCount>;
}

export interface AuditSummary {
  readonly name: string;
  readonly sites: number;
  readonly objects: readonly ObjectSummary[];
}

const isBlocking = ({ remedy, role }: ReportSite) => remedy.kind === 'none' && role === 'run-time';
const baseNameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** A store object is the same wherever its store lies, as long as its contents are; anything else is known by its path. */
function identityOf({ path, narHash }: ReportObject): string {
  const name = baseNameOf(path);
  return /^[0-9a-z]{32}-/.test(name) ? `${name} ${narHash}` : path;
}

function summaryOf(identity: string, { path, sites }: ReportObject): ObjectSummary {
  const byRule = new Map<string, RuleCount>();
  for (const site of sites) {
    const { sites: count, blocking } = byRule.get(site.rule) ?? { sites: 0, blocking: 0 };
    byRule.set(site.rule, { sites: count + 1, blocking: blocking + (isBlocking(site) ? 1 : 0) });
  }
  return { identity, baseName: baseNameOf(path), blocking: sites.filter(isBlocking).length, byRule };
}

/** Makes a function that summarises audits, one after the other; objects that several have are kept once. */
export function summarizer(): (audit: NamedAudit) => AuditSummary {
  const known = new Map<string, ObjectSummary>();
  return ({ name, report }) => ({
    name,
    sites: report.totals.sites,
    objects: report.objects.map((object) => {
      const identity = identityOf(object);
      const summary = known.get(identity) ?? summaryOf(identity, object);
      known.set(identity, summary);
      return summary;
    }),
  });
}
