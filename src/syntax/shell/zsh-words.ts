/**
 * Scripts of zsh that the parser does not understand: how paths are quoted, told by a lexer of quotes alone (zshmisc(1),
 * "QUOTING", "COMMENTS"). It answers only where the answer does not depend on more: outside of `${...}`, backquotes and
 * subscripts, in files whose quotes and braces all close, on lines that say the same when they are read alone.
 */

import { firstAtLeast } from '../interval.ts';
import type { Quoting } from './path-context.ts';

type Frame = 'single' | 'ansi-c' | 'double' | 'parameter' | 'command' | 'backquote' | 'group';

/** What stands in quotes of these, or unquoted in one of these, is plain. */
const plainFrames: ReadonlySet<Frame> = new Set(['command', 'group']);

interface Reading {
  readonly quotings: ReadonlyMap<number, Quoting>;
  /** Offsets of lines that begin outside of everything but groups and command substitutions. */
  readonly plainLines: ReadonlySet<number>;
  readonly isComplete: boolean;
}

/** The next places at which anything can change. */
const mark = /[\\'"`$(){}#\n]/g;

function quotingOf(stack: readonly Frame[]): Quoting | undefined {
  const top = stack.at(-1);
  const rest = top === 'single' || top === 'double' || top === 'ansi-c' ? stack.slice(0, -1) : stack;
  // A command in quotes begins anew.
  const inner = rest.slice(rest.lastIndexOf('command') + 1);
  const isFresh = rest.includes('command') && !rest.includes('parameter') && !rest.includes('backquote');
  if (!(isFresh ? inner : rest).every((frame) => plainFrames.has(frame))) return undefined;
  if (top === 'single' || top === 'double' || top === 'ansi-c') return top;
  return 'unquoted';
}

function readQuotes(text: string, offsets: readonly number[], from: number, to: number): Reading {
  const stack: Frame[] = [];
  const quotings = new Map<number, Quoting>();
  const plainLines = new Set<number>([from]);
  let next = firstAtLeast(offsets, from);
  const note = (end: number, quoting: Quoting | undefined) => {
    for (; next < offsets.length && (offsets[next] as number) < end; next++) {
      if (quoting !== undefined) quotings.set(offsets[next] as number, quoting);
    }
  };
  mark.lastIndex = from;
  for (let found = mark.exec(text); found !== null && found.index < to; found = mark.exec(text)) {
    const at = found.index;
    const character = found[0];
    const top = stack.at(-1);
    note(at, quotingOf(stack));
    if (top === 'single') {
      if (character === "'") stack.pop();
    } else if (character === '\\') {
      mark.lastIndex = at + 2;
      note(at + 2, undefined);
    } else if (top === 'ansi-c') {
      if (character === "'") stack.pop();
    } else if (character === '\n') {
      if (quotingOf(stack) === 'unquoted') plainLines.add(at + 1);
    } else if (character === '`') {
      if (stack.includes('backquote')) stack.splice(stack.lastIndexOf('backquote'));
      else stack.push('backquote');
    } else if (character === '"') {
      if (top === 'double') stack.pop();
      else stack.push('double');
    } else if (character === '$') {
      const opens = text[at + 1];
      if (opens === '{') stack.push('parameter');
      else if (opens === '(') stack.push('command');
      else if (opens === "'" && top !== 'double') stack.push('ansi-c');
      if (opens === '{' || opens === '(' || (opens === "'" && top !== 'double')) mark.lastIndex = at + 2;
      else if (opens === '#' || opens === '$') mark.lastIndex = at + 2;
    } else if (top === 'double') {
      // Brackets and single quotes are text there.
    } else if (character === "'") stack.push('single');
    else if (character === '(') stack.push(top === 'parameter' ? 'parameter' : 'group');
    else if (character === '{') stack.push(top === 'parameter' ? 'parameter' : 'group');
    else if (character === ')' || character === '}') {
      // A pattern of `case` closes what nothing opened.
      if (top !== undefined && top !== 'backquote') stack.pop();
    } else if (character === '#' && top !== 'parameter' && /[\s;]/.test(text[at - 1] ?? '\n')) {
      const end = text.indexOf('\n', at);
      const commentEnd = end < 0 ? text.length : end;
      // In arithmetic the sign means something else.
      const line = text.slice(text.lastIndexOf('\n', at) + 1, at);
      note(commentEnd, line.includes('((') ? undefined : 'comment');
      mark.lastIndex = commentEnd;
    }
  }
  note(to, quotingOf(stack));
  return { quotings, plainLines, isComplete: stack.every((frame) => frame === 'group') };
}

/**
 * How the paths are quoted of which that is certain.
 *
 * @param offsets ascending
 */
export function zshQuotings(text: string, offsets: readonly number[]): ReadonlyMap<number, Quoting> {
  const certain = new Map<number, Quoting>();
  // Here-documents are read by other rules.
  if (/<<(?!<)/.test(text)) return certain;
  const whole = readQuotes(text, offsets, 0, text.length);
  if (!whole.isComplete) return certain;
  // The line of the path before, and what it says when it is read alone.
  let [start, end] = [0, 0];
  let alone: ReadonlyMap<number, Quoting> = new Map();
  for (const [offset, quoting] of whole.quotings) {
    if (offset >= end) {
      start = text.lastIndexOf('\n', offset) + 1;
      const newline = text.indexOf('\n', offset);
      end = newline < 0 ? text.length : newline;
      alone = readQuotes(text, offsets, start, end).quotings;
    }
    if (!whole.plainLines.has(start) || /[[$\\=~]/.test(text[offset - 1] ?? '')) {
      // An assignment is plain, `==` and `=~` may not be.
      if (!whole.plainLines.has(start) || !/[\w+\])]=$/.test(text.slice(Math.max(start, offset - 40), offset)))
        continue;
    }
    if (alone.get(offset) === quoting) certain.set(offset, quoting);
  }
  return certain;
}

/** The first line that is neither blank nor a comment, behind its blanks. */
export function zshFirstCommand(text: string): number | undefined {
  const found = /^(?:[ \t]*(?:#[^\n]*)?\r?\n)*[ \t]*(?=[^\s#])/.exec(text);
  return found?.[0].length;
}
