/**
 * Programs of awk and sed in words of a shell: where in them a path stands. Values of the shell that become part of such a
 * program are read as code of it, so that a prefix with odd characters needs another form there.
 */

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

/** The string that holds an index; undefined when none does, or when the program is not understood so far. */
function awkString(code: string, index: number): { start: number; end: number } | undefined {
  for (let at = 0; at < index; at++) {
    const character = code[at] as string;
    if (character === '#') {
      const end = code.indexOf('\n', at);
      if (end < 0) return undefined;
      at = end;
    } else if (character === '"' || (character === '/' && regexMayFollow.test(code.slice(Math.max(0, at - 80), at)))) {
      let end = at + 1;
      let isClass = false;
      for (; code[end] !== character || isClass; end++) {
        if (end >= code.length || code[end] === '\n') return undefined;
        if (code[end] === '\\') end++;
        else if (character === '/' && code[end] === '[') isClass = true;
        else if (code[end] === ']') isClass = false;
      }
      if (index < end) return character === '"' ? { start: at, end: end + 1 } : undefined;
      at = end;
    }
  }
  return undefined;
}

/** Behind the delimiter that closes the part at `at`; undefined when none does. */
function behindDelimiter(code: string, at: number, delimiter: string): number | undefined {
  for (let i = at; i < code.length; i++) {
    if (code[i] === '\\') i++;
    else if (code[i] === delimiter) return i + 1;
  }
  return undefined;
}

/** Whether an index stands in the replacement of a command `s` (POSIX.1-2017, sed, "Editing Commands in sed"). */
function isSedReplacement(code: string, index: number): boolean {
  const address =
    /[\s;{}]*(?:(?:\d+|\$)(?:~\d+)?|\/(?:\\.|[^/\\\n])*\/I?M?|\\(.)(?:\\.|(?!\1)[^\\\n])*\1)?[ \t]*(?:,[ \t]*[+~]?\d+|,|!)?[ \t]*/y;
  for (let at = 0; at <= index; ) {
    address.lastIndex = at;
    address.test(code);
    if (address.lastIndex > at) {
      at = address.lastIndex;
      continue;
    }
    const command = code[at] as string;
    if (command === 's' || command === 'y') {
      const delimiter = code[at + 1] ?? '\n';
      const replacement = behindDelimiter(code, at + 2, delimiter);
      const end = replacement === undefined ? undefined : behindDelimiter(code, replacement, delimiter);
      if (replacement === undefined || end === undefined) return false;
      if (index < end) return command === 's' && index >= replacement;
      // Flags; a file to write takes the line.
      const flags = /[gpiIeEmM\d]*(?:w[^\n]*)?/y;
      flags.lastIndex = end;
      flags.test(code);
      at = flags.lastIndex;
    } else if (/[aicrRwW]/.test(command)) {
      const end = code.indexOf('\n', at);
      if (end < 0) return false;
      at = end;
    } else if (/[btT:]/.test(command)) at += (/^[^;\n}]*/.exec(code.slice(at)) as RegExpExecArray)[0].length;
    else if (/[=dDgGhHlnNpPqQxzFv]/.test(command)) at++;
    else return false;
  }
  return false;
}

/**
 * @param code the program, as the shell gives it
 * @param index of the path in it
 */
export function embeddedAt(language: Embedded['language'], code: string, index: number): Embedded | undefined {
  if (language === 'sed') return isSedReplacement(code, index) ? { language } : undefined;
  const string = awkString(code, index);
  return string === undefined ? undefined : { language, ...string };
}
