/** Tcl sources: what a byte belongs to, and how often the text around it is read before the byte counts. */

import type { ByteSource } from '../../store/byte-source.ts';
import { intervalAt } from '../interval.ts';
import { casesOf, matchingOf, type TclCases, type TclMatching } from './cases.ts';
import { braceEnd, bracketEnd, type Command, commandsOf, Unclosed, type Word } from './words.ts';

export type TclContext =
  /** A bare word or one in quotes: substitutions work. */
  | 'word'
  /** A word outside braces that is a script, or part of one: substitutions must wait until it runs. */
  | 'script'
  /** A program or an argument in a pipeline that `open` takes apart as a list. */
  | 'pipeline'
  /** A pattern in the braces that hold the cases of a `switch`; `start` and `end` are those of all cases. */
  | 'cases'
  /** A word in braces that holds nothing but the path. */
  | 'braced-path'
  /** A word in braces, on one line: plain words. */
  | 'braced-list'
  | 'fixed'
  | 'comment';

export interface TclPlace {
  readonly context: TclContext;
  /** The word, or the comment. */
  readonly start: number;
  readonly end: number;
  /** Of `cases`. */
  readonly cases?: TclCases;
  /** Of patterns; left out for texts that stand for themselves. */
  readonly matching?: TclMatching;
}

export interface TclSource {
  readonly text: string;
  /** Where the first command begins. */
  readonly codeStart: number | undefined;
  at(offset: number): TclPlace | undefined;
}

/** Bytes. */
export const LARGEST_SOURCE = 1024 * 1024;

export const sourceExtension = /\.(?:tcl|tm|itcl|itk|exp|tk)$/;

/** Which words of a command are scripts, which are expressions; counted from 1, -1 for the last. */
interface Shape {
  readonly scripts?: readonly number[];
  readonly expressions?: readonly number[];
}

const last: Shape = { scripts: [-1] };

const shapes: Readonly<Record<string, Shape>> = {
  proc: { scripts: [3] },
  while: { expressions: [1], scripts: [2] },
  for: { scripts: [1, 3, 4], expressions: [2] },
  expr: { expressions: [1] },
  catch: { scripts: [1] },
  time: { scripts: [1] },
  foreach: last,
  lmap: last,
  eval: last,
  uplevel: last,
  after: last,
  bind: last,
  method: last,
  constructor: last,
  destructor: last,
  typemethod: last,
  typeconstructor: last,
  'oo::class': last,
  'oo::define': last,
  'oo::objdefine': last,
  'itcl::class': last,
  'itcl::body': last,
  'snit::type': last,
  'snit::widget': last,
  'snit::widgetadaptor': last,
};

/** Commands of two words that take a script at the end. */
const pairs = new Set([
  'package ifneeded',
  'namespace eval',
  'interp eval',
  'dict for',
  'dict with',
  'dict map',
  'dict update',
]);

/** Commands that join their words and run the result. */
const concatenating = new Set(['eval', 'uplevel', '::eval', '::uplevel']);

/** How a word of a command is read. */
function readingOf(text: string, { words }: Command, index: number): 'script' | 'expression' | 'cases' | 'value' {
  const value = (word: Word | undefined) => (word === undefined ? '' : text.slice(word.start, word.end));
  const name = value(words[0]).replace(/^::/, '');
  const isLast = index === words.length - 1;
  if (name === 'if') {
    const before = value(words[index - 1]);
    return index === 1 || before === 'elseif' ? 'expression' : 'script';
  }
  if (name === 'try') {
    const isHandler = /^(?:on|trap)$/.test(value(words[index - 3])) || value(words[index - 1]) === 'finally';
    return index === 1 || isHandler ? 'script' : 'value';
  }
  if (name === 'switch') return isLast ? 'cases' : 'value';
  if (/^(?:package|namespace|interp|dict)$/.test(name)) {
    return isLast && pairs.has(`${name} ${value(words[1])}`) ? 'script' : 'value';
  }
  if (/^-\w*command$/.test(value(words[index - 1]))) return 'script';
  const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
  const is = (positions: readonly number[] | undefined) =>
    positions?.some((position) => position === index || (position === -1 && isLast)) ?? false;
  if (is(shape?.expressions)) return 'expression';
  return is(shape?.scripts) ? 'script' : 'value';
}

