/** The cases of a `switch` in braces (switch(n)), and what it takes to give them as words of their own, which substitute. */

import type { Command, Word } from './words.ts';

export interface TclCases {
  /** Where the text that is compared begins. */
  readonly subject: number;
  /** Whether `--` stands before it: without braces around the cases it is needed. */
  readonly hasEnd: boolean;
  /** What takes a backslash: line ends between the cases, and what words substitute and elements of lists do not. */
  readonly escapes: readonly number[];
}

/** How a pattern is compared. */
export type TclMatching = 'exact' | 'glob' | 'regexp';

const isOption = (word: string) => /^-[a-z]+$/.test(word);
const takesValue = (option: string) => /^-(?:matchvar|indexvar|start)$/.test(option);

function switchMatching(options: readonly string[]): TclMatching {
  const named = options.findLast((option) => /^-(?:exact|glob|regexp)$/.test(option));
  return named === undefined ? 'exact' : (named.slice(1) as TclMatching);
}

/** How the word of a command is compared, when it is a pattern: of switch(n), string(n), regexp(n), regsub(n). */
export function matchingOf(text: string, { words }: Command, index: number): TclMatching {
  const value = (word: Word | undefined) => (word === undefined ? '' : text.slice(word.start, word.end));
  const name = value(words[0]).replace(/^::/, '');
  if (!/^(?:switch|string|regexp|regsub)$/.test(name)) return 'exact';
  const from = name === 'string' ? 2 : 1;
  let first = from;
  while (first < words.length && isOption(value(words[first]))) first += takesValue(value(words[first])) ? 2 : 1;
  const options = words.slice(from, first).map(value);
  if (value(words[first]) === '--') first++;
  switch (name) {
    case 'switch':
      // What is compared, then patterns and bodies in turn.
      return index > first && (index - first) % 2 === 1 ? switchMatching(options) : 'exact';
    case 'string':
      return value(words[1]) === 'match' && index === first ? 'glob' : 'exact';
    default:
      return index === first ? 'regexp' : 'exact';
  }
}

/**
 * @param words patterns and bodies in turn
 * @returns undefined when something in them would read otherwise without the braces
 */
export function casesOf(text: string, command: Command, words: readonly Word[]): TclCases | undefined {
  const subject = command.words.at(-2);
  const cases = command.words.at(-1);
  const options = command.words.slice(1, -2).map(({ start, end }) => text.slice(start, end));
  if (subject === undefined || cases === undefined || options.some((option) => option !== '--' && !isOption(option)))
    return undefined;
  const isBody = ({ start, end, kind }: Word, index: number) =>
    index % 2 === 0 || kind === 'braced' || text.slice(start, end) === '-';
  if (words.length % 2 === 1 || !words.every(isBody)) return undefined;
  const escapes: number[] = [];
  let at = cases.start + 1;
  for (const { start, end, kind } of [...words, { start: cases.end - 1, end: cases.end, kind: 'braced' }]) {
    const between = text.slice(at, start);
    if (!/^[ \t\r\n]*$/.test(between)) return undefined;
    for (const { index } of between.matchAll(/\r?\n/g)) escapes.push(at + index);
    if (kind !== 'braced') {
      const word = text.slice(start, end);
      if (/["\s{}]/.test(word)) return undefined;
      for (const { index, 0: found } of word.matchAll(/\\[\s\S]|[$[]/g))
        if (found.length === 1) escapes.push(start + index);
    }
    at = end;
  }
  return {
    subject: subject.start,
    hasEnd: options.at(-1) === '--',
    escapes,
  };
}
