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

/** Fields that pkgconf splits into words like a shell, once variables are replaced (libpkgconf/argvsplit.c). */
const flagFields: ReadonlySet<string> = new Set([
  'Cflags',
  'CFlags',
  'Cflags.private',
  'CFlags.private',
  'Libs',
  'Libs.private',
]);

export interface QuotedReference {
  /** Name of the variable. */
  readonly name: string;
  /** Of `${name}`; bytes from the file's start. */
  readonly start: number;
  readonly end: number;
  readonly quote: '"' | "'";
}

/** The quote that is open at each place of a line; `''` outside. */
function quotesIn(text: string, { start, comment }: PkgConfigLine): ('' | '"' | "'")[] {
  const quotes: ('' | '"' | "'")[] = [];
  let open: '' | '"' | "'" = '';
  for (let at = start; at < comment; at++) {
    const character = text[at];
    quotes.push(open);
    if (character === '\\' && open !== "'") {
      quotes.push(open);
      at++;
    } else if (open !== '') {
      if (character === open) open = '';
    } else if (character === '"' || character === "'") {
      open = character;
    }
  }
  return quotes;
}

/** The quote around the byte at `offset` in a field of flags; `''` when there is none, or the line is no such field. */
export function quoteAround(text: string, line: PkgConfigLine, offset: number): '' | '"' | "'" {
  if (line.kind !== 'field' || !flagFields.has(line.name)) return '';
  return quotesIn(text, line)[offset - line.start] ?? '';
}

/** References to variables between quotes, in fields of flags. */
export function quotedReferences(text: string, lines: readonly PkgConfigLine[]): QuotedReference[] {
  return lines.flatMap((line) => {
    if (line.kind !== 'field' || !flagFields.has(line.name)) return [];
    const quotes = quotesIn(text, line);
    return [...text.slice(line.start, line.comment).matchAll(/\$\{([A-Za-z0-9_.]+)\}/g)].flatMap((match) => {
      const quote = quotes[match.index] ?? '';
      const start = line.start + match.index;
      return quote === '' ? [] : [{ name: match[1] as string, start, end: start + match[0].length, quote }];
    });
  });
}

/**
 * Variables whose value, with all that it refers to, holds one of the places.
 *
 * @param places bytes from the file's start
 */
export function variablesWith(text: string, lines: readonly PkgConfigLine[], places: readonly number[]): Set<string> {
  const variables = lines.filter(({ kind }) => kind === 'variable');
  const names = new Set(
    variables.filter(({ start, end }) => places.some((at) => at >= start && at < end)).map(({ name }) => name),
  );
  // Values refer to variables above them, so one pass in order finds them all.
  for (const { name, start, comment } of variables) {
    const value = text.slice(start, comment);
    if ([...value.matchAll(/\$\{([A-Za-z0-9_.]+)\}/g)].some(([, other]) => names.has(other as string))) names.add(name);
  }
  return names;
}

/** Whether the value of every variable of that name is one word; quotes around all of it are taken off by pkgconf. */
export function isPlainWord(text: string, lines: readonly PkgConfigLine[], name: string): boolean {
  return lines
    .filter((line) => line.kind === 'variable' && line.name === name)
    .every(({ start, comment }) => {
      const value = text.slice(text.indexOf('=', start) + 1, comment).trim();
      return !/[\s"'\\]/.test(/^(["'])(.*)\1$/s.exec(value)?.[2] ?? value);
    });
}
