/** What becomes of paths, counted. */

import type { ReportSite } from '../../pipeline/report.ts';

export interface Outcomes {
  readonly relative: number;
  readonly alias: number;
  /** Sites of role run-time that stay absolute. */
  readonly blocked: number;
  /** Other sites that stay. */
  readonly harmless: number;
}

export const isBlocking = ({ remedy, role }: ReportSite) => remedy.kind === 'none' && role === 'run-time';

export function outcomesOf(sites: readonly ReportSite[]): Outcomes {
  const found = { relative: 0, alias: 0, blocked: 0, harmless: 0 };
  for (const site of sites) {
    found[site.remedy.kind === 'none' ? (isBlocking(site) ? 'blocked' : 'harmless') : site.remedy.kind]++;
  }
  return found;
}

export const sumOf = ({ relative, alias, blocked, harmless }: Outcomes) => relative + alias + blocked + harmless;
