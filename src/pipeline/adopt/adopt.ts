/**
 * Makes store objects of ordinary programs and their libraries, with absolute store paths: one object for each
 * library, one for the C library's family, one for each program with the trees that it reads.
 */

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, statSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path/posix';
import { compressHash, toBase32 } from '../../store/base32.ts';
import { bufferSource, openFileSource } from '../../store/byte-source.ts';
import { fsPath, walkTree } from '../../store/tree.ts';
import { writeEdited } from '../apply-edits.ts';
import { directorySink, type ObjectSink } from '../sink.ts';
import { removeTree } from '../staging.ts';
import { UserError } from '../user-error.ts';
import { absolutize } from './absolutize.ts';
import { type Dependent, dependenciesOf, requirementsOf } from './dependencies.ts';
import { readLibraryCache } from './library-cache.ts';

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
}

/** Libraries that must come from one build: they share private interfaces (symbol version GLIBC_PRIVATE). */
const libcFamily =
  /^(?:ld-linux[^/]*|ld-musl[^/]*|lib(?:c|m|mvec|dl|rt|pthread|resolv|util|nsl|anl|nss_\w+|thread_db|BrokenLocale|c_malloc_debug))\.so[.\d]*$/;

interface PlannedObject {
  readonly name: string;
  /** Target path inside the object by physical source path. */
  readonly files: Map<string, string>;
  readonly trees: readonly string[];
  readonly isProgram: boolean;
}

function sha256(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The name that others ask for: libraries are kept under the name in DT_NEEDED, which is their soname. */
function libraryNames(dependents: Iterable<Dependent>): Map<string, string> {
  const names = new Map<string, string>();
  for (const { libraries } of dependents) {
    for (const library of libraries) names.set(realpathSync(library), basename(library));
  }
  return names;
}

/** What may stand in a store object's name. */
const storeName = (text: string) => text.replace(/[^A-Za-z0-9+\-._?=]/g, '-').replace(/^\.+/, '');

function planObjects(
  programs: readonly string[],
  trees: readonly string[],
  dependents: ReadonlyMap<string, Dependent>,
): PlannedObject[] {
  const names = libraryNames(dependents.values());
  const libc: PlannedObject = { name: 'libc', files: new Map(), trees: [], isProgram: false };
  const objects: PlannedObject[] = [];
  const isOwn = (path: string) => programs.includes(path) || trees.some((tree) => path.startsWith(`${tree}/`));
  for (const path of [...dependents.keys()].sort()) {
    if (isOwn(path)) continue;
    const name = names.get(path) ?? basename(path);
    if (libcFamily.test(name)) libc.files.set(path, `lib/${name}`);
    else objects.push({ name: storeName(name), files: new Map([[path, `lib/${name}`]]), trees: [], isProgram: false });
  }
  if (libc.files.size > 0) objects.unshift(libc);
  for (const path of programs) {
    objects.push({
      name: storeName(basename(path)),
      files: new Map([[path, `bin/${basename(path)}`]]),
      trees,
      isProgram: true,
    });
  }
  return objects;
}

/** Every ELF file that can be loaded in the trees: their libraries have to be adopted too. */
function loadableIn(trees: readonly string[]): string[] {
  const files: string[] = [];
  for (const tree of trees) {
    walkTree(tree, (entry) => {
      if (entry.kind === 'regular' && /\.so(?:\.|$)/.test(entry.path)) files.push(fsPath(tree, entry.path).toString());
    });
  }
  return files.filter((path) => requirementsOf(path)?.isDynamic === true);
}

/**
 * The digest of an object: of its files as they were, its name, and the files of everything it needs. It does not
 * depend on where the store directory is, and libraries that need each other are no problem.
 */
function digestOf(
  object: PlannedObject,
  dependents: ReadonlyMap<string, Dependent>,
  hashes: Map<string, string>,
): string {
  const hashOf = (path: string) => {
    const known = hashes.get(path) ?? sha256(readFileSync(path));
    hashes.set(path, known);
    return known;
  };
  const needed = new Set<string>();
  const pending = [...object.files.keys(), ...loadableIn(object.trees)];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (needed.has(path)) continue;
    needed.add(path);
    pending.push(...(dependents.get(path)?.libraries ?? []).map((library) => realpathSync(library)));
  }
  const trees = object.trees.map((tree) => {
    const lines: string[] = [];
    walkTree(tree, (entry) => {
      if (entry.kind === 'regular') lines.push(`${entry.path} ${hashOf(fsPath(tree, entry.path).toString())}`);
      if (entry.kind === 'symlink') lines.push(`${entry.path} -> ${entry.target}`);
    });
    return sha256(lines.join('\n'));
  });
  const text = ['unmoor adopt 1', object.name, ...[...needed].map(hashOf).sort(), ...trees].join('\n');
  return toBase32(compressHash(createHash('sha256').update(text).digest()));
}

