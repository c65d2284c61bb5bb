/** Which shell reads a file: told by its first line, its name, its place or its first lines. */

import { shebangCommand } from '../env-command.ts';
import { parseShebang } from '../shebang.ts';

/** `sh` is any POSIX shell: dash, bash, busybox ash. */
export type Dialect = 'bash' | 'zsh' | 'ksh' | 'sh';

export interface ShellFile {
  readonly dialect: Dialect;
  /** Whether the file is a program of its own; others are read by a running shell, which may be of another dialect. */
  readonly isProgram: boolean;
  /** How sure this is, 0 to 100. */
  readonly claim: number;
}

const shells: Readonly<Record<string, Dialect>> = {
  sh: 'sh',
  dash: 'sh',
  ash: 'sh',
  busybox: 'sh',
  yash: 'sh',
  posh: 'sh',
  bash: 'bash',
  rbash: 'bash',
  zsh: 'zsh',
  ksh: 'ksh',
  ksh93: 'ksh',
  mksh: 'ksh',
  lksh: 'ksh',
  pdksh: 'ksh',
  oksh: 'ksh',
};

/** The shell that a program's path or name stands for; undefined when it is no shell. */
export function shellOf(program: string): Dialect | undefined {
  const name = program.slice(program.lastIndexOf('/') + 1).replace(/^\.(.*)-wrapped_*$/, '$1');
  return Object.hasOwn(shells, name) ? shells[name] : undefined;
}

/** The shells' start-up files (bash manual, "Bash Startup Files"; zshall(1), "STARTUP/SHUTDOWN FILES"), and known places. */
const places: readonly (readonly [RegExp, Dialect])[] = [
  [/\.bash$/, 'bash'],
  [/\.zsh$|\.zsh-theme$/, 'zsh'],
  [/\.(?:ksh|mksh)$/, 'ksh'],
  [/\.sh$/, 'sh'],
  [/(?:^|\/)\.?(?:bashrc|bash_(?:profile|login|logout|completion|aliases)|bash\.bashrc)$/, 'bash'],
  [/(?:^|\/)\.?(?:zshrc|zshenv|zprofile|zlogin|zlogout)$/, 'zsh'],
  [/(?:^|\/)\.?kshrc$/, 'ksh'],
  [/(?:^|\/)\.profile$|(?:^|\/)etc\/profile$/, 'sh'],
  [/(?:^|\/)share\/bash-completion\/(?:completions|helpers)\/[^/]+$|(?:^|\/)bash_completion\.d\/[^/]+$/, 'bash'],
  [/(?:^|\/)share\/zsh\/(?:.*\/)?_[^/.]+$|(?:^|\/)site-functions\/[^/.]+$/, 'zsh'],
  [/(?:^|\/)nix-support\/(?:setup-hooks?|[^/]*-hook|add-[^/]*|.*-wrapper)$/, 'bash'],
  [/(?:^|\/)etc\/profile\.d\/[^/.]+$/, 'sh'],
];

/** Completions of zsh say on their first line what they are (zshcompsys(1), "Autoloaded files"). */
const zshFunction = /^#(?:compdef|autoload)\b/;

/** Lines that shells have and few other languages. */
const signs: readonly RegExp[] = [
  /^[ \t]*(?:fi|esac|done)[ \t]*(?:[;&|#].*)?\r?$/m,
  /^[ \t]*[A-Za-z_]\w*[ \t]*\(\)[ \t]*(?:\{.*)?\r?$/m,
  /^[ \t]*export [A-Za-z_]\w*=/m,
  /^[ \t]*(?:if|elif|while|until) .*;[ \t]*(?:then|do)\r?$/m,
  /^[ \t]*exec .*"\$@"/m,
  /^[ \t]*(?:source|\.) ["$/]/m,
];

/** `# shellcheck shell=bash` (ShellCheck wiki, "Directive") and the modelines of editors name the shell. */
const directive = /^#.*(?:shellcheck\b.*\bshell=|-\*-.*\b(?:mode|sh-shell):[ \t]*|\bft=)(sh|bash|dash|ksh|zsh)\b/m;

function byContent(file: string, text: string): Dialect | undefined {
  const named = directive.exec(text);
  if (named !== null) return shellOf(named[1] as string);
  const base = file.slice(file.lastIndexOf('/') + 1);
  if (/.\.[A-Za-z]\w*$/.test(base)) return undefined;
  return signs.filter((sign) => sign.test(text)).length >= 2 ? 'sh' : undefined;
}

/**
 * @param file path inside the object
 * @param head first bytes of the file
 * @returns undefined when no shell is known to read it
 */
export function shellFile(file: string, head: Buffer, executable: boolean): ShellFile | undefined {
  if (head.includes(0)) return undefined;
  const shebang = parseShebang(head);
  const text = head.toString('latin1');
  if (shebang !== undefined) {
    const command = shebangCommand(shebang);
    const dialect = command && shellOf(command.words[command.program] as string);
    if (dialect === undefined) return undefined;
    // Our own header stands behind `#!/bin/sh` and starts the real interpreter.
    const rewritten = dialect === 'sh' ? startedByHeader(text.slice(shebang.length + 1)) : dialect;
    return rewritten && { dialect: rewritten, isProgram: executable, claim: 85 };
  }
  if (zshFunction.test(text)) return { dialect: 'zsh', isProgram: false, claim: 80 };
  const known = places.find(([pattern]) => pattern.test(file));
  if (known !== undefined) return { dialect: known[1], isProgram: false, claim: 75 };
  const guessed = byContent(file, text);
  return guessed && { dialect: guessed, isProgram: false, claim: 20 };
}

/** Interpreters that scripts begun by a shell hand themselves to. */
const otherLanguage =
  /^(?:python|pypy|perl|ruby|jruby|node|lua|luajit|tclsh|wish|expect|guile|emacs|sbcl|clisp|scala|groovy|awk|gawk|ocaml|rep|escript)[\d.]*$/;

/**
 * The shell that reads the file behind its first line: with a self-locating header the one that it starts, `sh` when
 * there is no header. Undefined when another language is started, by our header or by one that the authors wrote.
 */
function startedByHeader(text: string): Dialect | undefined {
  const header = /\bexec ((?:"[^"]*" )*"\$(?:d|_unmoor)\/.*?) "\$0" "\$@"/.exec(text);
  if (header !== null) {
    const words = [...(header[1] as string).matchAll(/"([^"]*)"/g)].map(([, word]) => shellOf(word as string));
    return words.find((word) => word !== undefined);
  }
  for (const [line] of text.matchAll(/^.*\bexec['"]?[ \t].*\$\{?0\b.*$/gm)) {
    const words = line.slice(line.indexOf('exec') + 4).split(/[\s"']+/);
    if (words.some((word) => otherLanguage.test(word.slice(word.lastIndexOf('/') + 1)))) return undefined;
  }
  return 'sh';
}
