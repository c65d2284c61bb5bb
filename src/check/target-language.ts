/** What a relocation does with a path that is written into a file, by the file's language. */

import type { Severity } from './finding.ts';

export interface TargetLanguage {
  readonly name: string;
  readonly severity: Severity;
  /** What becomes of the path, and what a contributor may do. */
  readonly advice: string;
}

const relative = (name: string): TargetLanguage => ({
  name,
  severity: 'information',
  advice: 'nothing to do: a relocation makes it relative to the file',
});

const compiled = (name: string): TargetLanguage => ({
  name,
  severity: 'information',
  advice: 'compiled in: a relocation keeps it working through the store alias; a look-up at run time would be relative',
});

const hidden = (name: string, why: string): TargetLanguage => ({
  name,
  severity: 'error',
  advice: `${why}; look it up at run time instead, by PATH or from the own file's place`,
});

const host = (name: string): TargetLanguage => ({
  name,
  severity: 'error',
  advice: 'the host reads this file and takes absolute paths only; name the program alone where the format allows it',
});

const byExtension: readonly (readonly [RegExp, TargetLanguage])[] = [
  [/\.(?:sh|bash|zsh|ksh)$/, relative('shell')],
  [/\.py[iwx]?$/, relative('Python')],
  [/\.(?:js|mjs|cjs|ts|mts|cts|jsx|tsx)$/, relative('JavaScript')],
  [/\.(?:pl|pm|t)$/, relative('Perl')],
  [/\.rb$/, relative('Ruby')],
  [/\.lua$/, relative('Lua')],
  [/\.tcl$/, relative('Tcl')],
  [/(?:\.cmake|CMakeLists\.txt)$/, relative('CMake')],
  [/\.pc$/, relative('pkg-config')],
  [/\.(?:c|h|cc|cpp|cxx|hh|hpp|hxx|m|mm|inc)$/, compiled('C or C++')],
  [/\.rs$/, compiled('Rust')],
  [/\.go$/, compiled('Go')],
  [/\.(?:hs|ml|mli|vala|zig|nim|d|swift|pas|cr|v)$/, compiled('a compiled language')],
  [
    /\.(?:java|kt|scala|clj|groovy)$/,
    hidden('Java', 'class files are compressed into jars, where no rewriting reaches'),
  ],
  [/\.(?:cs|fs|vb)$/, hidden('.NET', 'its strings are UTF-16, which neither Nix nor a relocation sees')],
  [/\.(?:service|socket|timer|mount|path|target|slice)$/, host('systemd')],
  [/\.desktop$/, host('desktop entry')],
  [/\.(?:rules|policy)$/, host('udev or polkit')],
];

/** The language of a file by its name; templates (`x.in`) are what they become. Undefined when it is not known. */
export function languageOf(fileName: string): TargetLanguage | undefined {
  const name = fileName.replace(/\.(?:in|tmpl|template|am)$/, '');
  // D-Bus and systemd share an ending; the folder tells, and both are the host's.
  return byExtension.find(([pattern]) => pattern.test(name))?.[1];
}

export const unknownLanguage: TargetLanguage = {
  name: 'text',
  severity: 'information',
  advice: 'a relocation keeps it working through the store alias where relocated programs read it',
};
