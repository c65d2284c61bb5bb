/** Search in lists of pieces of a text. */

export interface Interval {
  readonly start: number;
  readonly end: number;
}

/** The piece that holds an offset; the pieces are sorted and do not overlap. */
export function intervalAt<T extends Interval>(pieces: readonly T[], offset: number): T | undefined {
  let low = 0;
  let high = pieces.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((pieces[middle] as T).end <= offset) low = middle + 1;
    else high = middle;
  }
  const found = pieces[low];
  return found !== undefined && found.start <= offset ? found : undefined;
}

/** The index of the first number that is not smaller; the list ascends. */
export function firstAtLeast(numbers: readonly number[], least: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] as number) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Those of ascending offsets that stand in a piece. */
export function offsetsInside(offsets: readonly number[], { start, end }: Interval): number[] {
  const first = firstAtLeast(offsets, start);
  let last = first;
  while (last < offsets.length && (offsets[last] as number) < end) last++;
  return offsets.slice(first, last);
}
