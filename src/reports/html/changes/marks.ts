/** What is different inside of a replaced line, word by word. */

import { diffWordsWithSpace } from 'diff';

/** Texts that are the same before and after, and texts that are not, in turn; the first is the same, or empty. */
export type Segments = readonly string[];

export interface MarkedPair {
  readonly before: Segments;
  readonly after: Segments;
}

/** Longer lines are only compared from both ends: the words of two unlike lines cost time by the square. */
const LONGEST = 1000;
/** Shorter texts between two differences belong to them: single slashes and dots tell nothing. */
const SHORTEST_SAME = 4;

interface Part {
  readonly same: boolean;
  readonly before: string;
  readonly after: string;
}

/** Words, or where a line is long, everything between what both begin and end with. */
function partsOf(before: string, after: string): Part[] {
  if (before.length + after.length <= LONGEST) {
    return diffWordsWithSpace(before, after).map(({ added, removed, value }) => ({
      same: !added && !removed,
      before: added ? '' : value,
      after: removed ? '' : value,
    }));
  }
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const tail = before.slice(before.length - end);
  return [
    { same: true, before: before.slice(0, start), after: before.slice(0, start) },
    { same: false, before: before.slice(start, before.length - end), after: after.slice(start, after.length - end) },
    { same: true, before: tail, after: tail },
  ];
}

/** Neighbours of one kind become one part; what is the same but short, between differences, becomes a difference. */
function joined(parts: readonly Part[]): Part[] {
  const isSame = (part: Part, i: number) =>
    part.same && (i === 0 || i === parts.length - 1 || part.before.trim().length >= SHORTEST_SAME);
  const result: Part[] = [];
  for (const [i, part] of parts.entries()) {
    const same = isSame(part, i);
    const last = result.at(-1);
    if (last !== undefined && last.same === same) {
      result[result.length - 1] = { same, before: last.before + part.before, after: last.after + part.after };
    } else {
      result.push({ ...part, same });
    }
  }
  return result;
}

function segments(parts: readonly Part[], side: 'before' | 'after'): Segments {
  const texts = parts.map((part) => part[side]);
  return parts[0]?.same === false ? ['', ...texts] : texts;
}

/** The segments of both lines; put together they are the lines. */
export function markedPair(before: string, after: string): MarkedPair {
  const parts = joined(partsOf(before, after));
  return { before: segments(parts, 'before'), after: segments(parts, 'after') };
}
