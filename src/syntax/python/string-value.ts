/** What a string literal of Python means (Python reference, "String and Bytes literals", "String literal concatenation"). */

export interface StringValue {
  readonly isBytes: boolean;
  /** One character a byte; text in UTF-8. */
  readonly value: string;
}

const SIMPLE: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

const utf8 = (codePoint: number) => Buffer.from(String.fromCodePoint(codePoint), 'utf8').toString('latin1');

/** The text of one literal with its escapes replaced; undefined for those that need a table of names, or are wrong. */
function unescaped(text: string, isBytes: boolean): string | undefined {
  let fails = false;
  const escapes = /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{2})|(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))|N\{[^}]*\}|(\r\n|.))/gs;
  const value = text.replace(escapes, (whole, octal, hex, short, long, simple) => {
    const code = Number.parseInt(octal ?? hex ?? short ?? long, octal === undefined ? 16 : 8);
    if (octal !== undefined || hex !== undefined) return isBytes ? String.fromCharCode(code & 0xff) : utf8(code);
    if (simple === undefined && isBytes) return whole;
    if (short !== undefined || long !== undefined) {
      if (code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)) return utf8(code);
      fails = true;
      return '';
    }
    if (simple === '\r\n') return '';
    if (simple === undefined) fails = true;
    // An escape that Python does not know stays as it is.
    return SIMPLE[simple] ?? whole;
  });
  return fails ? undefined : value;
}

/** Blanks, comments and continued lines between literals. */
const BETWEEN = /(?:[ \t\f\r\n]|\\\r?\n|#[^\n]*)*/y;
const OPENING = /([a-zA-Z]*)("""|'''|"|')/y;

/**
 * The value of a literal, or of several side by side.
 *
 * @param text the literals as they stand in the source, one character a byte
 * @returns undefined when one of them is formatted, or the text is no literal
 */
export function stringValue(text: string): StringValue | undefined {
  let value = '';
  let isBytes: boolean | undefined;
  for (let at = 0; at < text.length; ) {
    OPENING.lastIndex = at;
    const opening = OPENING.exec(text);
    if (opening === null) return undefined;
    const prefix = (opening[1] as string).toLowerCase();
    const quote = opening[2] as string;
    if (/[ft]/.test(prefix)) return undefined;
    const start = OPENING.lastIndex;
    let end = start;
    while (end < text.length && !text.startsWith(quote, end)) end += text[end] === '\\' ? 2 : 1;
    if (end >= text.length) return undefined;
    const isOfBytes = prefix.includes('b');
    if (isBytes !== undefined && isBytes !== isOfBytes) return undefined;
    isBytes = isOfBytes;
    const body = text.slice(start, end).replace(/\r\n?/g, '\n');
    const piece = prefix.includes('r') ? body : unescaped(body, isOfBytes);
    if (piece === undefined) return undefined;
    value += piece;
    BETWEEN.lastIndex = end + quote.length;
    BETWEEN.test(text);
    at = BETWEEN.lastIndex;
  }
  return isBytes === undefined ? undefined : { isBytes, value };
}
