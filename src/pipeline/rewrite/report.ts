/** The data of a rewriting in place. */

import type { RelocatedObject, ReportTotals, VerificationCheck } from '../report.ts';

export interface RewriteReport {
  readonly version: 1;
  readonly storeDir: string;
  readonly objects: readonly RewrittenObject[];
  readonly totals: ReportTotals;
  /** Remaining sites of role run-time. */
  readonly unresolved: number;
  readonly checks: readonly VerificationCheck[];
}

export type RewrittenObject = Omit<RelocatedObject, 'output'>;
