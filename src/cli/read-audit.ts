/** Audits that were written before, in JSON. */

import { readFileSync } from 'node:fs';
import type { AuditReport } from '../pipeline/report.ts';
import { UserError } from '../pipeline/user-error.ts';

/** @throws {UserError} when a file cannot be read, or is no JSON */
export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UserError(`${path}: ${(error as Error).message}`, { exitCode: 2, hint: 'give audits in JSON form' });
  }
}

/** @throws {UserError} when the file is no audit of version 1 */
export function readAudit(path: string): AuditReport {
  const report = readJson(path) as Partial<AuditReport> | null;
  if (report?.version !== 1 || !Array.isArray(report.objects) || report.totals === undefined) {
    throw new UserError(`${path}: this is no audit of version 1`, {
      exitCode: 2,
      hint: "'unmoor audit --closure --format json' makes one",
    });
  }
  return report as AuditReport;
}
