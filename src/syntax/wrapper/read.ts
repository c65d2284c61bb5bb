/**
 * makeWrapper's wrappers (nixpkgs, pkgs/build-support/setup-hooks/make-wrapper.sh), in all the forms that releases wrote, as
 * a list of what they do. A wrapper is understood as a whole or not at all.
 */

import { parseShebang } from '../shebang.ts';
import {
  type Cursor,
  literalOf,
  mayAssign,
  mayRead,
  type Part,
  take,
  takeArgument,
  takeName,
  takeUpToStar,
  takeValue,
  type Word,
} from './words.ts';

export type Step =
  | { readonly kind: 'assign' | 'append'; readonly variable: string; readonly word: Word }
  | { readonly kind: 'export' | 'unset'; readonly variable: string }
  /** A command that changes nothing for the program. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'chdir'; readonly line: number; readonly word: Word }
  /** `if [[ word != *part* ]]; then steps; fi`. */
  | { readonly kind: 'unless-holds'; readonly word: Word; readonly part: Word; readonly steps: readonly Step[] };

export interface Wrapper {
  /** Path of bash. */
  readonly interpreter: string;
  /** Whether a command that fails ends it (`-e`). */
  readonly stopsOnFailure: boolean;
  readonly steps: readonly Step[];
  readonly start: {
    readonly line: number;
    /** What becomes argv[0]; undefined for the program's path. */
    readonly name: Word | undefined;
    readonly program: Word;
    /** `arguments` are those that the wrapper was given. */
    readonly words: readonly (Word | 'arguments')[];
  };
}

const FLAGS = 'extraFlagsArray';
const FLAGS_WORD = `"\${${FLAGS}[@]}"`;

interface Reading extends Cursor {
  /** `set -u`. */
  nounset: boolean;
  hasFlags: boolean;
  /** Lines up to a place. */
  readonly counted: { at: number; line: number };
}

const blanks = /[ \t]*/y;

function skipBlanks(cursor: Cursor): void {
  blanks.lastIndex = cursor.at;
  blanks.exec(cursor.text);
  cursor.at = blanks.lastIndex;
}

