/** What was adopted, for people. */

import type { AdoptReport } from '../pipeline/adopt/adopt.ts';
import { type Palette, table } from './table.ts';

export function adoptText(report: AdoptReport, palette: Palette): string {
  const rows = report.objects.map(({ path, from, isProgram }) => [
    isProgram ? palette.bold(path) : path,
    palette.dim(from.length > 2 ? `${from[0]} and ${from.length - 1} more` : from.join(' ')),
  ]);
  const missing = report.missing.map(({ file, library }) => `'${file}' needs '${library}', which this machine lacks\n`);
  return `${table(rows)}\n${missing.join('')}`;
}
