/** Made-up reports of any size. */

import type { AuditReport, ReportChange, ReportObject, ReportSite } from '../../../src/pipeline/report.ts';

const digest = (i: number) => String(i).padStart(32, '0');

export const pathOf = (i: number) => `/nix/store/${digest(i)}-package-${i}`;

/** One of 97 blocks; half of the others are lines of Python files, half strings of programs. */
export function site(i: number, changes: Partial<ReportSite> = {}): ReportSite {
  const blocked = i % 97 === 0;
  const isText = i % 2 === 0;
  const text = `${pathOf(i % 7)}/share/data-${i}`;
  return {
    file: `lib/file-${i - (i % 10) + (i % 2)}.py`,
    place: 'contents',
    rule: blocked ? 'dbus/service' : isText ? 'python/string' : 'elf/string',
    offset: i,
    ...(isText
      ? { line: 10 + (i % 10), column: 8, context: { before: 'DATA = "', after: '"  # where the data is' } }
      : {}),
    length: text.length,
    text,
    reference: `${digest(i % 7)}-package-${i % 7}`,
    role: i % 5 === 1 ? 'documentation' : 'run-time',
    what: 'string',
    remedy: blocked
      ? { kind: 'none', code: 'host-reader', reason: 'the host reads it' }
      : { kind: isText ? 'relative' : 'alias', transform: 'x', form: `form ${i}` },
    ...changes,
  };
}

/** What becomes of the Python files among the sites. */
export function changesOf(sites: readonly ReportSite[]): ReportChange[] {
  const files = new Map<string, ReportSite[]>();
  for (const one of sites) {
    if (one.line !== undefined) files.set(one.file, [...(files.get(one.file) ?? []), one]);
  }
  return [...files].map(([file, own]) => ({
    file,
    omitted: 0,
    hunks: own.map(({ line = 0, text }) => ({
      oldStart: line - 1,
      oldLines: 3,
      newStart: line - 1,
      newLines: 3,
      lines: [
        ' import os',
        `-DATA = "${text}"  # where the data is`,
        `+DATA = os.path.dirname(__file__) + "/../../${text.slice('/nix/store/'.length)}"  # where the data is`,
        ' use(DATA)',
      ],
    })),
  }));
}

export function object(i: number, sites: readonly ReportSite[], more: Partial<ReportObject> = {}): ReportObject {
  const references = i === 0 ? [] : [...new Set([pathOf(0), pathOf(i - 1), pathOf(Math.floor(i / 3))])];
  const size = 1000 * (i + 1);
  return {
    path: pathOf(i),
    narHash: 'sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
    references,
    sites,
    bareMentions: 0,
    size,
    ...more,
  };
}

export function report(objects: readonly ReportObject[]): AuditReport {
  const sites = objects.flatMap((one) => one.sites);
  const byRule: Record<string, number> = {};
  for (const { rule } of sites) byRule[rule] = (byRule[rule] ?? 0) + 1;
  const totals = { occurrences: sites.length, sites: sites.length, bareMentions: 0, byRule, byRole: {}, byRemedy: {} };
  return { version: 1, storeDir: '/nix/store', objects, totals };
}

/** Objects that need each other, with sites and changes. */
export function closure(objects: number, sitesEach: number): AuditReport {
  return report(
    Array.from({ length: objects }, (_, i) => {
      const sites = Array.from({ length: sitesEach }, (__, k) => site(i * sitesEach + k));
      return object(i, sites, { changes: changesOf(sites) });
    }),
  );
}