/** Where a tree goes inside an object: without the root of the file system hierarchy. */
const treeTarget = (tree: string) => relative('/', tree).replace(/^(?:usr\/(?:local\/)?)?/, '');

/**
 * Adopts programs.
 *
 * @throws {UserError} for scripts, static programs, foreign machines, setuid programs, missing libraries.
 */
export function adopt(options: AdoptOptions): AdoptReport {
  const programs = options.programs.map(physicalProgram);
  const trees = (options.trees ?? []).map((tree) => {
    if (!existsSync(tree)) throw new UserError(`'${tree}' does not exist`, { exitCode: 2 });
    return realpathSync(tree);
  });
  const dependents = dependenciesOf([...programs, ...loadableIn(trees)], readLibraryCache());
  const objects = planObjects(programs, trees, dependents);
  const hashes = new Map<string, string>();
  mkdirSync(options.to, { recursive: true });
  const storeDir = realpathSync(resolve(options.to));
  const paths = new Map(
    objects.map((object) => [object, `${storeDir}/${digestOf(object, dependents, hashes)}-${object.name}`]),
  );
  const homes = new Map<string, string>();
  for (const [object, path] of paths) for (const [file, target] of object.files) homes.set(file, `${path}/${target}`);
  for (const [object, path] of paths) {
    if (existsSync(path)) continue;
    const partial = `${path}.partial-${process.pid}`;
    try {
      writeObject(object, partial, dependents, homes);
      renameSync(partial, path);
    } catch (error) {
      removeTree(partial);
      throw error;
    }
  }
  return {
    version: 1,
    storeDir,
    objects: [...paths].map(([object, path]) => ({
      path,
      from: [...object.files.keys(), ...object.trees],
      isProgram: object.isProgram,
    })),
  };
}

function physicalProgram(path: string): string {
  if (!existsSync(path)) throw new UserError(`'${path}' does not exist`, { exitCode: 2 });
  const program = realpathSync(path);
  const stat = statSync(program);
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
  return program;
}

/** The absolute directories in which a file finds its libraries. */
function searchPathOf(dependent: Dependent, homes: ReadonlyMap<string, string>): string[] {
  const directories = dependent.libraries
    .map((library) => homes.get(realpathSync(library)))
    .filter((home) => home !== undefined);
  return [...new Set(directories.map((home) => dirname(home)))];
}

function writeObject(
  object: PlannedObject,
  path: string,
  dependents: ReadonlyMap<string, Dependent>,
  homes: ReadonlyMap<string, string>,
): void {
  const sink = directorySink(path);
  const made = new Set<string>();
  const directory = (target: string) => {
    if (made.has(target)) return;
    if (target !== '') directory(dirname(target) === '.' ? '' : dirname(target));
    made.add(target);
    sink.directory(target);
  };
  for (const [source, target] of object.files) {
    directory(dirname(target));
    writeFile(sink, source, target, true, dependents, homes);
  }
  for (const tree of object.trees) {
    const base = treeTarget(tree);
    directory(dirname(base) === '.' ? '' : dirname(base));
    walkTree(tree, (entry) => {
      const target = entry.path === '' ? base : `${base}/${entry.path}`;
      if (entry.kind === 'directory') directory(target);
      else if (entry.kind === 'symlink') sink.symlink(target, entry.target);
      else if (entry.kind === 'regular') {
        writeFile(sink, fsPath(tree, entry.path).toString(), target, entry.executable, dependents, homes);
      }
    });
  }
  sink.finish();
}

function writeFile(
  sink: ObjectSink,
  source: string,
  target: string,
  executable: boolean,
  dependents: ReadonlyMap<string, Dependent>,
  homes: ReadonlyMap<string, string>,
): void {
  const dependent = dependents.get(source);
  const file = sink.regular(target, executable);
  try {
    if (dependent === undefined) {
      const input = openFileSource(source);
      try {
        writeEdited(input, [], (chunk) => file.write(chunk));
      } finally {
        input.close();
      }
      return;
    }
    const bytes = bufferSource(readFileSync(source));
    const { interpreter } = dependent.requirements;
    const searchPath = searchPathOf(dependent, homes);
    const loader = interpreter === undefined ? undefined : homes.get(realpathSync(interpreter));
    const isLoader = searchPath.length === 0 && loader === undefined;
    const edits = isLoader ? [] : absolutize(bytes, source, { searchPath, interpreter: loader });
    writeEdited(bytes, edits, (chunk) => file.write(chunk));
  } finally {
    file.close();
  }
}
