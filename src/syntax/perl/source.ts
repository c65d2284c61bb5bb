/** Perl sources: what stands at a byte, and whether a variable can stand there. */

import type { ByteSource } from '../../store/byte-source.ts';
import { type Interval, intervalAt } from '../interval.ts';
import { lexPerl } from './lexer.ts';
import type { Lexed, Quoted, QuoteKind, Remark } from './pieces.ts';

export interface PerlSource {
  readonly text: string;
  /** Where a statement can be inserted before all others; undefined when the place of the file is not to be known there. */
  readonly codeStart: number | undefined;
  /** The quoted text or remark that holds a byte. */
  at(offset: number): { readonly quoted: Quoted } | { readonly remark: Remark } | undefined;
}

/** Bytes. */
export const LARGEST_SOURCE = 8 * 1024 * 1024;

export const sourceExtension = /\.(?:pm|pl|PL|al|ph|t|psgi|cgi|pod)$/;

/** Prolog names its files like Perl; a file of Perl has one of these words at the start of a line. */
const looksLikePerl =
  /^[ \t]*(?:(?:use|package|require|sub|my|our|local|print|BEGIN|no|return|bless|eval)\b|=(?:pod|head\d|encoding)|[$@%]\w|#!.*perl|1;|\+?\{)/m;

/**
 * What makes a script run under perl when a shell was given it (perlrun, "-S"); for perl itself it is nothing. Some have a
 * command for csh behind it.
 */
const shellStart = /(?:eval\s+(?:'[^'\\]*'|"[^"\\]*")\s*&{0,2}\s*)+if\s+(?:0|\$(?:::|\w)+)(?:[ \t]*#[^\n]*)?\s*;/y;

function sourceOf(text: string, lexed: Lexed): PerlSource {
  const { quoted, remarks } = lexed;
  let codeStart = lexed.codeStart;
  let shellEnd = 0;
  if (codeStart !== undefined) {
    shellStart.lastIndex = codeStart;
    const found = shellStart.exec(text);
    if (found !== null && /\bexec\b/.test(found[0])) {
      codeStart += found[0].length;
      shellEnd = codeStart;
    }
    // A line directive gives the file another name.
    if (/^#[ \t]*line[ \t]+\d/m.test(text.slice(0, codeStart))) codeStart = undefined;
  }
  const readsData = /\bDATA\b/.test(text.slice(0, remarks.find(({ kind }) => kind === 'end')?.start ?? 0));
  const pods = remarks.filter(({ kind }) => kind === 'pod');
  const others = remarks.filter(({ kind }) => kind !== 'pod');
  const texts = quoted
    .map((piece) => ({ start: piece.textStart, end: piece.textEnd, piece }))
    .sort((a, b) => a.start - b.start || a.end - b.end);
  return {
    text,
    codeStart,
    at(offset) {
      const remark = intervalAt(pods, offset) ?? intervalAt(others, offset);
      if (remark !== undefined)
        return { remark: remark.kind === 'end' && readsData ? { ...remark, kind: 'data' } : remark };
      const piece = intervalAt(texts, offset)?.piece;
      return piece && { quoted: offset < shellEnd ? { ...piece, kind: shellStartKind(text, piece) } : piece };
    },
  };
}

/** Double quotes have been expanded before the command is read; `$argv` is for csh, which has another language. */
function shellStartKind(text: string, { open, textStart, textEnd }: Quoted): QuoteKind {
  return open === "'" && !/\$argv\b/.test(text.slice(textStart, textEnd)) ? 'shell-start' : 'fixed';
}

const known = new WeakMap<ByteSource, { readonly source: PerlSource | undefined }>();

/**
 * Reads a source; the result is kept as long as `bytes` lives.
 *
 * @returns undefined when the text is no Perl, or the lexer lost its way
 */
export function perlSource(bytes: ByteSource): PerlSource | undefined {
  let found = known.get(bytes);
  if (found === undefined) {
    const text = bytes.read(0, bytes.size).toString('latin1');
    const lexed = looksLikePerl.test(text) ? lexPerl(text) : undefined;
    found = { source: lexed && sourceOf(text, lexed) };
    known.set(bytes, found);
  }
  return found.source;
}

/**
 * The string in single quotes that holds `offset` inside code which itself stands in interpolated text, as in
 * `"$h{'...'}"`; undefined when that code is more than such strings and what stands around them.
 */
export function embeddedString(text: string, from: number, offset: number): { start: number; end: number } | undefined {
  for (let i = from; i < offset; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '$' || text[i] === '@') {
      const end = embeddedEnd(text, i);
      if (end > offset) return quotedWithin(text, i, end, offset);
      i = Math.max(i, end - 1);
    }
  }
  return undefined;
}

function quotedWithin(
  text: string,
  from: number,
  to: number,
  offset: number,
): { start: number; end: number } | undefined {
  if (/["\\`]/.test(text.slice(from, to))) return undefined;
  let start = text.indexOf("'", from);
  while (start >= 0 && start < offset) {
    const end = text.indexOf("'", start + 1);
    if (end < 0 || end >= to) return undefined;
    if (end > offset) return { start, end: end + 1 };
    start = text.indexOf("'", end + 1);
  }
  return undefined;
}

/** Where interpolated text is more than text. */
export interface Embedded {
  /** Variables with their subscripts, and code such as `@{[...]}`. */
  readonly pieces: readonly Interval[];
  /** What stands between `\\Q` and `\\E`, where values are quoted already. */
  readonly quoted: readonly Interval[];
  /** Where `\\U` and the like begin, which change what follows. */
  readonly changedFrom: number;
}

/** What interpolated text holds between two offsets. */
export function embeddedIn(text: string, from: number, to: number): Embedded {
  const pieces: Interval[] = [];
  const quoted: Interval[] = [];
  for (let i = from; i < to; ) {
    const character = text[i] as string;
    if (character === '\\') {
      if (/[LUF]/.test(text[i + 1] ?? '')) return { pieces, quoted, changedFrom: i };
      if (text[i + 1] === 'Q' && intervalAt(quoted, i) === undefined) {
        const end = text.indexOf('\\E', i + 2);
        quoted.push({ start: i, end: end < 0 || end > to ? to : end });
      }
      i += 2;
    } else if (character === '$' || character === '@') {
      const end = embeddedEnd(text, i);
      pieces.push({ start: i, end });
      i = end;
    } else i++;
  }
  return { pieces, quoted, changedFrom: to };
}

/**
 * Whether a variable put into interpolated text at `offset` would be read as one there: not inside code or a subscript,
 * nor behind a sigil, nor under `\\U` and the like.
 */
export function takesVariable({ pieces, changedFrom }: Embedded, offset: number): boolean {
  if (offset > changedFrom || intervalAt(pieces, offset) !== undefined) return false;
  const before = intervalAt(pieces, offset - 1);
  // A sigil alone would take the variable for a reference.
  return before === undefined || before.end - before.start > 1;
}

/** Behind a variable in a string, its subscripts included. */
function embeddedEnd(text: string, at: number): number {
  const name =
    /\$#?\$*(?:\{\s*\^?\w+\s*\}|(?:::)?\w+(?:::\w+)*|\{|[^\s\w\\])|@\$*(?:\{\s*\^?\w+\s*\}|(?:::)?[A-Za-z_]\w*(?:::\w+)*|\{)|[$@]/y;
  name.lastIndex = at;
  const head = (name.exec(text) as RegExpExecArray)[0];
  let end = at + head.length;
  if (head.endsWith('{')) end = closed(text, end - 1);
  for (;;) {
    const subscript = /(?:->)?(?=[[{])/y;
    subscript.lastIndex = end;
    const found = subscript.exec(text);
    if (found === null) return end;
    end = closed(text, end + found[0].length);
  }
}

/** Behind the bracket that closes the one at `at`; the end of the text when none does. */
function closed(text: string, at: number): number {
  const open = text[at] as string;
  const close = open === '{' ? '}' : ']';
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === open) depth++;
    else if (text[i] === close && --depth === 0) return i + 1;
  }
  return text.length;
}
