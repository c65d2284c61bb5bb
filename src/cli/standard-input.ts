/** `-` among the paths: standard input, as a file that can be read at any place. */

import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditReport } from '../pipeline/report.ts';

export interface StandardInput {
  readonly paths: string[];
  /** The report with `-` where the temporary file is named. */
  named(report: AuditReport): AuditReport;
  remove(): void;
}

/** Replaces `-` by a temporary file; `remove` takes it away again. */
export function standardInputAsFile(paths: readonly string[]): StandardInput {
  if (!paths.includes('-')) return { paths: [...paths], named: (report) => report, remove() {} };
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-')));
  const file = join(directory, 'standard-input');
  writeFileSync(file, readFileSync(0));
  return {
    paths: paths.map((path) => (path === '-' ? file : path)),
    named: (report) => ({
      ...report,
      objects: report.objects.map((object) => (object.path === file ? { ...object, path: '-' } : object)),
    }),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
