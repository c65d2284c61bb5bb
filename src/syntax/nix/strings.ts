/** The texts of strings: where escapes and antiquotations stand. Follows the start conditions of Nix's own scanner. */

const STRING_STOP = /["\\$]/g;
const INDENTED_STOP = /['$]/g;

export type Piece =
  | { readonly kind: 'text'; readonly start: number; readonly end: number; readonly escaped?: string }
  | { readonly kind: 'open'; readonly start: number; readonly end: number }
  | { readonly kind: 'close'; readonly start: number; readonly end: number };

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

function escaped(start: number, end: number, text: string): Piece {
  return { kind: 'text', start, end, escaped: text };
}

/** What stands at `from` in a `"..."` string; `close` of no length at the end of the file. */
export function nextInString(text: string, from: number): Piece {
  let at = from;
  for (;;) {
    STRING_STOP.lastIndex = at;
    const stop = STRING_STOP.test(text) ? STRING_STOP.lastIndex - 1 : text.length;
    const special = text[stop];
    // A dollar takes the character behind it along, so that `$${` is no antiquotation.
    if (special === '$' && text[stop + 1] !== '{') {
      const next = text[stop + 1];
      at = next === '"' || next === '\\' || next === undefined ? stop + 1 : stop + 2;
      continue;
    }
    if (stop > from) return { kind: 'text', start: from, end: stop };
    if (special === '"') return { kind: 'close', start: stop, end: stop + 1 };
    if (special === '$') return { kind: 'open', start: stop, end: stop + 2 };
    if (special === '\\' && stop + 1 < text.length) {
      const next = text[stop + 1] as string;
      return escaped(stop, stop + 2, ESCAPES[next] ?? next);
    }
    return { kind: 'close', start: text.length, end: text.length };
  }
}

/** What stands at `from` in a `''...''` string; `close` of no length at the end of the file. */
export function nextInIndented(text: string, from: number): Piece {
  let at = from;
  for (;;) {
    INDENTED_STOP.lastIndex = at;
    const stop = INDENTED_STOP.test(text) ? INDENTED_STOP.lastIndex - 1 : text.length;
    const special = text[stop];
    const next = text[stop + 1];
    if (special === '$' && next !== '{') {
      at = next === "'" || next === undefined ? stop + 1 : stop + 2;
      continue;
    }
    if (special === "'" && next !== "'" && next !== '$') {
      at = next === undefined ? stop + 1 : stop + 2;
      continue;
    }
    // A single quote before a dollar is itself, and leaves the dollar to be looked at.
    if (special === "'" && next === '$') {
      at = stop + 1;
      continue;
    }
    if (stop > from) return { kind: 'text', start: from, end: stop };
    if (special === '$') return { kind: 'open', start: stop, end: stop + 2 };
    if (special === undefined) return { kind: 'close', start: text.length, end: text.length };
    return afterTwoQuotes(text, stop);
  }
}

function afterTwoQuotes(text: string, at: number): Piece {
  const next = text[at + 2];
  if (next === '$') return escaped(at, at + 3, '$');
  if (next === "'") return escaped(at, at + 3, "''");
  if (next === '\\' && at + 3 < text.length) {
    const character = text[at + 3] as string;
    return escaped(at, at + 4, ESCAPES[character] ?? character);
  }
  return { kind: 'close', start: at, end: at + 2 };
}

/** The end of an indented string's opening, `''` and blanks up to and with the first line end. */
export function indentedOpening(text: string, at: number): number {
  let end = at + 2;
  while (text[end] === ' ') end++;
  return text[end] === '\n' ? end + 1 : at + 2;
}
