/** The command of a script's first line, `env` taken apart (GNU coreutils manual, "env invocation"). */

import type { Shebang } from './shebang.ts';

/** What is started for a script: the command before the script's own name. */
export interface Command {
  readonly words: readonly string[];
  /** Index in `words` of the program that reads the script: behind `env`, its options and assignments. */
  readonly program: number;
}

const escapes: Readonly<Record<string, string>> = { f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '#': '#', $: '$' };
const isBlank = (character: string | undefined) => character !== undefined && /[ \t\n\v\f\r]/.test(character);

/**
 * Splits the text of `env -S` into words: quotes, escapes, comments.
 *
 * @returns undefined when a variable is expanded, or a quote or an escape is wrong.
 */
export function splitString(text: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    if (character === '$' && quote !== "'") return undefined;
    if (character === quote) quote = '';
    else if (quote === '' && (character === '"' || character === "'")) {
      quote = character;
      word ??= '';
    } else if (character === '\\') {
      const next = text[++at];
      if (next === undefined) return undefined;
      if (quote === "'") word = `${word ?? ''}${next === '\\' || next === "'" ? '' : '\\'}${next}`;
      else if (next === '_' && quote === '') {
        if (word !== undefined) words.push(word);
        word = undefined;
      } else if (next === 'c') {
        if (quote !== '') return undefined;
        break;
      } else {
        const meant = next === '_' ? ' ' : /["'\\]/.test(next) ? next : escapes[next];
        if (meant === undefined) return undefined;
        word = (word ?? '') + meant;
      }
    } else if (quote === '' && isBlank(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (quote === '' && character === '#' && word === undefined) break;
    else word = (word ?? '') + character;
  }
  if (quote !== '') return undefined;
  if (word !== undefined) words.push(word);
  return words;
}

/** Options of env that take the next word as their argument. */
const withArgument = /^(?:-[i0v]*[uCa]|--(?:unset|chdir|argv0))$/;

/** Index of the program in the words of an env command; undefined when there is none, or words are split once more. */
function programIndex(words: readonly string[]): number | undefined {
  let at = 1;
  for (; at < words.length; at++) {
    const word = words[at] as string;
    if (word === '--') {
      at++;
      break;
    }
    if (!word.startsWith('-')) break;
    if (/^-[i0v]*S|^--s/.test(word)) return undefined;
    if (withArgument.test(word)) at++;
  }
  while (at < words.length && (words[at] as string).includes('=')) at++;
  return at < words.length ? at : undefined;
}

/** The command of a shebang; undefined when `env` is asked for something that is not understood. */
export function shebangCommand({ interpreter, argument }: Shebang): Command | undefined {
  if (argument === undefined) return { words: [interpreter], program: 0 };
  if (!/(?:^|\/)env$/.test(interpreter)) return { words: [interpreter, argument], program: 0 };
  const split = /^(?:-([i0v]*)S|--split-string=?)(.*)$/s.exec(argument);
  if (split === null) {
    return /^-|=/.test(argument) ? undefined : { words: [interpreter, argument], program: 1 };
  }
  const rest = splitString(split[2] as string);
  if (rest === undefined) return undefined;
  const letters = (split[1] ?? '').replaceAll('v', '');
  const words = [interpreter, ...(letters === '' ? [] : [`-${letters}`]), ...rest];
  const program = programIndex(words);
  return program === undefined ? undefined : { words, program };
}
