/** Logical lines: those that end in a backslash are one with the next. */

export interface LogicalLine {
  /** Bytes from the file's start, without the line's end. */
  readonly start: number;
  readonly end: number;
}

/**
 * @param text the file, one character a byte
 * @param joins whether a backslash at the end joins a line with the next
 */
export function logicalLines(text: string, joins: boolean): LogicalLine[] {
  const lines: LogicalLine[] = [];
  for (let start = 0; start < text.length; ) {
    const endAt = (from: number) => {
      const newline = text.indexOf('\n', from);
      return newline < 0 ? text.length : newline;
    };
    let end = endAt(start);
    if (joins)
      while (end < text.length && /\\\r?$/.test(text.slice(Math.max(start, end - 2), end))) end = endAt(end + 1);
    lines.push({ start, end });
    start = end + 1;
  }
  return lines;
}

/** The one that holds the byte at `offset`; the list is in order. */
export function lineAt<Line extends LogicalLine>(lines: readonly Line[], offset: number): Line | undefined {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((lines[middle] as Line).end <= offset) low = middle + 1;
    else high = middle;
  }
  const line = lines[low];
  return line !== undefined && line.start <= offset ? line : undefined;
}
