/**
 * Lua 5.1 to 5.4 and LuaJIT: where strings and comments stand (Lua reference manual, "Lexical Conventions"). Tokens of
 * Lua do not depend on what stands around them, so a lexer is enough, and it is the same for all versions.
 */

import type { ByteSource } from '../../store/byte-source.ts';
import { intervalAt } from '../interval.ts';

export interface LuaString {
  readonly kind: 'quoted' | 'long';
  readonly start: number;
  /** The text between the delimiters. */
  readonly textStart: number;
  readonly textEnd: number;
  readonly end: number;
  /** Whether the string is the one argument of a call and begins on a line behind the function. */
  readonly isCallOnNextLine: boolean;
  /** What reads the text: a shell, a pattern of Lua, `string.format`, or nothing that is known. */
  readonly reader: 'shell' | 'pattern' | 'format' | 'none';
}

export interface LuaSource {
  readonly text: string;
  /** Where the first statement begins. */
  readonly codeStart: number | undefined;
  /** How often `local` stands in the file: a function has room for 200 local variables. */
  readonly locals: number;
  at(offset: number): LuaString | { readonly kind: 'comment'; readonly end: number } | undefined;
}

/** Bytes. */
export const LARGEST_SOURCE = 16 * 1024 * 1024;

export const sourceExtension = /\.(?:lua|wlua|rockspec)$/;

const token =
  /--\[(=*)\[|--[^\n]*|\[(=*)\[|"|'|[A-Za-z_][\w]*|(?:0[xX][\da-fA-F.]+(?:[pP][+-]?\d+)?|\.?\d[\d.]*(?:[eE][+-]?\d+)?)[a-zA-Z]*|\s+|::|\.\.\.?|[-+*/%^#=~<>(){}\][;:,.&|!?@$]/y;

const closing: ReadonlyMap<string, string> = new Map(Object.entries({ '(': ')', '[': ']', '{': '}' }));

const shellFunctions = /^(?:execute|popen)$/;
const patternMethods = /^(?:gsub|match|gmatch)$/;

function readerOf(called: string, isMethod: boolean, behind: string): LuaString['reader'] {
  if (shellFunctions.test(called)) return 'shell';
  if (isMethod && patternMethods.test(called)) return 'pattern';
  return (called === 'format' && !isMethod) || /^\s*\)\s*:\s*format\b/.test(behind) ? 'format' : 'none';
}

/** Words of the language, behind which a string is no argument. */
const words = new Set(
  'and break do else elseif end false for function goto if in local nil not or repeat return then true until while'.split(
    ' ',
  ),
);

/** Behind the quote that closes the string at `at`; undefined when a line ends first. */
function quotedEnd(text: string, at: number): number | undefined {
  const quote = text[at];
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '\\') {
      // A line may end behind a backslash, by one or two characters; `\z` skips blanks and ends of lines.
      if (text[i + 1] === 'z') {
        const blanks = /\s*/y;
        blanks.lastIndex = i + 2;
        i += 1 + (blanks.exec(text) as RegExpExecArray)[0].length;
      } else i += text[i + 1] === '\r' && text[i + 2] === '\n' ? 2 : 1;
    } else if (text[i] === quote) return i + 1;
    else if (text[i] === '\n') return undefined;
  }
  return undefined;
}

function readSource(text: string): LuaSource | undefined {
  const strings: LuaString[] = [];
  const comments: { readonly start: number; readonly end: number }[] = [];
  const brackets: string[] = [];
  /** The last tokens, the newest at the end. */
  let before: string[] = [';', ';', ';'];
  let lastEnd = 0;
  let codeStart: number | undefined;
  let locals = 0;
  let at = text.startsWith('\xef\xbb\xbf') ? 3 : 0;
  // The first line may be for the kernel.
  if (text[at] === '#') at = text.indexOf('\n') < 0 ? text.length : text.indexOf('\n');
  const string = (kind: LuaString['kind'], textStart: number, textEnd: number, end: number) => {
    const [third, second, first] = before as [string, string, string];
    const isCall = (/^[A-Za-z_]/.test(first) && !words.has(first)) || /^["\])}]$/.test(first);
    const called = first === '(' ? second : first;
    const isMethod = first === '(' && third === ':';
    strings.push({
      kind,
      start: at,
      textStart,
      textEnd,
      end,
      isCallOnNextLine: isCall && text.slice(lastEnd, at).includes('\n'),
      reader: readerOf(called, isMethod, text.slice(end, end + 80)),
    });
    before = [second, first, '"'];
    at = end;
    lastEnd = end;
  };
  while (at < text.length) {
    token.lastIndex = at;
    const found = token.exec(text);
    if (found === null) return undefined;
    const [whole, commentLevel, level] = found;
    if (commentLevel !== undefined || level !== undefined) {
      const close = `]${commentLevel ?? level}]`;
      const textEnd = text.indexOf(close, at + whole.length);
      if (textEnd < 0) return undefined;
      const end = textEnd + close.length;
      if (level === undefined) {
        comments.push({ start: at, end });
        at = end;
      } else {
        codeStart ??= at;
        string('long', at + whole.length, textEnd, end);
      }
    } else if (whole.startsWith('--')) {
      comments.push({ start: at, end: at + whole.length });
      at += whole.length;
    } else if (whole === '"' || whole === "'") {
      const end = quotedEnd(text, at);
      if (end === undefined) return undefined;
      codeStart ??= at;
      string('quoted', at + 1, end - 1, end);
    } else {
      if (/\S/.test(whole)) {
        codeStart ??= at;
        const close = closing.get(whole);
        if (close !== undefined) brackets.push(close);
        else if (/^[)\]}]$/.test(whole) && brackets.pop() !== whole) return undefined;
        if (whole === 'local') locals++;
        before = [before[1] as string, before[2] as string, whole];
        lastEnd = at + whole.length;
      }
      at += whole.length;
    }
  }
  if (brackets.length > 0) return undefined;
  return {
    text,
    // A chunk that begins with a value is data for somebody who puts `return` before it.
    codeStart: codeStart !== undefined && /[A-Za-z_(;:]/.test(text[codeStart] as string) ? codeStart : undefined,
    locals,
    at(offset) {
      const comment = intervalAt(comments, offset);
      return intervalAt(strings, offset) ?? (comment && { kind: 'comment', end: comment.end });
    },
  };
}

const known = new WeakMap<ByteSource, { readonly source: LuaSource | undefined }>();

/**
 * Reads a source; the result is kept as long as `bytes` lives.
 *
 * @returns undefined when the text is no Lua: characters that no token has, strings or brackets that do not close
 */
export function luaSource(bytes: ByteSource): LuaSource | undefined {
  let found = known.get(bytes);
  if (found === undefined) {
    found = { source: readSource(bytes.read(0, bytes.size).toString('latin1')) };
    known.set(bytes, found);
  }
  return found.source;
}
