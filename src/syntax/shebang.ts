/**
 * The first line of a script, as the kernel reads it (Linux fs/binfmt_script.c): `#!`, blanks, the interpreter up to a
 * blank, and what is left, blanks trimmed, as one argument. Lines longer than 255 bytes are cut by the kernel.
 */

export interface Shebang {
  /** Bytes of the line, without its newline. */
  readonly length: number;
  readonly interpreter: string;
  /** Offset of the interpreter's first byte. */
  readonly interpreterOffset: number;
  /** The one argument; undefined when there is none. */
  readonly argument: string | undefined;
}

/** What the kernel reads of a file's first line: BINPRM_BUF_SIZE less the NUL. */
export const KERNEL_LINE = 255;

/** Reads the first line of `head`; undefined when it is no shebang, or does not end within `head`. */
export function parseShebang(head: Buffer): Shebang | undefined {
  if (head[0] !== 0x23 || head[1] !== 0x21) return undefined;
  const newline = head.indexOf(0x0a);
  if (newline < 0) return undefined;
  const line = head.toString('latin1', 0, newline);
  const match = /^#![ \t]*([^ \t]+)(?:[ \t]+(.*?))?[ \t]*$/.exec(line);
  if (match === null) return undefined;
  const interpreter = match[1] as string;
  return {
    length: newline,
    interpreter,
    interpreterOffset: line.indexOf(interpreter, 2),
    argument: match[2] === undefined || match[2] === '' ? undefined : match[2],
  };
}

/** The words of `env -S` text, when it is plain: no quotes, escapes, variables or comments. */
function plainWords(text: string): string[] | undefined {
  return /['"\\$#\n]/.test(text) ? undefined : text.split(/[ \t]+/).filter((word) => word !== '');
}

/** What is started for a script: the command before the script's own name. */
export interface Command {
  readonly words: readonly string[];
  /** Index in `words` of the program that reads the script: behind `env`, its options and assignments. */
  readonly program: number;
}

/**
 * The command of a shebang, `env` and `env -S` taken apart (GNU coreutils manual, "env invocation").
 *
 * @returns undefined when `env -S` quotes or expands something.
 */
export function shebangCommand(shebang: Shebang): Command | undefined {
  const { interpreter, argument } = shebang;
  const isEnv = interpreter.endsWith('/env');
  if (!isEnv || argument === undefined) {
    return { words: argument === undefined ? [interpreter] : [interpreter, argument], program: 0 };
  }
  const split = /^(?:-S|--split-string=?|-vS)[ \t]*(.*)$/.exec(argument);
  if (split === null) return { words: [interpreter, argument], program: argument.startsWith('-') ? 0 : 1 };
  const rest = plainWords(split[1] as string);
  if (rest === undefined) return undefined;
  const words = [interpreter, ...rest];
  let program = 1;
  while (program < words.length && /^-|=/.test(words[program] as string)) program++;
  return program < words.length ? { words, program } : undefined;
}

/** Languages that have a header which a shell and they themselves read differently. */
export type ScriptLanguage = 'shell' | 'python' | 'perl' | 'ruby' | 'node' | 'lua' | 'tcl';

const languages: readonly (readonly [RegExp, ScriptLanguage])[] = [
  [/^(?:|ba|da|a|k|mk|pdk|z|ya)sh[\d.]*$/, 'shell'],
  [/^(?:python|pypy)[\d.]*$/, 'python'],
  [/^perl[\d.]*$/, 'perl'],
  [/^(?:ruby|jruby)[\d.]*$/, 'ruby'],
  [/^(?:node|nodejs)$/, 'node'],
  [/^(?:lua|luajit|texlua)[\d.]*$/, 'lua'],
  [/^(?:tclsh|wish|expect)[\d.]*$/, 'tcl'],
];

/** The language that a program reads, by its name. */
export function languageOf(program: string): ScriptLanguage | undefined {
  const name = program.slice(program.lastIndexOf('/') + 1);
  return languages.find(([pattern]) => pattern.test(name))?.[1];
}
