/** What a relocation does with a path that is written into a file, by the file's language. */

import type { Severity } from './finding.ts';

export interface TargetLanguage {
  readonly name: string;
  readonly severity: Severity;
  /** What becomes of the path, and what a contributor may do. */
  readonly advice: string;
  /** Programs of the host read the file, not relocated ones. */
  readonly host?: true;
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
  host: true,
});

const built = (name: string): TargetLanguage => ({
  name,
  severity: 'information',
  advice: 'the build reads this: what becomes of the path depends on what it makes of it',
});

const unit: TargetLanguage = {
  name: 'systemd',
  severity: 'information',
  advice: 'nothing to do in commands: a relocation makes them relative to the unit (%Y); other settings stay absolute',
  host: true,
};

const byName: readonly (readonly [RegExp, TargetLanguage])[] = [
  // What only the build reads comes before the language that it is written in.
  [
    /(?:^|\/)(?:CMakeLists\.txt|meson\.build|meson_options\.txt|meson\.options|[^/]*\.gyp|[^/]*\.pro)$/,
    built('a build file'),
  ],
  [
    /(?:^|\/)(?:setup\.py|build\.rs|Cargo\.toml|pyproject\.toml|setup\.cfg|pom\.xml|[^/]*\.gradle(?:\.kts)?|Gemfile|Rakefile|extconf\.rb|[^/]*\.gemspec|[^/]*\.cabal|SConstruct|Makefile\.PL|Build\.PL|SConscript|wscript|package\.json)$/,
    built('a build file'),
  ],
  [/(?:^|\/)(?:GNUm|M|m)akefile(?!\.PL)[^/]*$|(?:^|\/)Make(?:file)?\.[^/]+$|\.(?:mak|mk)$/, built('a makefile')],
  [/(?:^|\/)(?:configure(?:\.ac|\.in)?|autogen\.sh|bootstrap(?:\.sh)?|[^/]*\.m4|ltmain\.sh)$/, built('a build file')],
  [/(?:^|\/)dbus-1\/.*\.service$|(?:^|\/)(?:org|com|net|io|de|fr)\.[A-Za-z0-9_.-]+\.service$/, host('D-Bus service')],
  [/\.(?:sh|bash|zsh|ksh)$/, relative('shell')],
  [/\.py[iw]?$/, relative('Python')],
  [/\.(?:js|mjs|cjs|ts|mts|cts|jsx|tsx)$/, relative('JavaScript')],
  [/\.(?:pl|pm|t)$/, relative('Perl')],
  [/\.rb$/, relative('Ruby')],
  [/\.lua$/, relative('Lua')],
  [/\.tcl$/, relative('Tcl')],
  [/\.cmake$/, relative('CMake')],
  [/\.pc$/, relative('pkg-config')],
  [/\.(?:c|h|cc|cpp|cxx|hh|hpp|hxx|m|mm|inc)$/, compiled('C or C++')],
  [/\.rs$/, compiled('Rust')],
  [/\.go$/, compiled('Go')],
  [/\.(?:hs|ml|mli|vala|zig|nim|d|swift|pas|cr|v|pyx|pxd)$/, compiled('a compiled language')],
  [
    /\.(?:java|kt|scala|clj|groovy)$/,
    {
      name: 'Java',
      severity: 'information',
      advice:
        'compiled in: a relocation keeps it working through the store alias, in jars too unless they are signed; a look-up at run time would be relative',
    },
  ],
  [/\.(?:cs|fs|vb)$/, hidden('.NET', 'its strings are UTF-16, which neither Nix nor a relocation sees')],
  [/\.(?:service|socket|timer|mount|path|target|slice)$/, unit],
  [/\.desktop$/, host('desktop entry')],
  [/\.(?:rules|policy)$/, host('udev or polkit')],
];

/** The language of a file by its name; templates (`x.in`) are what they become. Undefined when it is not known. */
export function languageOf(fileName: string): TargetLanguage | undefined {
  const name = fileName.replace(/\.(?:in|tmpl|template|am)$/, '');
  return byName.find(([pattern]) => pattern.test(name) || pattern.test(fileName))?.[1];
}

/** The key of a line of a unit or a desktop entry; undefined where there is none, as in a mere command. */
export function hostKey(line: string): string | undefined {
  return /^\s*([A-Za-z][\w-]*)\s*=/.exec(line)?.[1];
}

/** What a relocation makes relative in units; the analyzer of systemd knows the same settings. */
const COMMANDS = /^(?:Exec(?:Condition|Start|StartPre|StartPost|Reload|Stop|StopPre|StopPost)|Environment)$/;
const SETTING = host('systemd');

/** What a single setting of a host's file is: in units, only commands have a relative form. */
export function unitLanguage(language: TargetLanguage, key: string | undefined): TargetLanguage {
  return language !== unit || key === undefined || COMMANDS.test(key) ? language : SETTING;
}

export const unknownLanguage: TargetLanguage = {
  name: 'text',
  severity: 'information',
  advice: 'a relocation keeps it working through the store alias where relocated programs read it',
};
