/**
 * Closures: store objects plus all that they refer to. Nix is asked when it knows the path; otherwise references are
 * found as Nix found them, by scanning the bytes for the digests of the store's other objects.
 */

import { spawnSync } from 'node:child_process';
import { lstatSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { posix } from 'node:path';
import { fromBase32 } from './base32.ts';
import { openFileSource } from './byte-source.ts';
import { type DigestSet, digestSet } from './digest-set.ts';
import type { NarHash } from './nar.ts';
import { scanSource } from './scan.ts';
import { parseBaseName, parseStorePath, type StoreDir } from './store-path.ts';
import { fsPath, TreeError, walkTree, withPath } from './tree.ts';

export interface StoreObject {
  /** `<digest>-<name>`. */
  readonly baseName: string;
  /** Where it lies now, one character a byte. */
  readonly physicalPath: string;
  /** Base names of the objects it refers to, itself excluded, sorted. */
  readonly references: readonly string[];
}

/** A store as it lies on disk: its paths say `dir`, its objects are entries of `root`. They differ for copied stores. */
export interface PhysicalStore {
  readonly dir: StoreDir;
  /** Physical directory, one character a byte. */
  readonly root: string;
}

/** What a path given by a user is. */
export type Located =
  | { readonly kind: 'object'; readonly baseName: string; readonly physicalPath: string; readonly root: string }
  | { readonly kind: 'tree'; readonly physicalPath: string };

/**
 * Finds what a path stands for: a store object, a path inside one (then the object), a link to one (`result`), or any
 * other file or directory. Links to links are followed until a store object is found.
 *
 * @throws {TreeError} when there is nothing.
 */
export function locate(path: string): Located {
  let current = posix.resolve(path);
  for (let links = 0; links < 40; links++) {
    const components = current.split('/');
    const index = components.findIndex((component) => parseBaseName(component) !== undefined);
    if (index > 0) {
      const physical = components.slice(0, index + 1).join('/');
      withPath(physical, () => lstatSync(Buffer.from(physical, 'latin1')));
      const root = components.slice(0, index).join('/');
      return { kind: 'object', baseName: components[index] as string, physicalPath: physical, root };
    }
    const at = current;
    const stat = withPath(at, () => lstatSync(Buffer.from(at, 'latin1')));
    if (!stat.isSymbolicLink()) return { kind: 'tree', physicalPath: current };
    current = posix.resolve(posix.dirname(current), readlinkSync(Buffer.from(at, 'latin1'), { encoding: 'latin1' }));
  }
  throw new TreeError(path, 'too many symbolic links');
}

/** A text of the outer world (an argument, the working directory) as one character a byte. */
export function byteString(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** `locate` for a path as the user typed it. */
export function locateGiven(path: string): Located {
  return locate(byteString(posix.resolve(path)));
}

/** What Nix puts beside an object while it is being made or checked (libstore/pathlocks.cc, build/local-derivation-goal.cc). */
const COMPANION = /\.(?:lock|check|chroot)$/;

/** The entries of a store directory that are store objects, sorted. */
export function objectsOf(root: string): string[] {
  const names = withPath(root, () => readdirSync(Buffer.from(root, 'latin1'), { encoding: 'latin1' }));
  const all = new Set(names);
  const isCompanion = (name: string) => COMPANION.test(name) && all.has(name.replace(COMPANION, ''));
  return names.filter((name) => parseBaseName(name) !== undefined && !isCompanion(name)).sort();
}

/** The digests among `known` that occur in an object: in contents, link targets and names. */
export function digestsIn(physicalPath: string, dir: StoreDir, known: DigestSet): Set<string> {
  const found = new Set<string>();
  const text = (value: string) => known.findIn(Buffer.from(value, 'latin1'), found);
  walkTree(physicalPath, (entry) => {
    if (entry.kind === 'directory-end') return;
    text(entry.path);
    if (entry.kind === 'symlink') return text(entry.target);
    if (entry.kind !== 'regular' || entry.size === 0) return;
    const full = fsPath(physicalPath, entry.path);
    const source = withPath(full.toString('latin1'), () => openFileSource(full));
    try {
      for (const digest of scanSource(source, dir, known).digests) found.add(digest);
    } finally {
      source.close();
    }
  });
  return found;
}

/** Runs a Nix program, undefined when it is missing or fails. */
function askNix(args: readonly string[]): string[] | undefined {
  const [program, ...rest] = args as [string, ...string[]];
  const result = spawnSync(program, rest, {
    encoding: 'latin1',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (result.error || result.status !== 0) return undefined;
  return result.stdout.split('\n').filter((line) => line !== '');
}

/**
 * The NAR hashes that Nix recorded when the objects became valid (`nix-store --query --hash`), by base name; empty when
 * Nix does not know them all. An object that was damaged since has another hash: `nix-store --verify-path` tells.
 */
export function recordedHashes(baseNames: readonly string[], store: PhysicalStore): ReadonlyMap<string, NarHash> {
  const hashes = new Map<string, NarHash>();
  if (store.root !== store.dir.path || baseNames.length === 0) return hashes;
  const lines = askNix(['nix-store', '--query', '--hash', ...baseNames.map((name) => `${store.dir.path}/${name}`)]);
  for (const [i, line] of (lines ?? []).entries()) {
    const digits = /^sha256:([0-9a-z]{52})$/.exec(line)?.[1];
    const baseName = baseNames[i];
    if (digits === undefined || baseName === undefined) return new Map();
    hashes.set(baseName, `sha256-${Buffer.from(fromBase32(digits, 32)).toString('base64')}`);
  }
  return hashes;
}

function closureFromNix(paths: readonly string[], store: PhysicalStore): StoreObject[] | undefined {
  if (store.root !== store.dir.path) return undefined;
  const requisites = askNix(['nix-store', '--query', '--requisites', ...paths]);
  if (requisites === undefined) return undefined;
  const objects: StoreObject[] = [];
  const graph = askNix(['nix-store', '--query', '--graph', ...paths]);
  if (graph === undefined) return undefined;
  const references = new Map<string, string[]>();
  for (const line of graph) {
    // `"<referenced>" -> "<referrer>" [color = ...];`: arrows of the graph lead from what is referred to.
    const edge = /^"([^"]+)" -> "([^"]+)"/.exec(line);
    if (edge) references.set(edge[2] as string, [...(references.get(edge[2] as string) ?? []), edge[1] as string]);
  }
  for (const path of requisites) {
    const parsed = parseStorePath(path, store.dir);
    if (parsed === undefined) return undefined;
    const { baseName } = parsed.object;
    const own = [...new Set(references.get(baseName) ?? [])].filter((other) => other !== baseName).sort();
    objects.push({ baseName, physicalPath: path, references: own });
  }
  return objects.sort((a, b) => (a.baseName < b.baseName ? -1 : 1));
}

function closureByScan(baseNames: readonly string[], store: PhysicalStore): StoreObject[] {
  const byDigest = new Map(objectsOf(store.root).map((name) => [name.slice(0, 32), name]));
  const known = digestSet(byDigest.keys());
  const objects = new Map<string, StoreObject>();
  const pending = [...baseNames];
  for (let baseName = pending.pop(); baseName !== undefined; baseName = pending.pop()) {
    if (objects.has(baseName)) continue;
    const physicalPath = `${store.root}/${baseName}`;
    const references = [...digestsIn(physicalPath, store.dir, known)]
      .map((digest) => byDigest.get(digest) as string)
      .filter((other) => other !== baseName)
      .sort();
    objects.set(baseName, { baseName, physicalPath, references });
    pending.push(...references);
  }
  return [...objects.values()].sort((a, b) => (a.baseName < b.baseName ? -1 : 1));
}

/**
 * The closure of store objects, sorted by base name.
 *
 * @param baseNames objects of `store`.
 * @throws {TreeError} when an object is missing or cannot be read.
 */
export function closureOf(baseNames: readonly string[], store: PhysicalStore): StoreObject[] {
  const paths = baseNames.map((name) => `${store.dir.path}/${name}`);
  return closureFromNix(paths, store) ?? closureByScan(baseNames, store);
}

/** The physical path of a directory with all links resolved. */
export function physical(path: string): string {
  return withPath(path, () => realpathSync(Buffer.from(path, 'latin1'), { encoding: 'latin1' }));
}
