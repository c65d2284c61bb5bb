/**
 * Programs that nixpkgs' makeBinaryWrapper hook made: a small C program that sets the environment and starts another
 * program. It holds the command that made it as a text (the variable DOCSTRING), by which it is recognised and read.
 */

/** One thing that the wrapper does with a text. */
export interface WrapperStep {
  /** `target`, or the option: `--set`, `--prefix` ... */
  readonly option: string;
  /** The variable, for options that have one. */
  readonly variable: string | undefined;
  /** One character a byte. */
  readonly value: string;
}

export interface BinaryWrapper {
  /** The bytes of the text that holds the command, in what was read. */
  readonly start: number;
  readonly end: number;
  readonly steps: readonly WrapperStep[];
}

const INTRODUCTION = 'The C-code for this binary wrapper has been generated using the following command:';
const COMMAND = 'makeCWrapper ';

/** How many words follow an option (pkgs/by-name/ma/makeBinaryWrapper in nixpkgs); the last is the value. */
const wordsBehind = new Map([
  ['--set', 2],
  ['--set-default', 2],
  ['--unset', 1],
  ['--prefix', 3],
  ['--suffix', 3],
  ['--chdir', 1],
  ['--add-flag', 1],
  ['--add-flags', 1],
  ['--append-flag', 1],
  ['--append-flags', 1],
  ['--argv0', 1],
  ['--inherit-argv0', 0],
  ['--resolve-argv0', 0],
]);

/** A piece of a word as bash's `@Q` quotes it: `'...'`, `$'...'`, a backslash and a character, or plain characters. */
const piece = /'([^']*)'|\$'((?:[^'\\]|\\[\s\S])*)'|\\([^\n])|([^\s'\\]+)/y;
const blank = /(?:[ \t]|\\\n)+/y;

/** The words of one shell command; undefined when it is not quoted as the hook quotes. */
function shellWords(text: string): string[] | undefined {
  const words: string[] = [];
  for (let at = 0; at < text.length; ) {
    let word: string | undefined;
    for (piece.lastIndex = at; at < text.length; at = piece.lastIndex) {
      const found = piece.exec(text);
      if (found === null) break;
      word = (word ?? '') + (found[1] ?? found[2] ?? found[3] ?? found[4] ?? '');
    }
    if (word !== undefined) words.push(word);
    blank.lastIndex = at;
    if (blank.test(text)) at = blank.lastIndex;
    else if (word === undefined) return undefined;
  }
  return words;
}

function stepsOf(words: readonly string[]): WrapperStep[] | undefined {
  const [command, target, ...rest] = words;
  if (command !== COMMAND.trim() || target === undefined) return undefined;
  const steps: WrapperStep[] = [{ option: 'target', variable: undefined, value: target }];
  for (let at = 0; at < rest.length; ) {
    const option = rest[at] as string;
    const count = wordsBehind.get(option);
    if (count === undefined || at + count >= rest.length) return undefined;
    const value = rest[at + count] as string;
    if (count > 0) steps.push({ option, variable: count > 1 ? rest[at + 1] : undefined, value });
    at += count + 1;
  }
  return steps;
}

/** Reads the text that makes a program one of makeBinaryWrapper's; undefined when there is none, or it has another shape. */
export function readBinaryWrapper(bytes: Buffer): BinaryWrapper | undefined {
  const introduction = bytes.indexOf(INTRODUCTION, 0, 'latin1');
  if (introduction < 0) return undefined;
  const stop = bytes.indexOf(0, introduction);
  const end = stop < 0 ? bytes.length : stop;
  const start = bytes.lastIndexOf(0, introduction) + 1;
  const text = bytes.toString('latin1', introduction, end);
  const command = text.indexOf(`\n${COMMAND}`);
  if (command < 0) return undefined;
  const comment = text.indexOf('\n\n\n#', command);
  const words = shellWords(text.slice(command + 1, comment < 0 ? undefined : comment));
  const steps = words && stepsOf(words);
  return steps && { start, end, steps };
}

/** What the wrapper does with a C string of its program, in the words of the hook's options; undefined when it names none. */
export function useOfString(wrapper: BinaryWrapper, string: string): string | undefined {
  const uses = wrapper.steps.filter(({ option, variable, value }) => {
    if (string === value || string === `${variable}=${value}`) return true;
    return option.endsWith('-flags') && value.includes(string);
  });
  const names = uses.map(({ option, variable }) => (variable === undefined ? option : `${option} ${variable}`));
  return names.length === 0 ? undefined : [...new Set(names)].join(', ');
}
