/**
 * Which store objects the files become: one for the C library's family, one for each other library, one for each
 * program with the trees that it reads.
 */

import { createHash } from 'node:crypto';
import { basename, relative } from 'node:path/posix';
import { compressHash, toBase32 } from '../../store/base32.ts';
import { openFileSource } from '../../store/byte-source.ts';
import { fsPath, walkTree } from '../../store/tree.ts';
import type { Dependent } from './dependencies.ts';

/** A program that was asked for, under the name it was asked for. Paths are physical, byte strings. */
export interface Program {
  readonly path: string;
  readonly name: string;
}

export interface PlannedObject {
  readonly name: string;
  /** Target path inside the object by physical source path. */
  readonly files: ReadonlyMap<string, string>;
  /** Link target by path inside the object. */
  readonly links: ReadonlyMap<string, string>;
  /** Physical paths. */
  readonly trees: readonly string[];
  readonly isProgram: boolean;
}

/**
 * Libraries that must come from one build: they share private interfaces (symbol version GLIBC_PRIVATE). libgcc_s is
 * with them because glibc itself opens it when a thread ends early (sysdeps/nptl/unwind-forcedunwind.c).
 */
const LIBC_FAMILY =
  /^(?:ld-linux[^/]*|ld-musl[^/]*|lib(?:c|m|mvec|dl|rt|pthread|resolv|util|nsl|anl|nss_\w+|thread_db|BrokenLocale|c_malloc_debug|gcc_s))\.so[.\d]*$/;

/** What may stand in a store object's name. */
function storeName(text: string): string {
  const name = text
    .replace(/[^A-Za-z0-9+\-._?=]/g, '-')
    .replace(/^\.+/, '')
    .slice(0, 200);
  return name === '' ? 'unnamed' : name;
}

/** Where a tree goes inside an object: without the root of the file system hierarchy. */
export function treeTarget(tree: string): string {
  return relative('/', tree).replace(/^(?:usr\/(?:local\/)?)?/, '');
}

/** Where a file of a tree is inside the object that takes the tree along; undefined when it is in none of its trees. */
export function targetInTrees(path: string, trees: readonly string[]): string | undefined {
  const tree = trees.find((root) => path === root || path.startsWith(`${root}/`));
  return tree && treeTarget(tree) + path.slice(tree.length);
}

/** The names under which each library is asked for; the first is the file's, the others become links to it. */
function libraryNames(dependents: ReadonlyMap<string, Dependent>): Map<string, string[]> {
  const asked = new Map<string, Set<string>>();
  for (const { libraries } of dependents.values()) {
    for (const { name, path } of libraries) asked.set(path, (asked.get(path) ?? new Set()).add(basename(name)));
  }
  const names = new Map<string, string[]>();
  for (const [path, all] of asked) {
    const soname = dependents.get(path)?.requirements.soname;
    const sorted = [...all].sort();
    const first = soname !== undefined && all.has(soname) ? soname : (sorted[0] as string);
    names.set(path, [first, ...sorted.filter((name) => name !== first)]);
  }
  return names;
}

function planLibraries(
  programs: readonly Program[],
  trees: readonly string[],
  dependents: ReadonlyMap<string, Dependent>,
): PlannedObject[] {
  const names = libraryNames(dependents);
  const isProgram = (path: string) => programs.some((program) => program.path === path);
  const isInTree = (path: string) => targetInTrees(path, trees) !== undefined;
  // A tree's library is a shared one too when another library needs it, which knows no program's object.
  const shared = new Set<string>();
  for (const { path, libraries } of dependents.values()) {
    if (isProgram(path) || isInTree(path)) continue;
    shared.add(path);
    for (const library of libraries) shared.add(library.path);
  }
  for (const path of dependents.keys()) if (!isProgram(path) && !isInTree(path)) shared.add(path);
  const objects: PlannedObject[] = [];
  const libcFiles = new Map<string, string>();
  const libcLinks = new Map<string, string>();
  for (const path of [...shared].sort()) {
    const [name = basename(path), ...others] = names.get(path) ?? [];
    const links = others.map((other): [string, string] => [`lib/${other}`, name]);
    if (LIBC_FAMILY.test(name)) {
      libcFiles.set(path, `lib/${name}`);
      for (const [link, target] of links) libcLinks.set(link, target);
    } else {
      const files = new Map([[path, `lib/${name}`]]);
      objects.push({ name: storeName(name), files, links: new Map(links), trees: [], isProgram: false });
    }
  }
  if (libcFiles.size > 0) {
    objects.unshift({ name: 'libc', files: libcFiles, links: libcLinks, trees: [], isProgram: false });
  }
  return objects;
}