const holds = ({ start, end }: { readonly start: number; readonly end: number }, offset: number) =>
  start <= offset && offset < end;

/** A file, with the scripts in it that were taken apart before, by where they start. */
interface Script {
  readonly text: string;
  readonly parsed: Map<number, readonly Command[]>;
}

/** The place of a byte in a script. */
function inScript(script: Script, start: number, end: number, offset: number): TclPlace | undefined {
  let commands = script.parsed.get(start);
  if (commands === undefined) {
    commands = [...commandsOf(script.text, start, end)];
    script.parsed.set(start, commands);
  }
  const command = intervalAt(commands, offset);
  return command && inCommand(script, command, offset);
}

function inCommand(script: Script, command: Command, offset: number): TclPlace | undefined {
  if (command.words.length === 0) return { context: 'comment', start: command.start, end: command.end };
  const index = command.words.findIndex((word) => holds(word, offset));
  return index < 0 ? undefined : inWord(script, command, index, offset);
}

function inWord(script: Script, command: Command, index: number, offset: number): TclPlace | undefined {
  const { text } = script;
  const word = command.words[index] as Word;
  const { start, end } = word;
  const reading = readingOf(text, command, index);
  if (word.kind !== 'braced') {
    const nested = nestedCommand(text, start, end, offset);
    if (nested !== undefined) return inScript(script, nested.start + 1, nested.end - 1, offset);
    const pipeline = inPipeline(text, command, index, offset);
    if (pipeline !== undefined) return pipeline;
    const isDeferred =
      reading === 'script' || concatenating.has(text.slice(command.words[0]?.start, command.words[0]?.end));
    // What a shell reads is quoted by its own rules.
    const beforeText = text.slice(command.words[index - 1]?.start ?? start, start).trim();
    if (beforeText === '-c' || inVariableName(text, start, offset) || reading === 'cases')
      return { context: 'fixed', start, end };
    return { context: isDeferred ? 'script' : 'word', start, end, matching: matchingOf(text, command, index) };
  }
  switch (reading) {
    case 'script':
      return inScript(script, start + 1, end - 1, offset);
    case 'expression':
      return inExpression(script, start + 1, end - 1, offset);
    case 'cases':
      return inCases(script, command, word, offset);
    case 'value': {
      const contents = text.slice(start + 1, end - 1);
      const isElement = /^(?:foreach|lmap|array)$/.test(text.slice(command.words[0]?.start, command.words[0]?.end));
      const isPath = !isElement && !/[\s{}\\$[\]";]/.test(contents);
      const isList = !/[{}\\$[\]";#\n\r]/.test(contents);
      if (isPath) return { context: 'braced-path', start, end, matching: matchingOf(text, command, index) };
      return { context: isList ? 'braced-list' : 'fixed', start, end };
    }
  }
}

/** The command in brackets that holds a byte of a word; undefined when it stands in none. */
function nestedCommand(
  text: string,
  start: number,
  end: number,
  offset: number,
): { start: number; end: number } | undefined {
  const first = text.indexOf('[', start);
  if (first < 0 || first > offset) return undefined;
  for (let i = start; i < offset; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '[') {
      const close = bracketEnd(text, i, end);
      if (close > offset) return { start: i, end: close };
      i = close - 1;
    }
  }
  return undefined;
}

/** The element of a command pipeline (open(n)) that holds a byte; undefined for other words. */
function inPipeline(text: string, { words }: Command, index: number, offset: number): TclPlace | undefined {
  const name = text.slice(words[0]?.start, words[0]?.end).replace(/^::/, '');
  const { start, end } = words[index] as Word;
  const bar = /^"?[ \t]*\|/.exec(text.slice(start, end));
  if (index !== 1 || bar === null) return undefined;
  // What is made of a list whose first element begins with the bar and holds blanks begins with a brace.
  if (name === 'list') return { context: 'fixed', start, end };
  if (name !== 'open') return undefined;
  const isQuoted = text[start] === '"';
  let first = offset;
  while (first > start + bar[0].length && !/\s/.test(text[first - 1] as string)) first--;
  // A redirection belongs to the element: its file is not quoted by itself.
  const body = /^[^\s"]*/.exec(text.slice(first, isQuoted ? end - 1 : end))?.[0] ?? '';
  const isPlain = !/[{}[\]$\\;]/.test(body) && offset < first + body.length;
  return isPlain ? { context: 'pipeline', start: first, end: first + body.length } : { context: 'fixed', start, end };
}

/** Whether a byte stands in the name of `${name}`, which is read as it stands. */
function inVariableName(text: string, start: number, offset: number): boolean {
  const open = text.lastIndexOf('${', offset);
  return open >= start && text.indexOf('}', open) > offset;
}

/** Expressions have strings in quotes, which substitute, and in braces, which do not (expr(n)). */
function inExpression(script: Script, start: number, end: number, offset: number): TclPlace | undefined {
  const { text } = script;
  const nested = nestedCommand(text, start, end, offset);
  if (nested !== undefined) return inScript(script, nested.start + 1, nested.end - 1, offset);
  let quote: number | undefined;
  for (let i = start; i < offset; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') quote = quote === undefined ? i : undefined;
    else if (text[i] === '{' && quote === undefined && text[i - 1] !== '$') {
      const close = braceEnd(text, i, end);
      if (close > offset) {
        const isPlain = !/[{}\\$[\]"]/.test(text.slice(i + 1, close - 1));
        return isPlain ? { context: 'braced-path', start: i, end: close } : { context: 'fixed', start, end };
      }
      i = close - 1;
    }
  }
  return quote === undefined ? undefined : { context: 'word', start: quote, end };
}

/** Patterns and scripts in turn. */
function inCases(script: Script, command: Command, { start, end }: Word, offset: number): TclPlace | undefined {
  const { text } = script;
  const words = [...commandsOf(text, start + 1, end - 1)].flatMap((inner) => inner.words);
  const index = words.findIndex((word) => holds(word, offset));
  const word = words[index];
  if (word === undefined) return undefined;
  if (index % 2 === 1 && word.kind === 'braced') return inScript(script, word.start + 1, word.end - 1, offset);
  const cases = index % 2 === 0 && word.kind !== 'braced' ? casesOf(text, command, words) : undefined;
  if (cases === undefined) return { context: 'fixed', start: word.start, end: word.end };
  return { context: 'cases', start, end, cases, matching: matchingOf(text, command, command.words.length - 1) };
}

/** Nearly every text can be taken apart into commands; a file of Tcl has one of these at the start of a line. */
const looksLikeTcl =
  /^[ \t]*(?:(?:set|proc|package|namespace|puts|if|source|lappend|array|foreach|variable|global|return|load|catch|eval|spawn|exec|switch|while|for|unset|append|interp|uplevel|oo::\w+|snit::\w+|itcl::\w+|::\w+)[ \t{]|#!.*(?:tclsh|wish|expect)|proc$|# *tcl)/im;

function readSource(text: string): TclSource | undefined {
  if (!looksLikeTcl.test(text)) return undefined;
  const start = text.startsWith('\xef\xbb\xbf') ? 3 : 0;
  // Control-Z ends a script that is read from a file (source(n)).
  const stop = text.indexOf('\x1a');
  const end = stop < 0 ? text.length : stop;
  let codeStart: number | undefined;
  const script: Script = { text, parsed: new Map() };
  try {
    const commands = [...commandsOf(text, start, end)];
    script.parsed.set(start, commands);
    codeStart = commands.find(({ words }) => words.length > 0)?.start;
  } catch (error) {
    if (error instanceof Unclosed) return undefined;
    throw error;
  }
  return {
    text,
    codeStart,
    at(offset) {
      try {
        return inScript(script, start, end, offset);
      } catch (error) {
        if (error instanceof Unclosed) return undefined;
        throw error;
      }
    },
  };
}

const known = new WeakMap<ByteSource, { readonly source: TclSource | undefined }>();

/**
 * Reads a source; the result is kept as long as `bytes` lives.
 *
 * @returns undefined when braces, brackets or quotes do not close
 */
export function tclSource(bytes: ByteSource): TclSource | undefined {
  let found = known.get(bytes);
  if (found === undefined) {
    found = { source: readSource(bytes.read(0, bytes.size).toString('latin1')) };
    known.set(bytes, found);
  }
  return found.source;
}
