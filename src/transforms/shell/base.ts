/** The line that finds the store directory, once for each script, and keeps it in a variable. */

import { createHash } from 'node:crypto';
import { DIGEST_LENGTH } from '../../store/store-path.ts';
import type { Dialect } from '../../syntax/shell/dialect.ts';

/** Holds the store directory, without a slash at its end, in programs. */
const PROGRAM_VARIABLE = '__unmoor_store';

/** Holds the path of the file that is read. */
const FILE = '__unmoor_file';

/**
 * The variable of one file. What is sourced has one of its own, so that functions of files from two prefixes can live in
 * one shell.
 *
 * @param path `<object>/<file>`
 */
export function variableOf(path: string, isProgram: boolean): string {
  if (isProgram) return PROGRAM_VARIABLE;
  return `${PROGRAM_VARIABLE}_${createHash('sha256').update(path, 'latin1').digest('hex').slice(0, 8)}`;
}

export interface BaseOptions {
  readonly variable: string;
  readonly dialect: Dialect;
  /** Started by the kernel or as an argument of its shell, and not read by a shell of any kind that runs already. */
  readonly isProgram: boolean;
  /** The file's path below the store directory: the object's base name, and the path inside. */
  readonly components: readonly string[];
  /** What stands for the store directory when the shell cannot tell which file it reads, or reads a copy of it. */
  readonly alias: string;
  /** Whether other shells that this one starts need the variable. */
  readonly isExported: boolean;
  /** Gets the store directory as sed's command `s` needs it in a replacement; undefined where no program of sed does. */
  readonly sedVariable: string | undefined;
}

const V = FILE;

/** A name between single quotes of the shell. */
const quoted = (name: string) => `'${name.replaceAll("'", "'\\''")}'`;

/**
 * Sets the variable to the path by which the running shell reads the file. bash tells it in BASH_SOURCE, which is unset
 * elsewhere; zsh by the prompt escape `%x`, ksh93 by `.sh.file`, in a string because others cannot parse them. In other
 * shells `$0` is the program's own path (POSIX.1-2017, sh, "COMMAND NAME"), and no sourced file knows its own.
 */
function ownPath({ dialect, isProgram, components }: BaseOptions): string {
  const name = components.at(-1) as string;
  // The escape shows bytes that the locale does not know in another form; $0 does not, and is the sourced file's name
  // too, unless an option says otherwise.
  const zsh = isProgram ? `${V}=$0` : `case $0 in */${quoted(name)})${V}=$0;;*)eval '${V}=\${(%):-%x}';;esac`;
  const ksh = `eval '${V}=\${.sh.file}'`;
  if (dialect === 'zsh') return zsh;
  const general = `${V}=\${BASH_SOURCE-$0}`;
  if (dialect === 'bash' || (dialect === 'sh' && isProgram)) return general;
  if (dialect === 'ksh') return `${V}=$0;case \${KSH_VERSION-} in *Version*)${ksh};;esac`;
  return `${general};case \${BASH_SOURCE+b}\${ZSH_VERSION+z}\${KSH_VERSION-} in z*)${zsh};;*Version*)${ksh};;esac`;
}

/**
 * Puts a backslash before what sed reads as code in a replacement, and before characters that may be its delimiter;
 * sed takes a backslash before other punctuation away (POSIX.1-2017, sed); a newline needs one. Characters, not bytes, where the locale says so.
 */
function escapedForSed(variable: string, escaped: string): string {
  const one = `\${${V}%"\${${V}#?}"}`;
  return (
    `${escaped}=;${V}=$${variable};while [ -n "$${V}" ];do case $${V} in ['\\&,|:#@!;%~^=+'[:cntrl:]]*)${escaped}=$${escaped}'\\';;esac;` +
    `${escaped}=$${escaped}${one};${V}=\${${V}#?};done`
  );
}

/**
 * Shell code that sets the variable, for any place where a command may stand; it ends without a separator.
 *
 * No process is started, unless one of the components between the store directory and the file's end is a link, or the
 * path holds `.` or `..`: readlink then gives the physical path. Directory links matter, because the shell takes
 * components off as text. A file that turns out not to be this one, such as a copy of a template, gets no base of its own
 * but what a relocated program that started it has left. Nothing in it ends a script that runs under `set -eu`.
 */
export function baseCode(options: BaseOptions): string {
  const { variable, components, alias, isExported } = options;
  const depth = components.length;
  const absolute =
    `case $${V} in /*);;*/*)${V}=\${PWD%/}/\${${V}#./};;` +
    `*)if [ -e "$${V}" ];then ${V}=\${PWD%/}/$${V};else ${V}=$(command -v -- "$${V}"||:);fi;;esac`;
  const links = Array.from({ length: depth }, (_, i) =>
    i === 0 ? `[ -h "$${V}" ]` : `[ -h "\${${V}%${'/*'.repeat(i)}}" ]`,
  ).join('||');
  const physical =
    `if case $${V} in */./*|*/../*|*//*);;*)${links};;esac;then ` +
    `${V}=$(command -p readlink -f -- "$${V}" 2>/dev/null||readlink -f -- "$${V}"||:);fi`;
  const found = `${variable}=\${${V}%${'/*'.repeat(depth)}}`;
  // A program that sources the file, or started its copy, has found the store already.
  const unknown = `${variable}=\${${PROGRAM_VARIABLE}-${alias}}`;
  // The digest is left out: it would be a reference that the object may not have had.
  const end = components.join('/').slice(DIGEST_LENGTH);
  const store = `case $${V} in *${quoted(end)})${found};;*)${unknown};;esac`;
  const forSed = options.sedVariable === undefined ? [] : [escapedForSed(variable, options.sedVariable)];
  return [ownPath(options), absolute, physical, store, ...forSed, ...(isExported ? [`export ${variable}`] : [])].join(
    ';',
  );
}
