/**
 * PHP: where strings and comments stand (PHP manual, "Basic syntax", "Strings"). Text outside of `<?php` and `?>` is output.
 * A lexer is enough: what a quote means depends on nothing but these.
 */

export interface PhpString {
  readonly kind: 'single' | 'double' | 'command' | 'heredoc' | 'nowdoc';
  /** From the quote, or from the letter b before it. */
  readonly start: number;
  readonly textStart: number;
  readonly textEnd: number;
  readonly end: number;
  /** Code in braces, and what else stands for a value. */
  readonly holes: readonly { readonly start: number; readonly end: number }[];
  /** The function whose first argument it begins; undefined when there is none, as for a method. */
  readonly called: string | undefined;
}

export interface PhpRemark {
  readonly kind: 'comment' | 'output';
  readonly start: number;
  readonly end: number;
}

export interface PhpText {
  readonly strings: readonly PhpString[];
  readonly remarks: readonly PhpRemark[];
}

const opening = /<\?(?:php(?=\s|$)|=)/gi;
const token =
  /\/\/|\/\*|'|"|`|<<<[ \t]*(["']?)([A-Za-z_\x80-\xff][\w\x80-\xff]*)\1\r?\n|\?>|__halt_compiler\b|\\?[A-Za-z_\x80-\xff][\w\x80-\xff\\]*|\$+[A-Za-z_\x80-\xff][\w\x80-\xff]*|->|\?->|::|[()[\]{}]|[^\s]|\s+/giy;

const closing: ReadonlyMap<string, string> = new Map(Object.entries({ '(': ')', '[': ']', '{': '}' }));

/** Behind the quote that closes, and what stands in braces on the way; undefined when nothing closes it. */
function interpolatedEnd(
  text: string,
  at: number,
  quote: string,
): { readonly end: number; readonly holes: PhpString['holes'] } | undefined {
  const holes: { start: number; end: number }[] = [];
  for (let i = at; i < text.length; i++) {
    const character = text[i];
    if (character === '\\') i++;
    else if (character === quote) return { end: i + 1, holes };
    else if ((character === '{' && text[i + 1] === '$') || (character === '$' && text[i + 1] === '{')) {
      const end = bracesEnd(text, i + (character === '$' ? 1 : 0), 0);
      if (end === undefined) return undefined;
      holes.push({ start: i, end });
      i = end - 1;
    }
  }
  return undefined;
}

const DEEPEST = 100;

/** Behind the brace that closes the one at `at`; strings inside may hold braces. */
function bracesEnd(text: string, at: number, depth: number): number | undefined {
  if (depth > DEEPEST) return undefined;
  let open = 0;
  for (let i = at; i < text.length; i++) {
    const character = text[i];
    if (character === '{') open++;
    else if (character === '}' && --open === 0) return i + 1;
    else if (character === "'" || character === '"') {
      for (i++; text[i] !== character; i++) {
        if (i >= text.length) return undefined;
        if (text[i] === '\\') i++;
        else if (character === '"' && text[i] === '{' && text[i + 1] === '$') {
          const end = bracesEnd(text, i, depth + 1);
          if (end === undefined) return undefined;
          i = end - 1;
        }
      }
    }
  }
  return undefined;
}

/** @returns undefined when quotes, comments or brackets do not close */
export function lexPhp(text: string): PhpText | undefined {
  const strings: PhpString[] = [];
  const remarks: PhpRemark[] = [];
  const brackets: string[] = [];
  let at = 0;
  while (at < text.length) {
    opening.lastIndex = at;
    const open = opening.exec(text);
    const code = open === null ? text.length : opening.lastIndex;
    remarks.push({ kind: 'output', start: at, end: code });
    const end = open === null ? code : lexCode(text, code, strings, remarks, brackets);
    if (end === undefined) return undefined;
    at = end;
  }
  return brackets.length === 0 ? { strings, remarks } : undefined;
}

/** Reads code up to behind its `?>`. */
function lexCode(
  text: string,
  from: number,
  strings: PhpString[],
  remarks: PhpRemark[],
  brackets: string[],
): number | undefined {
  /** The last words and signs, the newest at the end. */
  let before: string[] = [];
  let at = from;
  while (at < text.length) {
    token.lastIndex = at;
    const found = token.exec(text);
    if (found === null) return undefined;
    const [whole, , tag] = found;
    const end = token.lastIndex;
    if (whole === '?>') return end;
    if (/^__halt_compiler$/i.test(whole)) {
      remarks.push({ kind: 'output', start: at, end: text.length });
      return text.length;
    }
    if (/^\s/.test(whole)) {
      at = end;
      continue;
    }
    if (whole === '//' || (whole === '#' && text[end] !== '[')) {
      const line = /\?>|[\r\n]|$/g;
      line.lastIndex = end;
      const stop = (line.exec(text) as RegExpExecArray).index;
      remarks.push({ kind: 'comment', start: at, end: stop });
      at = stop;
      continue;
    }
    if (whole === '/*') {
      const stop = text.indexOf('*/', end);
      if (stop < 0) return undefined;
      remarks.push({ kind: 'comment', start: at, end: stop + 2 });
      at = stop + 2;
      continue;
    }
    const string = /^['"`]$|^<<</.test(whole) ? lexString(text, at, whole, tag, before) : undefined;
    if (string !== undefined) {
      strings.push(string);
      before = ['string'];
      at = string.end;
      continue;
    }
    if (/^['"`]$|^<<<\S*[ \t]*["']?\w/.test(whole)) return undefined;
    const close = closing.get(whole);
    if (close !== undefined) brackets.push(close);
    else if (/^[)\]}]$/.test(whole) && brackets.pop() !== whole) return undefined;
    before = [...before.slice(-2), whole];
    at = end;
  }
  return at;
}

function lexString(
  text: string,
  at: number,
  whole: string,
  tag: string | undefined,
  before: readonly string[],
): PhpString | undefined {
  const [beforeName, name, sign] = before.length < 3 ? ['', ...before] : before;
  const isCall = sign === '(' && name !== undefined && !/^(?:->|\?->|::|function|new)$/i.test(beforeName ?? '');
  const called = isCall ? (name as string).replace(/^\\/, '').toLowerCase() : undefined;
  if (tag !== undefined) {
    const textStart = at + whole.length;
    const terminator = new RegExp(`^[ \\t]*${tag}(?![\\w\\x80-\\xff])`, 'gm');
    terminator.lastIndex = textStart;
    const found = terminator.exec(text);
    if (found === null) return undefined;
    const kind = whole.includes("'") ? 'nowdoc' : 'heredoc';
    return { kind, start: at, textStart, textEnd: found.index, end: terminator.lastIndex, holes: [], called };
  }
  const start = /(?<![\w\x80-\xff$\\])b$/i.test(text.slice(Math.max(0, at - 2), at)) ? at - 1 : at;
  if (whole === "'") {
    for (let i = at + 1; i < text.length; i++) {
      if (text[i] === '\\') i++;
      else if (text[i] === "'")
        return { kind: 'single', start, textStart: at + 1, textEnd: i, end: i + 1, holes: [], called };
    }
    return undefined;
  }
  const closed = interpolatedEnd(text, at + 1, whole);
  if (closed === undefined) return undefined;
  const { end, holes } = closed;
  return { kind: whole === '`' ? 'command' : 'double', start, textStart: at + 1, textEnd: end - 1, end, holes, called };
}
