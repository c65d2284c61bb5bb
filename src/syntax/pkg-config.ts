/**
 * pkg-config files, line by line: `name=value` is a variable, `Keyword: value` a field, `#` begins a comment, and a
 * backslash at the end of a line joins it with the next (pc(5) of pkgconf; pkgconf libpkgconf/parser.c, fileio.c).
 */

export interface PkgConfigLine {
  readonly kind: 'variable' | 'field' | 'comment' | 'other';
  /** Name of the variable or field. */
  readonly name: string;
  /** Bytes from the file's start; the joined lines are one. */
  readonly start: number;
  readonly end: number;
  /** Where a comment begins inside the line; `end` when there is none. */
  readonly comment: number;
}

/** @param text the file, one character a byte */
export function pkgConfigLines(text: string): PkgConfigLine[] {
  const lines: PkgConfigLine[] = [];
  for (let start = 0; start < text.length; ) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    while (end < text.length && /\\\r?$/.test(text.slice(Math.max(start, end - 2), end))) {
      const next = text.indexOf('\n', end + 1);
      end = next < 0 ? text.length : next;
    }
    const line = text.slice(start, end);
    const hash = line.indexOf('#');
    const match = /^\s*([A-Za-z0-9_.]+)\s*([=:])/.exec(line);
    lines.push({
      kind: match === null ? (/^\s*#/.test(line) ? 'comment' : 'other') : match[2] === '=' ? 'variable' : 'field',
      name: match?.[1] ?? '',
      start,
      end,
      comment: hash < 0 ? end : start + hash,
    });
    start = end + 1;
  }
  return lines;
}

/** Fields that only people read. */
export const descriptiveFields: ReadonlySet<string> = new Set([
  'Name',
  'Description',
  'URL',
  'License',
  'Maintainer',
  'Copyright',
]);
