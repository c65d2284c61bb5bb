/** Diffs as the page embeds them: short, and with the changed words of each line already found. */

import type { ReportChange, ReportHunk } from '../../../pipeline/report.ts';
import { visibleLine } from '../../visible.ts';
import { markedPair } from './marks.ts';
import { linePairs } from './pairs.ts';

/** A line as in a unified diff; or its first character, and its segments (marks.ts). */
export type LineData = string | readonly string[];

/** First line before, first line after, lines. */
export type HunkData = readonly [number, number, ...LineData[]];

export interface ChangeData {
  readonly removed: number;
  readonly added: number;
  readonly omitted: number;
  readonly hunks: readonly HunkData[];
}

/** Position after the run of lines that begin with `sign`. */
function runEnd(lines: readonly string[], from: number, sign: string): number {
  let at = from;
  while (at < lines.length && lines[at]?.[0] === sign) at++;
  return at;
}

function lineData(lines: readonly string[]): LineData[] {
  const result: LineData[] = [...lines];
  for (let at = 0; at < lines.length; ) {
    const middle = runEnd(lines, at, '-');
    const end = runEnd(lines, middle, '+');
    const body = (line: string) => line.slice(1);
    const pairs = linePairs(lines.slice(at, middle).map(body), lines.slice(middle, end).map(body));
    for (const [old, young] of pairs) {
      const marked = markedPair(body(lines[at + old] as string), body(lines[middle + young] as string));
      result[at + old] = ['-', ...marked.before];
      result[middle + young] = ['+', ...marked.after];
    }
    at = Math.max(end, at + 1);
  }
  return result;
}

function hunkData({ oldStart, newStart, lines }: ReportHunk): HunkData {
  return [oldStart, newStart, ...lineData(lines.map(visibleLine))];
}

export function changeData({ hunks, omitted }: ReportChange): ChangeData {
  const count = (sign: string) =>
    hunks.reduce((sum, { lines }) => sum + lines.filter((line) => line[0] === sign).length, 0);
  return { removed: count('-'), added: count('+'), omitted, hunks: hunks.map(hunkData) };
}