/** `bin/<name>` for a program; inside a tree it stays at its place, beside its own data, with a link in bin/. */
function planProgram({ path, name }: Program, trees: readonly string[]): PlannedObject {
  const own = basename(path);
  const inTree = targetInTrees(path, trees);
  const links = new Map<string, string>();
  if (inTree !== undefined && inTree !== `bin/${own}`) links.set(`bin/${own}`, `../${inTree}`);
  if (name !== own) links.set(`bin/${name}`, own);
  const files = new Map([[path, inTree ?? `bin/${own}`]]);
  return { name: storeName(own), files, links, trees, isProgram: true };
}

/** The objects, the C library's first, programs last. */
export function planObjects(
  programs: readonly Program[],
  trees: readonly string[],
  dependents: ReadonlyMap<string, Dependent>,
): PlannedObject[] {
  return [...planLibraries(programs, trees, dependents), ...programs.map((program) => planProgram(program, trees))];
}

const CHUNK = 1 << 20;

function hashOfFile(path: string): string {
  const hash = createHash('sha256');
  const source = openFileSource(fsPath(path, ''));
  try {
    for (let at = 0; at < source.size; at += CHUNK) hash.update(source.read(at, CHUNK));
  } finally {
    source.close();
  }
  return hash.digest('hex');
}

/** Hashes of contents, each file read once. */
export function contentHashes(): (path: string) => string {
  const known = new Map<string, string>();
  return (path) => {
    const hash = known.get(path) ?? hashOfFile(path);
    known.set(path, hash);
    return hash;
  };
}

/** Everything below a tree, with its place in the object: kinds, names, modes, contents, link targets. */
function treeLines(tree: string, hashOf: (path: string) => string): string[] {
  const lines: string[] = [`tree ${treeTarget(tree)}`];
  walkTree(tree, (entry) => {
    if (entry.kind === 'directory') lines.push(`directory ${entry.path}`);
    else if (entry.kind === 'symlink') lines.push(`symlink ${entry.path}\0${entry.target}`);
    else if (entry.kind === 'regular') {
      const full = fsPath(tree, entry.path).toString('latin1');
      lines.push(`${entry.executable ? 'executable' : 'regular'} ${entry.path}\0${hashOf(full)}`);
    }
  });
  return lines;
}

/**
 * The digest of an object: SHA-256 of what goes into it and of everything that it needs, as it was before, folded to
 * 160 bits as Nix does. It does not depend on where the store directory is, and libraries that need each other are no
 * problem.
 */
export function digestOf(
  object: PlannedObject,
  objects: readonly PlannedObject[],
  dependents: ReadonlyMap<string, Dependent>,
  hashOf: (path: string) => string,
): string {
  const places = new Map<string, string>();
  for (const { name, files } of objects) for (const [path, target] of files) places.set(path, `${name}\0${target}`);
  const needed = new Set<string>();
  const pending = [...object.files.keys()];
  for (const path of dependents.keys()) if (targetInTrees(path, object.trees) !== undefined) pending.push(path);
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (needed.has(path)) continue;
    needed.add(path);
    for (const library of dependents.get(path)?.libraries ?? []) pending.push(library.path);
  }
  const lines = [
    'unmoor adopt 1',
    object.name,
    ...[...object.files].map(([path, target]) => `file ${target}\0${hashOf(path)}`).sort(),
    ...[...object.links].map(([path, target]) => `link ${path}\0${target}`).sort(),
    ...[...needed].map((path) => `needs ${places.get(path) ?? ''}\0${hashOf(path)}`).sort(),
    ...object.trees.flatMap((tree) => treeLines(tree, hashOf)),
  ];
  return toBase32(compressHash(createHash('sha256').update(lines.join('\n'), 'latin1').digest()));
}
