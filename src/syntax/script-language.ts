/** Script languages, told by the name of the program that reads the script. */

/** Languages in which one text can be read by a shell and by the language itself, each seeing its own part. */
export type ScriptLanguage =
  | 'bash'
  | 'zsh'
  | 'sh'
  | 'fish'
  | 'python'
  | 'perl'
  | 'ruby'
  | 'node'
  | 'lua'
  | 'tcl'
  | 'make'
  | 'awk'
  | 'sed'
  | 'guile';

const languages: readonly (readonly [RegExp, ScriptLanguage])[] = [
  [/^bash$/, 'bash'],
  [/^zsh$/, 'zsh'],
  [/^(?:|da|a|k|mk|ok|pdk|ya)sh$|^ksh93$/, 'sh'],
  [/^fish$/, 'fish'],
  [/^(?:python|pypy)$/, 'python'],
  [/^perl$/, 'perl'],
  [/^(?:ruby|jruby|truffleruby)$/, 'ruby'],
  [/^(?:node|nodejs|bun|deno|gjs)$/, 'node'],
  [/^(?:lua|luajit|texlua)$/, 'lua'],
  [/^(?:tclsh|wish|expect)$/, 'tcl'],
  [/^g?make$/, 'make'],
  [/^(?:|g|m|n)awk$/, 'awk'],
  [/^g?sed$/, 'sed'],
  [/^guile$/, 'guile'],
];

/** The program's name without its directory, its version, and what a wrapper's original is called. */
function plainName(program: string): string {
  const name = program.slice(program.lastIndexOf('/') + 1).replace(/^\.(.*)-wrapped_*$/, '$1');
  return languages.some(([pattern]) => pattern.test(name)) ? name : name.replace(/-?\d[\d.]*t?$/, '');
}

/** The language that a program reads, by its name. */
export function languageOf(program: string): ScriptLanguage | undefined {
  const name = plainName(program);
  return languages.find(([pattern]) => pattern.test(name))?.[1];
}
