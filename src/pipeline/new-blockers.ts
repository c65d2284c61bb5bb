/** What blocks, and what blocks that did not before. */

import type { AuditReport, ReportObject, ReportSite } from './report.ts';

/** A blocking site with its object. */
export interface Blocker {
  readonly object: ReportObject;
  readonly site: ReportSite;
}

/** Run-time sites that stay absolute. */
export function blockingSites(report: AuditReport): Blocker[] {
  return report.objects.flatMap((object) =>
    object.sites
      .filter(({ role, remedy }) => role === 'run-time' && remedy.kind === 'none')
      .map((site) => ({ object, site })),
  );
}

const withoutDigest = (baseName: string) => baseName.slice(33);

/** A site as it is known from build to build: digests and offsets change with every one. */
function identity({ object, site }: Blocker): string {
  const name = withoutDigest(object.path.slice(object.path.lastIndexOf('/') + 1));
  return JSON.stringify([name, site.file, site.member ?? '', site.rule, withoutDigest(site.reference)]);
}

/** Blocking sites that the earlier report has not; of several alike, those beyond the earlier number. */
export function newBlockers(report: AuditReport, before: AuditReport): Blocker[] {
  const known = new Map<string, number>();
  for (const blocker of blockingSites(before)) {
    const key = identity(blocker);
    known.set(key, (known.get(key) ?? 0) + 1);
  }
  return blockingSites(report).filter((blocker) => {
    const key = identity(blocker);
    const left = known.get(key) ?? 0;
    known.set(key, left - 1);
    return left <= 0;
  });
}
