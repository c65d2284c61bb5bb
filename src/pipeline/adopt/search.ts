/** Where a loader looks for a library: glibc's ld.so (ld.so(8), elf/dl-load.c) and musl's (ldso/dynlink.c). */

import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path/posix';
import type { LibraryCache } from './library-cache.ts';
import type { Requirements } from './requirements.ts';

/** A loaded file, with the one that asked for it; paths are byte strings. */
export interface Loaded {
  /** As the loader found it, links unresolved: $ORIGIN is its directory. */
  readonly found: string;
  readonly physical: string;
  readonly requirements: Requirements;
  readonly loader: Loaded | undefined;
}

const X86_64 = 62;
const AARCH64 = 183;

/**
 * What $LIB and $PLATFORM stand for. $LIB is compiled into ld.so, and before glibc 2.37 $PLATFORM names what the
 * processor can do (sysdeps/x86/cpu-features.c), so all usual values are tried.
 */
const LIB: Readonly<Record<number, readonly string[]>> = {
  [X86_64]: ['lib/x86_64-linux-gnu', 'lib64', 'lib'],
  [AARCH64]: ['lib/aarch64-linux-gnu', 'lib64', 'lib'],
};
const PLATFORM: Readonly<Record<number, readonly string[]>> = {
  [X86_64]: ['haswell', 'xeon_phi', 'x86_64'],
  [AARCH64]: ['aarch64'],
};

/** One text for each value that a token may have. */
function eachValue(texts: readonly string[], token: RegExp, values: readonly string[]): string[] {
  return texts.flatMap((text) =>
    text.search(token) >= 0 ? values.map((value) => text.replaceAll(token, () => value)) : [text],
  );
}

/** An entry of a search path with its tokens replaced. */
export function expandTokens(entry: string, file: Loaded): string[] {
  const { machine } = file.requirements;
  const text = entry.replace(/\$(?:ORIGIN\b|\{ORIGIN\})/g, () => dirname(file.found));
  const platforms = eachValue([text], /\$(?:PLATFORM\b|\{PLATFORM\})/g, PLATFORM[machine] ?? ['']);
  return eachValue(platforms, /\$(?:LIB\b|\{LIB\})/g, LIB[machine] ?? ['lib']);
}

/** How the loader of one program looks for libraries. */
export interface SearchRules {
  /** Paths to try for a name without slash, in order. */
  candidates(name: string, requester: Loaded): string[];
  /** Whether the loader takes the name for itself. */
  isItself(name: string): boolean;
}

function inEach(directories: readonly string[], name: string): string[] {
  return directories.map((directory) => join(directory, name));
}

function glibcRules(cache: LibraryCache): SearchRules {
  return {
    isItself: () => false,
    candidates(name, requester) {
      const { machine, runpath } = requester.requirements;
      const directories: string[] = [];
      // DT_RPATH is inherited along the chain of loaders, unless the file that asks has a DT_RUNPATH of its own.
      if (runpath.length === 0) {
        for (let file: Loaded | undefined = requester; file !== undefined; file = file.loader) {
          const current = file;
          directories.push(...current.requirements.rpath.flatMap((entry) => expandTokens(entry, current)));
        }
      }
      directories.push(...runpath.flatMap((entry) => expandTokens(entry, requester)));
      const last = (LIB[machine] ?? []).flatMap((lib) => [`/${lib}`, `/usr/${lib}`]);
      return [...inEach(directories, name), ...(cache.get(name) ?? []), ...inEach(last, name)];
    },
  };
}

/** Names that musl's loader never looks for (ldso/dynlink.c, load_library). */
const MUSL_OWN = /^lib(?:c|pthread|rt|m|dl|util|xnet)\./;
const MUSL_DIRECTORIES = ['/lib', '/usr/local/lib', '/usr/lib'];

function muslRules(interpreter: string): SearchRules {
  const architecture = /ld-musl-(.*)\.so\.1$/.exec(interpreter)?.[1] ?? '';
  const config = `/etc/ld-musl-${architecture}.path`;
  const last = existsSync(config)
    ? readFileSync(config, 'latin1')
        .split(/[\n:]/)
        .filter((directory) => directory !== '')
    : MUSL_DIRECTORIES;
  return {
    isItself: (name) => MUSL_OWN.test(name),
    candidates(name, requester) {
      const directories: string[] = [];
      for (let file: Loaded | undefined = requester; file !== undefined; file = file.loader) {
        const current = file;
        const { rpath, runpath } = current.requirements;
        directories.push(...[...rpath, ...runpath].flatMap((entry) => expandTokens(entry, current)));
      }
      return inEach([...directories, ...last], name);
    },
  };
}

/** The rules of a program's loader; files without an interpreter are loaded by glibc's. */
export function searchRules(interpreter: string | undefined, cache: LibraryCache): SearchRules {
  const isMusl = interpreter !== undefined && basename(interpreter).startsWith('ld-musl-');
  return isMusl ? muslRules(interpreter) : glibcRules(cache);
}
