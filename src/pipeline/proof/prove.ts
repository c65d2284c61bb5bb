/** The comparison at the heart of a proof: relocated closures, object by object, digests mapped onto each other. */

import { byteString } from '../../store/closure.ts';
import { type NarHash, narHashOfTree } from '../../store/nar.ts';
import { type DigestMap, type RenamedTree, renamedTree } from '../../store/renamed-digests.ts';
import { compareObjects, type EntryDifference, type Side } from './compare-objects.ts';
import { renameFor } from './rename.ts';
import type { ProofDifference, ProofObject, ProofPlace } from './report.ts';

/** One relocated closure, ready to be compared. */
export interface ProvenPlace extends ProofPlace {
  /** Where the objects lie as they were built. */
  readonly storeRoot: string;
  /** From this place's digests to those that all places share. */
  readonly digests: DigestMap;
  /** Base names of the closure's objects. */
  readonly baseNames: readonly string[];
}

/** Tells which files of an object vary from build to build; undefined when that is not known. */
export type VaryingFiles = (baseName: string) => Promise<ReadonlySet<string> | undefined>;

const renameOf = (place: ProvenPlace) => renameFor(place.storeDir, place.digests);

const digestOf = (baseName: string) => baseName.slice(0, 32);

function sharedDigest(place: ProvenPlace, baseName: string): string {
  return place.digests.get(digestOf(baseName)) ?? digestOf(baseName);
}

/** The objects that stand for each other, one from each place; those that a place lacks are left out there. */
function matchObjects(places: readonly ProvenPlace[]): (readonly (string | undefined)[])[] {
  const rows = new Map<string, (string | undefined)[]>();
  for (const [i, place] of places.entries()) {
    for (const baseName of place.baseNames) {
      const key = `${sharedDigest(place, baseName)}${baseName.slice(32)}`;
      const row = rows.get(key) ?? places.map(() => undefined);
      row[i] = baseName;
      rows.set(key, row);
    }
  }
  return [...rows.values()];
}

function side(place: ProvenPlace, tree: RenamedTree): Side {
  return { tree, rename: renameOf(place), storeDir: place.storeDir };
}

function withCause(
  difference: EntryDifference,
  place: number,
  varying: ReadonlySet<string> | undefined,
): ProofDifference {
  if (varying?.has(difference.file) !== true) return { ...difference, place };
  const reason = 'a second build under the same store directory gave other bytes here, too';
  return { ...difference, cause: 'not-reproducible', reason, place };
}

async function proveObject(
  row: readonly (string | undefined)[],
  places: readonly ProvenPlace[],
  varyingFiles: VaryingFiles,
): Promise<ProofObject> {
  const present = places.flatMap((place, i) => {
    const baseName = row[i];
    return baseName === undefined ? [] : [{ place, index: i, baseName }];
  });
  const trees = present.map(({ place, baseName }) => {
    const built = byteString(`${place.storeRoot}/${baseName}`);
    const relocated = byteString(`${place.prefix}/store/${baseName}`);
    return {
      built: narHashOfTree(built),
      builtMapped: renamedTree(built, renameOf(place)).narHash,
      relocated: narHashOfTree(relocated),
      tree: renamedTree(relocated, renameOf(place)),
    };
  });
  const differences: ProofDifference[] = [];
  const [first, ...others] = present.map((entry, i) => ({ ...entry, tree: (trees[i] as (typeof trees)[0]).tree }));
  let varying: ReadonlySet<string> | undefined;
  for (const other of others) {
    if (first === undefined || other.tree.narHash === first.tree.narHash) continue;
    varying ??= await varyingFiles(first.baseName);
    const found = compareObjects(side(first.place, first.tree), side(other.place, other.tree));
    differences.push(...found.map((difference) => withCause(difference, other.index, varying)));
  }
  const hashes = (key: 'built' | 'builtMapped' | 'relocated') => trees.map((tree): NarHash => tree[key]);
  const relocatedMapped = trees.map(({ tree }) => tree.narHash);
  const baseNames = present.map(({ baseName }) => baseName);
  return {
    name: (baseNames[0] ?? '').slice(33),
    baseNames,
    built: hashes('built'),
    builtMapped: hashes('builtMapped'),
    relocated: hashes('relocated'),
    relocatedMapped,
    equal: present.length === places.length && new Set(relocatedMapped).size === 1,
    differences,
  };
}

/** Compares every object of every place with its counterparts in the others. */
export async function proveObjects(
  places: readonly ProvenPlace[],
  varyingFiles: VaryingFiles,
  onObject: (done: number, total: number, name: string) => void,
): Promise<ProofObject[]> {
  const rows = matchObjects(places);
  const objects: ProofObject[] = [];
  for (const row of rows) {
    const object = await proveObject(row, places, varyingFiles);
    objects.push(object);
    onObject(objects.length, rows.length, object.name);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return objects.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
