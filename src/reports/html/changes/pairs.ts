/** Which removed line of a diff became which added line. */

/** Longer runs are paired in order: the table of all pairs grows by the square. */
const LONGEST_RUN = 60;
/** Of the longer line, how much both have at their beginning and end together. */
const LEAST_ALIKE = 0.3;

/** Share of the longer line that both lines begin and end with. */
function likeness(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start++;
  let end = 0;
  while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  return shorter === 0 ? 0 : (start + end) / Math.max(a.length, b.length);
}

/**
 * Pairs of positions, both rising: all in order where there are as many lines before as after; the most alike otherwise (the
 * heaviest common subsequence).
 */
export function linePairs(before: readonly string[], after: readonly string[]): (readonly [number, number])[] {
  if (before.length === after.length) return before.map((_, i) => [i, i]);
  if (before.length > LONGEST_RUN || after.length > LONGEST_RUN) return [];
  const weight = before.map((old) =>
    after.map((young) => {
      const value = likeness(old, young);
      return value < LEAST_ALIKE ? 0 : value;
    }),
  );
  // best[i][j]: the weight of the lines from i and j on.
  const best = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0));
  const at = (i: number, j: number) => best[i]?.[j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      (best[i] as number[])[j] = Math.max(at(i + 1, j), at(i, j + 1), at(i + 1, j + 1) + (weight[i]?.[j] ?? 0));
    }
  }
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0, j = 0; i < before.length && j < after.length; ) {
    if (at(i, j) === at(i + 1, j)) i++;
    else if (at(i, j) === at(i, j + 1)) j++;
    else pairs.push([i++, j++]);
  }
  return pairs;
}
