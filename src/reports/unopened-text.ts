/** Archives that may hold paths that nobody saw, for people at a terminal. */

import type { ReportObject } from '../pipeline/report.ts';
import type { Palette } from './table.ts';
import { unopenedName, unopenedReason } from './unopened.ts';
import { wrapped } from './widths.ts';
import { baseName } from './words.ts';

/**
 * @param limit most files that are named; the rest is counted
 * @param width columns of the terminal
 */
export function notLookedInto(
  objects: readonly Pick<ReportObject, 'path' | 'unopened'>[],
  palette: Palette,
  limit: number,
  width = Number.POSITIVE_INFINITY,
): string {
  const lines = objects.flatMap(({ path, unopened = [] }) =>
    unopened.map((file) => `  ${baseName(path)}/${unopenedName(file)}\n    ${wrapped(unopenedReason(file), width, 4)}`),
  );
  if (lines.length === 0) return '';
  const rest = lines.length - limit;
  const more = rest > 0 ? [`  ${palette.dim(`... and ${rest} more (--verbose shows all)`)}`] : [];
  const title = palette.bold('Not looked into, so that paths inside are not known');
  return [title, ...lines.slice(0, limit), ...more].join('\n');
}
