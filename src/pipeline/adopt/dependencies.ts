/** The files that programs load, found by doing what their loader does: breadth first, each library once by name. */

import { basename, isAbsolute } from 'node:path/posix';
import { physical } from '../../store/closure.ts';
import { reportText } from '../report-text.ts';
import { UserError } from '../user-error.ts';
import type { LibraryCache } from './library-cache.ts';
import { isReadableFile, type Requirements, requirementsReader } from './requirements.ts';
import { type Loaded, type SearchRules, searchRules } from './search.ts';

/** A library under the name that was asked for. */
export interface Dependency {
  readonly name: string;
  /** Physical path. */
  readonly path: string;
}

/** A file with what it needs itself, its interpreter included. */
export interface Dependent {
  readonly path: string;
  readonly requirements: Requirements;
  readonly libraries: readonly Dependency[];
}

/** A module of a tree that cannot be loaded on this machine either. */
export interface MissingLibrary {
  readonly file: string;
  readonly library: string;
}

export interface Dependencies {
  /** By physical path. */
  readonly files: ReadonlyMap<string, Dependent>;
  readonly missing: readonly MissingLibrary[];
}

class LibraryNotFound extends UserError {
  readonly library: string;

  constructor(file: string, library: string, candidates: readonly string[]) {
    const places = candidates.slice(0, 6).map(reportText).join(', ') || 'no directory';
    super(`'${reportText(file)}' needs the library '${reportText(library)}', which is nowhere to be found`, {
      hint: `install the package that holds it; it was looked for in ${places}`,
    });
    this.library = library;
  }
}

/** What a program has loaded: names and sonames to physical paths. */
type Names = Map<string, string>;

class Resolver {
  readonly files = new Map<string, Dependent>();
  readonly #cache: LibraryCache;
  readonly #requirementsOf = requirementsReader();

  constructor(cache: LibraryCache) {
    this.#cache = cache;
  }

  requirementsOf(path: string): Requirements | undefined {
    return isReadableFile(path) ? this.#requirementsOf(path) : undefined;
  }

  /**
   * Loads a program and everything that it needs.
   *
   * @returns the names that are loaded then
   */
  loadProgram(path: string): Names {
    const requirements = this.requirementsOf(path);
    const names: Names = new Map();
    if (requirements !== undefined) {
      const program: Loaded = { found: path, physical: path, requirements, loader: undefined };
      const added = this.#load(program, searchRules(requirements.interpreter, this.#cache), names, new Map());
      for (const [file, dependent] of added) this.#add(file, dependent);
    }
    return names;
  }

  /** Loads a module as the program does that opens it at run time; `names` are loaded already. */
  loadModule(path: string, program: Loaded | undefined, names: ReadonlyMap<string, string>): void {
    const requirements = this.requirementsOf(path);
    if (requirements === undefined || this.files.has(path)) return;
    // A helper program is on its own; a module finds what its program has loaded.
    const isProgram = requirements.interpreter !== undefined;
    const module: Loaded = { found: path, physical: path, requirements, loader: isProgram ? undefined : program };
    const interpreter = requirements.interpreter ?? program?.requirements.interpreter;
    const known = isProgram ? new Map<string, string>() : names;
    const added = this.#load(module, searchRules(interpreter, this.#cache), new Map(), known);
    for (const [file, dependent] of added) if (!this.files.has(file)) this.files.set(file, dependent);
  }

  #add(path: string, dependent: Dependent): void {
    const known = this.files.get(path);
    for (const { name, path: library } of dependent.libraries) {
      const other = known?.libraries.find((dependency) => dependency.name === name)?.path ?? library;
      if (other === library) continue;
      throw new UserError(`'${reportText(path)}' finds two different libraries '${reportText(name)}'`, {
        hint: `for one program '${reportText(other)}', for another '${reportText(library)}'; adopt them one by one, into different directories`,
      });
    }
    if (known === undefined) this.files.set(path, dependent);
  }

  /** Everything that loading `first` loads; `fallback` holds names that count as loaded when they are found nowhere. */
  #load(
    first: Loaded,
    rules: SearchRules,
    names: Names,
    fallback: ReadonlyMap<string, string>,
  ): ReadonlyMap<string, Dependent> {
    const found = new Map<string, Dependent>();
    const queue = [first];
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const requester = file;
      if (found.has(requester.physical)) continue;
      const { requirements } = requester;
      const libraries: Dependency[] = [];
      const take = (name: string, path: string, at: string) => {
        libraries.push({ name, path });
        const required = this.requirementsOf(path);
        if (required === undefined) return;
        names.set(name, path);
        if (required.soname !== undefined && !names.has(required.soname)) names.set(required.soname, path);
        queue.push({ found: at, physical: path, requirements: required, loader: requester });
      };
      if (requirements.interpreter !== undefined) {
        const { interpreter } = requirements;
        if (!isReadableFile(interpreter)) throw new LibraryNotFound(requester.physical, interpreter, [interpreter]);
        take(basename(interpreter), physical(interpreter), interpreter);
      }
      for (const name of requirements.needed) {
        if (rules.isItself(name)) continue;
        if (name.includes('/')) {
          throw new UserError(
            `'${reportText(requester.physical)}' names the library '${reportText(name)}' by its path`,
            {
              hint: `the loader takes it from there and nowhere else; 'patchelf --replace-needed' gives it a plain name`,
            },
          );
        }
        const loaded = names.get(name);
        if (loaded !== undefined) {
          libraries.push({ name, path: loaded });
        } else {
          const at = this.#find(name, requester, rules);
          if (at !== undefined) {
            take(name, physical(at), at);
          } else {
            const known = fallback.get(name);
            if (known === undefined) {
              throw new LibraryNotFound(requester.physical, name, rules.candidates(name, requester));
            }
            libraries.push({ name, path: known });
          }
        }
      }
      found.set(requester.physical, { path: requester.physical, requirements, libraries });
    }
    return found;
  }

  #find(name: string, requester: Loaded, rules: SearchRules): string | undefined {
    const { machine, class: bits } = requester.requirements;
    return rules.candidates(name, requester).find((candidate) => {
      // A relative entry means the working directory, which says nothing about where the program will run.
      if (!isAbsolute(candidate)) return false;
      const found = this.requirementsOf(candidate);
      return found?.machine === machine && found.class === bits;
    });
  }
}

/**
 * All ELF files that programs and the modules of trees load, themselves included.
 *
 * @param programs physical paths, byte strings
 * @param modules files in trees; those that need a library which this machine does not have are left out, and listed
 * @throws {UserError} when a program's library is missing, or two programs find different ones for the same file.
 */
export function dependenciesOf(
  programs: readonly string[],
  modules: readonly string[],
  cache: LibraryCache,
): Dependencies {
  const resolver = new Resolver(cache);
  const missing: MissingLibrary[] = [];
  const names: Names = new Map();
  for (const program of programs) {
    for (const [name, path] of resolver.loadProgram(program)) if (!names.has(name)) names.set(name, path);
  }
  const main = programs[0];
  const requirements = main === undefined ? undefined : resolver.requirementsOf(main);
  const program: Loaded | undefined =
    main === undefined || requirements === undefined
      ? undefined
      : { found: main, physical: main, requirements, loader: undefined };
  for (const module of modules) {
    try {
      resolver.loadModule(module, program, names);
    } catch (error) {
      if (!(error instanceof LibraryNotFound)) throw error;
      missing.push({ file: module, library: error.library });
    }
  }
  return { files: resolver.files, missing };
}
