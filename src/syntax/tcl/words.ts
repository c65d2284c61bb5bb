/** Commands and words of Tcl (Tcl(n), "Rules for the syntax of Tcl"). Positions are bytes from the file's start. */

export interface Word {
  readonly kind: 'bare' | 'quoted' | 'braced';
  /** With quotes or braces; `{*}` before the word is left out. */
  readonly start: number;
  readonly end: number;
}

export interface Command {
  readonly start: number;
  /** Behind the last word, or behind the comment. */
  readonly end: number;
  /** Empty for a comment. */
  readonly words: readonly Word[];
}

/** Thrown where a brace, bracket or quote does not close. */
export class Unclosed extends Error {}

/** Behind the brace that closes the one at `at`. */
export function braceEnd(text: string, at: number, end: number): number {
  let depth = 0;
  for (let i = at; i < end; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth === 0) return i + 1;
  }
  throw new Unclosed();
}

/** Behind the bracket that closes the command at `at`. */
export function bracketEnd(text: string, at: number, end: number): number {
  let i = at + 1;
  for (;;) {
    i = skipSeparators(text, i, end);
    if (i >= end) throw new Unclosed();
    if (text[i] === ']') return i + 1;
    i = commandAt(text, i, end, true).end;
  }
}

/** Behind a substitution or one character that stands in a word. */
function pieceEnd(text: string, at: number, end: number): number {
  switch (text[at]) {
    case '\\':
      return at + 2;
    case '[':
      return bracketEnd(text, at, end);
    case '$':
      if (text[at + 1] === '{') {
        const close = text.indexOf('}', at);
        if (close < 0 || close >= end) throw new Unclosed();
        return close + 1;
      }
      return at + 1;
    default:
      return at + 1;
  }
}

function skipSeparators(text: string, at: number, end: number): number {
  let i = at;
  for (; i < end; i++) {
    if (text[i] === '\\' && text[i + 1] === '\n') i++;
    else if (!/[\s;]/.test(text[i] as string)) break;
  }
  return i;
}

function skipBlanks(text: string, at: number, end: number): number {
  let i = at;
  for (; i < end; i++) {
    if (text[i] === '\\' && text[i + 1] === '\n') i++;
    else if (!/[^\S\n]/.test(text[i] as string)) break;
  }
  return i;
}

function wordAt(text: string, at: number, end: number, inBrackets: boolean): Word {
  const start = text.startsWith('{*}', at) && /[^\s;]/.test(text[at + 3] ?? ' ') ? at + 3 : at;
  if (text[start] === '{') return { kind: 'braced', start, end: braceEnd(text, start, end) };
  let i = start;
  if (text[start] === '"') {
    for (i++; i < end && text[i] !== '"'; ) i = pieceEnd(text, i, end);
    if (i >= end) throw new Unclosed();
    return { kind: 'quoted', start, end: i + 1 };
  }
  while (i < end && !/[\s;]/.test(text[i] as string) && !(inBrackets && text[i] === ']')) {
    if (text[i] === '\\' && text[i + 1] === '\n') break;
    i = pieceEnd(text, i, end);
  }
  return { kind: 'bare', start, end: Math.min(i, end) };
}

/** Behind a comment: its line, and those that a backslash joins. */
function commentEnd(text: string, at: number, end: number): number {
  let i = at;
  while (i < end && text[i] !== '\n') i += text[i] === '\\' ? 2 : 1;
  return Math.min(i, end);
}

function commandAt(text: string, start: number, end: number, inBrackets: boolean): Command {
  if (text[start] === '#') return { start, end: commentEnd(text, start, end), words: [] };
  const words: Word[] = [];
  let i = start;
  for (;;) {
    i = skipBlanks(text, i, end);
    if (i >= end || text[i] === '\n' || text[i] === ';' || (inBrackets && text[i] === ']')) break;
    const word = wordAt(text, i, end, inBrackets);
    words.push(word);
    i = word.end;
    // What follows a brace or quote directly is an error to Tcl, and no word.
    if (i < end && !/[\s;\\]/.test(text[i] as string) && !(inBrackets && text[i] === ']')) throw new Unclosed();
  }
  return { start, end: i, words };
}

/**
 * The commands of a script.
 *
 * @throws {Unclosed}
 */
export function* commandsOf(text: string, start: number, end: number, inBrackets = false): Generator<Command> {
  let i = start;
  for (;;) {
    i = skipSeparators(text, i, end);
    if (i >= end) return;
    const command = commandAt(text, i, end, inBrackets);
    yield command;
    i = Math.max(command.end, i + 1);
  }
}