/** Goes behind blank lines and comments. */
function skipLines(cursor: Cursor): void {
  const empty = /[ \t]*(?:#[^\n]*)?(?:\n|$)/y;
  while (cursor.at < cursor.text.length) {
    empty.lastIndex = cursor.at;
    if (!empty.test(cursor.text)) break;
    cursor.at = empty.lastIndex;
  }
  skipBlanks(cursor);
}

function takeLineEnd(cursor: Cursor): boolean {
  skipBlanks(cursor);
  return take(cursor, '\n') || cursor.at === cursor.text.length;
}

/** The line of the current place; counts on from where it was asked last. */
function lineOf(reading: Reading): number {
  const { text, at, counted } = reading;
  for (let i = text.indexOf('\n', counted.at); i >= 0 && i < at; i = text.indexOf('\n', i + 1)) {
    counted.line++;
    counted.at = i + 1;
  }
  return counted.line;
}

/** With `set -u`, whether an unset variable would end the wrapper. */
function mayFail(word: Word, guarded: readonly string[] = []): boolean {
  return word.some((part: Part) => {
    switch (part.kind) {
      case 'value':
        return !guarded.includes(part.variable);
      case 'without-start':
      case 'without-end':
      case 'replaced':
        return true;
      case 'if-set':
      case 'if-filled':
        return mayFail(part.word, [...guarded, part.variable]);
      case 'or-unset':
      case 'or-empty':
        return mayFail(part.word, guarded);
      default:
        return false;
    }
  });
}

function checked(reading: Reading, word: Word | undefined): Word | undefined {
  return word === undefined || (reading.nounset && mayFail(word)) ? undefined : word;
}

/** `NAME=word`, `NAME+=word`; for `export` also a bare `NAME`. */
function takeAssignment(reading: Reading, isExport: boolean): Step[] | undefined {
  const variable = takeName(reading);
  if (variable === undefined || !mayAssign(variable)) return undefined;
  const marks: Step[] = isExport ? [{ kind: 'export', variable }] : [];
  const kind = take(reading, '=') ? 'assign' : take(reading, '+=') ? 'append' : undefined;
  if (kind === undefined) return isExport && mayRead(variable) ? marks : undefined;
  if (kind === 'append' && !mayRead(variable)) return undefined;
  const word = checked(reading, takeValue(reading));
  return word === undefined ? undefined : [{ kind, variable, word }, ...marks];
}

function takeNames(reading: Reading, takeOne: () => Step[] | undefined): Step[] | undefined {
  const steps: Step[] = [];
  do {
    skipBlanks(reading);
    const more = takeOne();
    if (more === undefined) return undefined;
    steps.push(...more);
    skipBlanks(reading);
  } while (reading.at < reading.text.length && reading.text[reading.at] !== '\n');
  return steps;
}

function takeUnset(reading: Reading): Step[] | undefined {
  const variable = takeName(reading);
  return variable !== undefined && mayAssign(variable) ? [{ kind: 'unset', variable }] : undefined;
}

/** An absolute directory without anything that bash would take out of PWD, or quote in a message. */
const PLAIN_DIRECTORY = /^(?:\/|(?:\/(?!\.{1,2}(?:\/|$))[ -.0-~]+)+)$/;

function takeChdir(reading: Reading): Step[] | undefined {
  const line = lineOf(reading);
  take(reading, '-- ');
  const word = takeArgument(reading);
  const directory = word && literalOf(word);
  return word && directory !== undefined && PLAIN_DIRECTORY.test(directory)
    ? [{ kind: 'chdir', line, word }]
    : undefined;
}

function takeCondition(reading: Reading): Step[] | undefined {
  const word = checked(reading, takeValue(reading));
  if (word === undefined || word.length === 0 || !take(reading, ' != *')) return undefined;
  const part = takeUpToStar(reading);
  if (part === undefined || literalOf(part) === undefined || !take(reading, '* ]]; then\n')) return undefined;
  const steps: Step[] = [];
  for (;;) {
    skipLines(reading);
    if (take(reading, 'fi')) return steps.length === 0 ? undefined : [{ kind: 'unless-holds', word, part, steps }];
    const more = takeAssignment(reading, false);
    if (more === undefined || !takeLineEnd(reading)) return undefined;
    steps.push(...more);
  }
}

/** One command but `exec`, up to the end of its last line. */
function takeCommand(reading: Reading): Step[] | undefined {
  if (take(reading, 'export ')) return takeNames(reading, () => takeAssignment(reading, true));
  if (take(reading, 'unset ')) return takeNames(reading, () => takeUnset(reading));
  if (take(reading, 'cd ')) return takeChdir(reading);
  if (take(reading, 'if [[ ')) return takeCondition(reading);
  if (take(reading, `declare -a ${FLAGS}=()`)) {
    reading.hasFlags = true;
    return [{ kind: 'unset', variable: FLAGS }];
  }
  if (take(reading, 'set +u') || take(reading, 'set -u')) {
    reading.nounset = reading.text[reading.at - 2] === '-';
    return [{ kind: 'nothing' }];
  }
  return takeAssignment(reading, false);
}

/** What stands behind `exec`. */
function takeStart(reading: Reading): Wrapper['start'] | undefined {
  // bash has read one word more when it notes the line of a command.
  let line = lineOf(reading);
  let name: Word | undefined;
  skipBlanks(reading);
  const isFirst = !/-[a-] /y.test(reading.text.slice(reading.at, reading.at + 3));
  if (take(reading, '-a ')) {
    skipBlanks(reading);
    name = checked(reading, takeArgument(reading));
    if (name === undefined) return undefined;
    skipBlanks(reading);
  }
  take(reading, '-- ');
  skipBlanks(reading);
  const program = takeArgument(reading);
  if (isFirst) line = lineOf(reading);
  // Without a slash, bash would look in PATH.
  if (program === undefined || !literalOf(program)?.startsWith('/')) return undefined;
  const words: (Word | 'arguments')[] = [];
  while (!takeLineEnd(reading)) {
    if (take(reading, '"$@"')) words.push('arguments');
    else if (!(reading.hasFlags && take(reading, FLAGS_WORD))) {
      const word = checked(reading, takeArgument(reading));
      if (word === undefined) return undefined;
      words.push(word);
    }
    if (!/[ \t\n]/.test(reading.text[reading.at] ?? '\n')) return undefined;
  }
  return { line, name, program, words };
}

/**
 * Reads a wrapper.
 *
 * @param text the whole file, one character a byte
 * @returns undefined when a single byte of it is not understood
 */
export function readWrapper(text: string): Wrapper | undefined {
  const shebang = parseShebang(Buffer.from(text.slice(0, 4096), 'latin1'));
  if (shebang === undefined || !shebang.interpreter.endsWith('/bash')) return undefined;
  if (shebang.length > 255 || text.includes('\0')) return undefined;
  const options = /^(?:-(e)?(u)?)?$/.exec(shebang.argument ?? '');
  if (options === null || shebang.argument === '-') return undefined;
  const nounset = options[2] !== undefined;
  const reading: Reading = { text, at: shebang.length, nounset, hasFlags: false, counted: { at: 0, line: 1 } };
  const steps: Step[] = [];
  for (;;) {
    skipLines(reading);
    if (take(reading, 'exec ')) break;
    const more = takeCommand(reading);
    if (more === undefined || !takeLineEnd(reading)) return undefined;
    steps.push(...more);
  }
  const start = takeStart(reading);
  skipLines(reading);
  if (start === undefined || reading.at < text.length) return undefined;
  return { interpreter: shebang.interpreter, stopsOnFailure: options[1] !== undefined, steps, start };
}
