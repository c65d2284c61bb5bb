/** Makes store objects of ordinary programs and their libraries, with absolute store paths. */

import { chmodSync, existsSync, mkdirSync, realpathSync, renameSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path/posix';
import { byteString, physical } from '../../store/closure.ts';
import { fsPath, walkTree } from '../../store/tree.ts';
import { reportText } from '../report-text.ts';
import { stage } from '../staging.ts';
import { UserError } from '../user-error.ts';
import { dependenciesOf, type MissingLibrary } from './dependencies.ts';
import { readLibraryCache } from './library-cache.ts';
import { contentHashes, digestOf, type PlannedObject, type Program, planObjects } from './objects.ts';
import { type Requirements, requirementsOf } from './requirements.ts';
import { writeObject } from './write-object.ts';

export interface AdoptOptions {
  readonly programs: readonly string[];
  /** The store directory. */
  readonly to: string;
  /** Trees to take along with every program; `/usr/lib/x` becomes `lib/x` in its object. */
  readonly trees?: readonly string[];
}

export interface AdoptedObject {
  readonly path: string;
  /** The files it was made of. */
  readonly from: readonly string[];
  readonly isProgram: boolean;
}

export interface AdoptReport {
  readonly version: 1;
  readonly storeDir: string;
  readonly objects: readonly AdoptedObject[];
  /** Modules of trees that were taken along as they are, since this machine lacks a library that they need. */
  readonly missing: readonly MissingLibrary[];
}

/**
 * Adopts programs.
 *
 * @throws {UserError} for scripts, static programs, foreign machines, setuid programs, missing libraries, and a store
 *   directory that no search path can name.
 */
export function adopt(options: AdoptOptions): AdoptReport {
  const programs = distinct(options.programs.map(physicalProgram));
  const trees = outermost((options.trees ?? []).map(physicalTree));
  const modules = loadableIn(trees, programs[0]?.requirements);
  const libgcc = programs.some(({ requirements }) => requirements.needed.includes('libc.so.6'));
  const cache = readLibraryCache();
  const opened = libgcc ? (cache.get('libgcc_s.so.1') ?? []).filter(isLike(programs[0]?.requirements)) : [];
  const { files: dependents, missing } = dependenciesOf(
    programs.map(({ path }) => path),
    [...modules, ...opened.slice(0, 1).map(physical)],
    cache,
  );
  const objects = planObjects(programs, trees, dependents);
  const storeDir = makeStoreDir(options.to);
  const hashOf = contentHashes();
  const names = new Map(
    objects.map((object) => [object, `${digestOf(object, objects, dependents, hashOf)}-${object.name}`]),
  );
  const homes = new Map<string, string>();
  for (const [object, name] of names) {
    for (const [file, target] of object.files) homes.set(file, `${byteString(storeDir)}/${name}/${target}`);
  }
  writeObjects(names, storeDir, (object, at, name) => {
    writeObject(object, at, `${byteString(storeDir)}/${name}`, { dependents, homes });
  });
  return {
    version: 1,
    storeDir,
    objects: [...names].map(([object, name]) => ({
      path: `${storeDir}/${name}`,
      from: [...object.files.keys(), ...object.trees].map(reportText),
      isProgram: object.isProgram,
    })),
    missing: missing.map(({ file, library }) => ({ file: reportText(file), library: reportText(library) })),
  };
}

/** Writes the objects that are not there yet, all of them or, when one fails, none. */
function writeObjects(
  names: ReadonlyMap<PlannedObject, string>,
  storeDir: string,
  write: (object: PlannedObject, at: string, name: string) => void,
): void {
  const wanted = [...names].filter(([, name]) => !existsSync(`${storeDir}/${name}`));
  if (wanted.length === 0) return;
  // Nothing is ever called so: the objects are moved out of the stage one by one.
  const staging = stage(`${storeDir}/adopted`);
  try {
    for (const [object, name] of wanted) write(object, `${byteString(staging.path)}/${name}`, name);
    for (const [, name] of wanted) {
      const made = `${staging.path}/${name}`;
      // Only who may write to a directory can give it another parent.
      chmodSync(made, 0o755);
      renameSync(made, `${storeDir}/${name}`);
      chmodSync(`${storeDir}/${name}`, 0o555);
    }
  } finally {
    staging.abandon();
  }
}

function makeStoreDir(to: string): string {
  if (/[:$]/.test(resolve(to))) {
    throw new UserError(`'${to}' cannot be a store directory`, {
      exitCode: 2,
      hint: "a library search path (ld.so(8)) takes ':' and '$' in it for something else",
    });
  }
  mkdirSync(to, { recursive: true });
  const storeDir = realpathSync(resolve(to));
  return storeDir === resolve(to) ? storeDir : makeStoreDir(storeDir);
}

interface CheckedProgram extends Program {
  readonly requirements: Requirements;
}

function physicalProgram(path: string): CheckedProgram {
  if (!existsSync(path)) throw new UserError(`'${path}' does not exist`, { exitCode: 2 });
  const program = physical(byteString(resolve(path)));
  const stat = statSync(fsPath(program, ''));
  if (!stat.isFile()) throw new UserError(`'${path}' is no file`, { exitCode: 2 });
  if ((stat.mode & 0o6000) !== 0) {
    throw new UserError(`'${path}' is setuid or setgid`, { hint: 'such programs must stay where the system put them' });
  }
  const requirements = requirementsOf(program);
  if (requirements === undefined)
    throw new UserError(`'${path}' is no ELF program`, {
      hint: 'adopt takes dynamically linked programs; for a script, adopt its interpreter',
    });
  if (requirements.interpreter === undefined)
    throw new UserError(`'${path}' is static`, { hint: 'it needs no libraries and runs from anywhere as it is' });
  if (requirements.class !== 64 || ![62, 183].includes(requirements.machine)) {
    throw new UserError(`'${path}' is for ELF machine ${requirements.machine}, ${requirements.class}-bit`, {
      hint: 'x86-64 and aarch64 programs can be adopted',
    });
  }
  return { path: program, name: basename(byteString(path)), requirements };
}

/** Each file once, under the first name that it was asked for. */
function distinct(programs: readonly CheckedProgram[]): CheckedProgram[] {
  return programs.filter(({ path }, index) => programs.findIndex((other) => other.path === path) === index);
}

function physicalTree(path: string): string {
  if (!existsSync(path)) throw new UserError(`'${path}' does not exist`, { exitCode: 2 });
  const tree = physical(byteString(resolve(path)));
  if (tree === '/') throw new UserError("'/' cannot be taken along", { exitCode: 2, hint: 'name the trees below it' });
  return tree;
}

/** Without those that are inside another one, or that one again. */
function outermost(trees: readonly string[]): string[] {
  return [...new Set(trees)].filter((tree) => !trees.some((other) => tree.startsWith(`${other}/`)));
}

/** Whether a file is for the same processor. */
function isLike(program: Requirements | undefined): (path: string) => boolean {
  return (path) => {
    const found = requirementsOf(byteString(path));
    return found !== undefined && found.machine === program?.machine && found.class === program.class;
  };
}

/** The ELF files in trees that are loaded or started: their libraries have to be adopted too. */
function loadableIn(trees: readonly string[], program: Requirements | undefined): string[] {
  const files: string[] = [];
  for (const tree of trees) {
    walkTree(tree, (entry) => {
      if (entry.kind !== 'regular' || !(entry.executable || /\.so(?:\.|$)/.test(entry.path))) return;
      files.push(fsPath(tree, entry.path).toString('latin1'));
    });
  }
  return files.filter((path) => {
    const found = requirementsOf(path);
    return found?.isDynamic === true && found.machine === program?.machine && found.class === program.class;
  });
}
