/**
 * Self-locating headers: a line or two behind `#!/bin/sh` that find the store from the script's own path and start the
 * interpreter there, written so that the script's language reads over them.
 */

import type { PythonFileStart } from '../../syntax/python-start.ts';
import type { ScriptLanguage } from '../../syntax/script-language.ts';
import { locateStore } from './locate.ts';

/** One word of the command, in the parts between which the store directory and its slash stand. */
export type HeaderWord = readonly string[];

export interface HeaderCommand {
  readonly words: readonly HeaderWord[];
  /** Index in `words` of the program that reads the script. */
  readonly program: number;
  /** Directories from the script's own up to the store directory. */
  readonly up: number;
  /** Last component of the script's path. */
  readonly scriptName: string;
  /** What leads to the store when the script is a copy somewhere else, started by a relocated program. */
  readonly alias: string;
  /** Arguments that the language reads again from its `#!` line (perl and ruby do). */
  readonly rereadArguments: readonly string[];
}

/** Whether a text can stand between double quotes of the shell in any of the headers. */
export function isPlainText(text: string): boolean {
  return !/["'\\$`\n\r\]\0]/.test(text);
}

function shellWord(word: HeaderWord): string {
  return `"${word.join('$_unmoor/')}"`;
}

/**
 * `exec` of the command; by the alias when the store is not where it should be, as for a copy of the script.
 *
 * @param options stand behind the program, or behind its own arguments
 */
function execCode({ words, program, alias }: HeaderCommand, options: { first?: string; last?: string } = {}): string {
  const written = words.map(shellWord);
  // Options of several letters must stand before those of one letter (bash manual, "Invoking Bash").
  let at = program + 1;
  while (at < words.length && /^"--\w/.test(written[at] as string))
    at += /^"--(?:rc|init-)file"$/.test(written[at] as string) ? 2 : 1;
  const first = options.first === undefined ? [] : [options.first];
  const last = options.last === undefined ? [] : [options.last];
  // The first object that the command needs: where it is not, there is no store.
  const object = /^[^/:;,]+/.exec(words.find((word) => word.length > 1)?.[1] ?? '')?.[0];
  const check = object === undefined ? '' : `[ -e "$_unmoor/${object}" ]||_unmoor=${alias};`;
  return check + ['exec', ...written.slice(0, at), ...first, ...written.slice(at), ...last, '"$0"', '"$@"'].join(' ');
}

/** A name between single quotes of the shell. */
const quoted = (name: string) => `'${name.replaceAll("'", "'\\''")}'`;

/**
 * A shell's header must tell two things that other languages need not: whether the right shell runs already, and
 * whether the file is sourced, in which case nothing may be started. `$0` names the main script; bash and zsh also tell
 * the file that is being read, and in the others the script's name has to be that of the main one.
 */
function shellStart(command: HeaderCommand, isStarted: string, run: string): string {
  const starting = locateStore(
    command.up,
    `case \${_unmoor##*/} in ${quoted(command.scriptName)});;*)unset _unmoor;;esac;if [ "\${_unmoor-}" ];then `,
  );
  return (
    `${isStarted}if [ "$0" = "\${BASH_SOURCE-\${ZSH_ARGZERO-$0}}" ];then ` +
    `${starting};${run};fi;unset _unmoor1;fi;;esac`
  );
}

/** bash tells by itself who it is: the host's, which runs the first line, is called sh. BASH_VERSINFO cannot come from the environment: it is an array. */
function bashHeader(command: HeaderCommand): string {
  return shellStart(command, 'case ${BASH_VERSINFO-}${BASH-sh} in sh|*/sh|[!0-9]*)', execCode(command));
}

function zshHeader(command: HeaderCommand): string {
  return shellStart(command, 'case ${ZSH_NAME-sh} in sh)', execCode(command));
}

/**
 * Other shells do not tell what they are. They are started with the option b (notify, of no effect in scripts), which
 * shows in `$-`, and take it away again. From then on `_unmoor`, not exported, keeps a script that sources itself from
 * starting once more. The options e, u, v and x of `sh -x script` are handed on.
 */
function shHeader(command: HeaderCommand): string {
  const flags = '_unmoor1=-b;for _unmoor2 in e u v x;do case $- in *$_unmoor2*)_unmoor1=$_unmoor1$_unmoor2;;esac;done;';
  return shellStart(
    command,
    'case $-:${_unmoor-} in *b*:*)set +b;_unmoor=$$;;*:$$);;*)',
    flags + execCode(command, { first: '"$_unmoor1"' }),
  );
}

/** What stands behind `#!/bin/sh`, newline included, in the place of the first line's end. */
export function headerLines(language: Exclude<ScriptLanguage, 'python'>, command: HeaderCommand): readonly string[] {
  const run = `${locateStore(command.up)};${execCode(command)}`;
  const reread = command.rereadArguments.map((argument) => ` ${argument}`).join('');
  // The shell's eval joins its words: the comment keeps those behind the string out of the command.
  const skipped = () => `${locateStore(command.up)};${execCode(command, { last: '-x' })} #`;
  switch (language) {
    case 'bash':
      return [bashHeader(command)];
    case 'zsh':
      return [zshHeader(command)];
    case 'sh':
      return [shHeader(command)];
    // fish reads \' inside single quotes as a quote, other shells end the string there.
    case 'fish':
      return [`: '\\';${run} #'`];
    case 'perl':
      return [`eval '${skipped()}' if 0;`, `#!perl${reread}`];
    case 'ruby':
      return [`eval '${skipped()}' if false`, `#!ruby${reread}`];
    // The semicolon ends the statement for JavaScript: the next line may begin with a parenthesis.
    case 'node':
      return [`':' /*;${run.replaceAll('*/', '*"/"')} #*/;`];
    case 'lua':
      return [`_unmoor=[[;${run} #]] _unmoor=nil`];
    // Comments that Tcl and make continue behind the backslash, and the shell does not.
    case 'tcl':
    case 'make':
      return ['# \\', run];
    // awk's comments may begin inside a word, the shell's do not.
    case 'awk':
      return [`BEGIN { x 2>"/dev/null" }#;${run}`];
    // For sed this is the command c, of no line at all, with the rest as its text.
    case 'sed':
      return [`! case x in x)${run};;esac`];
    // Everything up to !# is a comment.
    case 'guile':
      return [run];
  }
}

export interface PythonHeader {
  /** Inserted before the script's first line of code. */
  readonly beforeCode: string;
  /** Inserted where a statement may stand again, to give `__doc__` its value. */
  readonly afterImports: string | undefined;
}

/**
 * Python's header stands in a string before the first statement; the comments above it stay where they are, and with
 * them an encoding cookie on line 2. A docstring behind it is joined with it into one constant, so that `from
 * __future__` may follow, and is cut out of it again.
 */
export function pythonHeader(command: HeaderCommand, start: PythonFileStart): PythonHeader {
  const text = `:';${locateStore(command.up)};${execCode(command)} #`;
  const string = `'''${text}'''`;
  if (start.hasDocstring) {
    return { beforeCode: `${string}\\\n`, afterImports: `;__doc__=__doc__ and __doc__[${text.length}:]` };
  }
  if (start.hasFuture) return { beforeCode: `${string}\n`, afterImports: ';__doc__=None' };
  return { beforeCode: `${string};__doc__=None\n`, afterImports: undefined };
}
