/** The libraries that a program needs, found as ld.so finds them (ld.so(8), glibc elf/dl-load.c). */

import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { openFileSource } from '../../store/byte-source.ts';
import { DT_NEEDED, DT_RPATH, DT_RUNPATH, PT_INTERP } from '../../syntax/elf/constants.ts';
import { dynamicString, readDynamic } from '../../syntax/elf/dynamic.ts';
import { cString, parseElf } from '../../syntax/elf/file.ts';
import { UserError } from '../user-error.ts';

/** What loading one ELF file asks for. */
export interface Requirements {
  readonly machine: number;
  readonly class: 32 | 64;
  /** PT_INTERP; undefined for libraries and static programs. */
  readonly interpreter: string | undefined;
  readonly needed: readonly string[];
  readonly searchPath: readonly string[];
  readonly isDynamic: boolean;
}

/** Where ld.so looks last (Debian's multiarch directories, then the classic ones). */
const DEFAULT_DIRECTORIES: Readonly<Record<number, readonly string[]>> = {
  62: ['/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu', '/lib64', '/usr/lib64', '/lib', '/usr/lib'],
  183: ['/lib/aarch64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/lib64', '/usr/lib64', '/lib', '/usr/lib'],
};

/** Reads an ELF file's requirements; undefined for files that are no ELF. */
export function requirementsOf(path: string): Requirements | undefined {
  const source = openFileSource(path);
  try {
    const elf = parseElf(source);
    if ('malformed' in elf) return undefined;
    const dynamic = readDynamic(source, elf);
    const strings = (...tags: number[]) =>
      dynamic === undefined
        ? []
        : dynamic.entries
            .filter(({ tag }) => tags.includes(tag))
            .map(({ value }) => dynamicString(source, dynamic, value));
    const interpreter = elf.segments.find(({ type }) => type === PT_INTERP);
    return {
      machine: elf.machine,
      class: elf.class,
      interpreter: interpreter && cString(source.read(interpreter.offset, Math.min(interpreter.filesz, 4096)), 0),
      needed: strings(DT_NEEDED),
      searchPath: strings(DT_RUNPATH, DT_RPATH).flatMap((text) => text.split(':')),
      isDynamic: dynamic !== undefined,
    };
  } finally {
    source.close();
  }
}

/** A program or library with the physical paths of the libraries it needs. */
export interface Dependent {
  readonly path: string;
  readonly requirements: Requirements;
  readonly libraries: readonly string[];
}

export type LibraryCache = ReadonlyMap<string, readonly string[]>;

function resolveNeeded(name: string, path: string, own: Requirements, cache: LibraryCache): string {
  const origin = dirname(path);
  const searched = own.searchPath.map((entry) => entry.replace(/\$(?:ORIGIN|\{ORIGIN\})/g, origin));
  const candidates = name.includes('/')
    ? [name.replace(/\$(?:ORIGIN|\{ORIGIN\})/g, origin)]
    : [
        ...searched.map((directory) => join(directory, name)),
        ...(cache.get(name) ?? []),
        ...(DEFAULT_DIRECTORIES[own.machine] ?? []).map((directory) => join(directory, name)),
      ];
  for (const candidate of candidates) {
    if (!existsSync(candidate)) continue;
    const found = requirementsOf(candidate);
    if (found?.machine === own.machine && found.class === own.class) return candidate;
  }
  throw new UserError(`'${path}' needs the library '${name}', which is nowhere to be found`, {
    hint: `install the package that holds it; it was looked for in ${candidates.slice(0, 6).join(', ') || 'no directory'}`,
  });
}

/**
 * All ELF files that the given ones need, themselves included, by physical path.
 *
 * @throws {UserError} when a library is missing.
 */
export function dependenciesOf(paths: readonly string[], cache: LibraryCache): ReadonlyMap<string, Dependent> {
  const found = new Map<string, Dependent>();
  const pending = [...paths];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (found.has(path)) continue;
    const requirements = requirementsOf(path);
    if (requirements === undefined) continue;
    const wanted = requirements.needed.map((name) => resolveNeeded(name, path as string, requirements, cache));
    if (requirements.interpreter !== undefined) wanted.push(requirements.interpreter);
    found.set(path, { path, requirements, libraries: wanted });
    pending.push(...wanted.map((library) => realpathSync(library)));
  }
  return found;
}
