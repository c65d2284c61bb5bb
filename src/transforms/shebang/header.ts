/**
 * Self-locating headers: a few words of POSIX shell behind `#!/bin/sh` that find the script's own directory and start
 * the interpreter by its relative path, written so that the script's language reads over them.
 */

import type { ScriptLanguage } from '../../syntax/shebang.ts';

/**
 * Finds the directory of `$0` without starting a process, unless a component of its path is a symlink: then readlink
 * tells the physical path. Directory links matter too, since Python takes `..` out of its own path as text.
 * Holds no single quote, no backslash and no `]]`, so that it can stand inside other languages' strings.
 */
const FIND =
  'p=$0;while :;do if [ -h "$p" ];then p=$(readlink -f -- "$0");break;fi;' +
  'case $p in */*)p=${p%/*};;*)p=$0;break;;esac;done;case $p in */*)d=${p%/*};;*)d=.;;esac';

/** One word of the command: text, or a path that leads up from the script's directory. */
export type HeaderWord = { readonly text: string } | { readonly before: string; readonly fromDirectory: string };

function shellWord(word: HeaderWord): string {
  return 'text' in word ? `"${word.text}"` : `"${word.before}$d/${word.fromDirectory}"`;
}

/** Whether a text can stand between double quotes of the shell in any of the headers. */
export function isPlainText(text: string): boolean {
  return !/["'\\$`\n\]]/.test(text);
}

export interface Header {
  /** Replaces the first line, its newline not included. */
  readonly firstLine: string;
  /** Inserted before the script's first word of code. */
  readonly beforeCode: string;
}

/** A command line for `exec`, the script's own name and arguments at its end. */
function execLine(words: readonly HeaderWord[], extra: readonly string[]): string {
  return `exec ${[...words.map(shellWord), ...extra].join(' ')} "$0" "$@"`;
}

/** A name for use inside single quotes of the shell. */
const quoted = (name: string) => `'${name.replaceAll("'", "'\\''")}'`;

/**
 * The header of a script.
 *
 * @param command the interpreter and its arguments
 * @param scriptName last component of the script's path
 * @param originalArguments what stood behind the interpreter on the first line; perl reads its switches from there
 */
export function headerOf(
  language: Exclude<ScriptLanguage, 'python'>,
  command: readonly HeaderWord[],
  scriptName: string,
  originalArguments: string,
): Header {
  const run = (...extra: string[]) => `${FIND};${execLine(command, extra)}`;
  const lines = (...rest: string[]): Header => ({ firstLine: ['#!/bin/sh', ...rest].join('\n'), beforeCode: '' });
  switch (language) {
    case 'shell':
      // The marker holds the process number, which exec keeps: the second time the header takes it away and goes on.
      // When the file is sourced, $0 is another file (bash tells both), and nothing is started.
      return lines(
        `if [ "\${_unmoor-}" = "$$" ];then unset _unmoor;else ${FIND};case \${p##*/}/\${BASH_SOURCE-$0} in ${quoted(scriptName)}/"$0")` +
          `_unmoor=$$;export _unmoor;${execLine(command, [])};;esac;unset p d;fi`,
      );
    case 'perl':
      // The shell's eval joins its words: the comment keeps those behind the string out of the command.
      return lines(`eval '${run('-x')} #' if 0;`, `#!perl${originalArguments}`);
    case 'ruby':
      return lines(`eval '${run('-x')} #' if false`, `#!ruby${originalArguments}`);
    case 'node':
      return lines(`':' //;${run()}`);
    case 'lua':
      return lines('_=[[', run(), ']] _=nil');
    case 'tcl':
      return lines('# \\', run());
  }
}

/** What follows the header in a Python file, which decides how it ends. */
export type PythonStart =
  /** A docstring: joined with the header's string into one constant, and cut out of it again. */
  | { readonly kind: 'docstring' }
  /** `from __future__`, which allows nothing but one string before it. */
  | { readonly kind: 'future' }
  | { readonly kind: 'code' };

/**
 * Python's header stands in a string before the first statement. The comments above it stay where they are, and with
 * them an encoding cookie on line 2; the shell reads over them as Python does.
 */
export function pythonHeader(command: readonly HeaderWord[], start: PythonStart): Header {
  const code = `''':'\n${FIND};${execLine(command, [])} # '''`;
  const end = { docstring: '\\\n', future: '\n', code: ';__doc__=None\n' }[start.kind];
  return { firstLine: '#!/bin/sh', beforeCode: code + end };
}

/** Characters of the header's string that come before a docstring that it was joined with. */
export function pythonHeaderLength(header: Header): number {
  return header.beforeCode.lastIndexOf("'''") - "'''".length;
}
