/**
 * Programs of awk and sed in words of a shell: where in them a path stands. Values of the shell that become part of such a
 * program are read as code of it, so that a prefix with odd characters needs another form there.
 */

import { type Interval, intervalAt } from '../interval.ts';

export type Embedded =
  /** In a string of awk; offsets of its quotes, the second one behind it. */
  | { readonly language: 'awk'; readonly start: number; readonly end: number }
  /** In the replacement of sed's command `s`. */
  | { readonly language: 'sed' };

const commands: ReadonlyMap<string, Embedded['language']> = new Map([
  ['awk', 'awk'],
  ['gawk', 'awk'],
  ['mawk', 'awk'],
  ['nawk', 'awk'],
  ['sed', 'sed'],
  ['gsed', 'sed'],
]);

/** Options whose argument is the next word (gawk(1), sed(1)). */
const withArgument = { awk: /^-[Fvbl]$|^--(?:field-separator|assign|include)$/, sed: /^-l$|^--line-length$/ } as const;

/**
 * Which words of a command are programs.
 *
 * @param name the command's name, with its directory or without
 * @param words its arguments, quotes removed
 */
export function programWords(name: string, words: readonly string[]): Map<number, Embedded['language']> {
  const found = new Map<number, Embedded['language']>();
  const language = commands.get(name.slice(name.lastIndexOf('/') + 1));
  if (language === undefined) return found;
  // With -e or -f, what stands alone is a file.
  let isFirst = true;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    if (/^(?:-[nErsuz]*e|--expression|--source)$/.test(word)) {
      isFirst = false;
      found.set(++i, language);
    } else if (/^(?:-[nErsuz]*f|--file)/.test(word)) {
      isFirst = false;
      if (/^(?:-[nErsuz]*f|--file)$/.test(word)) i++;
    } else if (withArgument[language].test(word)) i++;
    else if (!word.startsWith('-') || word === '-') {
      if (isFirst) found.set(i, language);
      return found;
    }
  }
  return found;
}

const regexMayFollow = /(?:^|[(,~!{};&|\n?:=<>+\-*%]|\breturn|\bprint|\bin)[ \t]*$/;

/** The strings of a program, as far as it is understood. */
function awkStrings(code: string): Interval[] {
  const strings: Interval[] = [];
  for (let at = 0; at < code.length; at++) {
    const character = code[at] as string;
    if (character === '#') {
      const end = code.indexOf('\n', at);
      if (end < 0) return strings;
      at = end;
    } else if (character === '"' || (character === '/' && regexMayFollow.test(code.slice(Math.max(0, at - 80), at)))) {
      let end = at + 1;
      let isClass = false;
      for (; code[end] !== character || isClass; end++) {
        if (end >= code.length || code[end] === '\n') return strings;
        if (code[end] === '\\') end++;
        else if (character === '/' && code[end] === '[') isClass = true;
        else if (code[end] === ']') isClass = false;
      }
      if (character === '"') strings.push({ start: at, end: end + 1 });
      at = end;
    }
  }
  return strings;
}

/** Behind the delimiter that closes the part at `at`; undefined when none does. */
function behindDelimiter(code: string, at: number, delimiter: string): number | undefined {
  for (let i = at; i < code.length; i++) {
    if (code[i] === '\\') i++;
    else if (code[i] === delimiter) return i + 1;
  }
  return undefined;
}

/** The replacements of commands `s`, as far as the program is understood (POSIX.1-2017, sed, "Editing Commands in sed"). */
function sedReplacements(code: string): Interval[] {
  const replacements: Interval[] = [];
  const address =
    /[\s;{}]*(?:(?:\d+|\$)(?:~\d+)?|\/(?:\\.|[^/\\\n])*\/I?M?|\\(.)(?:\\.|(?!\1)[^\\\n])*\1)?[ \t]*(?:,[ \t]*[+~]?\d+|,|!)?[ \t]*/y;
  for (let at = 0; at < code.length; ) {
    address.lastIndex = at;
    address.test(code);
    if (address.lastIndex > at) {
      at = address.lastIndex;
      continue;
    }
    const command = code[at] as string;
    if (command === 's' || command === 'y') {
      const delimiter = code[at + 1] ?? '\n';
      const start = behindDelimiter(code, at + 2, delimiter);
      const end = start === undefined ? undefined : behindDelimiter(code, start, delimiter);
      if (start === undefined || end === undefined) return replacements;
      if (command === 's') replacements.push({ start, end });
      // Flags; a file to write takes the line.
      const flags = /[gpiIeEmM\d]*(?:w[^\n]*)?/y;
      flags.lastIndex = end;
      flags.test(code);
      at = flags.lastIndex;
    } else if (/[aicrRwW]/.test(command)) {
      const end = code.indexOf('\n', at);
      if (end < 0) return replacements;
      at = end;
    } else if (/[btT:]/.test(command)) {
      const label = /[^;\n}]*/y;
      label.lastIndex = at;
      label.test(code);
      at = label.lastIndex;
    } else if (/[=dDgGhHlnNpPqQxzFv]/.test(command)) at++;
    else return replacements;
  }
  return replacements;
}

/**
 * Tells of paths in a program where they stand.
 *
 * @param code the program, as the shell gives it; paths are told by their index in it
 */
export function programReader(language: Embedded['language'], code: string): (index: number) => Embedded | undefined {
  const pieces = language === 'sed' ? sedReplacements(code) : awkStrings(code);
  return (index) => {
    const piece = intervalAt(pieces, index);
    if (piece === undefined) return undefined;
    return language === 'sed' ? { language } : { language, ...piece };
  };
}
