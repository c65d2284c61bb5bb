/** From what a user named to one store, its objects, and other trees. */

import { existsSync, readFileSync } from 'node:fs';
import { type Located, type PhysicalStore, physical } from '../store/closure.ts';
import { storeDir } from '../store/store-path.ts';
import { UserError } from './user-error.ts';

export interface Input {
  /** Undefined for a tree that is no store object. */
  readonly baseName: string | undefined;
  readonly physicalPath: string;
}

export interface Inputs {
  readonly store: PhysicalStore;
  /** Without repetitions, in the order given. */
  readonly objects: readonly { readonly baseName: string; readonly physicalPath: string }[];
  readonly trees: readonly string[];
}

const DEFAULT_STORE_DIR = '/nix/store';

/** The file that marks the store directory of a relocated closure; it holds the store directory that its paths named. */
export const STORE_MARKER = '.unmoor-store';

/**
 * The store directory that the paths of a store at `root` name: what the marker of a relocated store says, `/nix/store`
 * for a chroot store (Nix manual, "Local Store", setting `root`), else `root` itself.
 */
function detectStoreDir(root: string): string {
  const marker = Buffer.from(`${root}/${STORE_MARKER}`, 'latin1');
  if (existsSync(marker)) return readFileSync(marker, 'latin1').trim();
  const isChroot = root.endsWith(DEFAULT_STORE_DIR) && existsSync(Buffer.from(`${root}/../var/nix/db`, 'latin1'));
  return isChroot ? DEFAULT_STORE_DIR : root;
}

/**
 * Sorts what was located. All objects must lie in one directory; which store directory their paths name is
 * detected, unless `given` says so (a copied store).
 *
 * @throws {UserError} when objects lie in different directories, or the store directory is not usable.
 */
export function inputsOf(located: readonly Located[], given: string | undefined): Inputs {
  const objects = new Map<string, { readonly baseName: string; readonly physicalPath: string }>();
  const trees: string[] = [];
  let root: string | undefined;
  for (const input of located) {
    if (input.kind === 'tree') {
      trees.push(input.physicalPath);
      continue;
    }
    const own = physical(input.root);
    if (root !== undefined && root !== own) {
      throw new UserError(`'${input.physicalPath}' lies in another store directory than '${root}'`, {
        exitCode: 2,
        hint: 'audit or relocate the objects of one store at a time',
      });
    }
    root = own;
    objects.set(input.baseName, { baseName: input.baseName, physicalPath: `${own}/${input.baseName}` });
  }
  let dir: ReturnType<typeof storeDir>;
  try {
    dir = storeDir(given ?? (root === undefined ? DEFAULT_STORE_DIR : detectStoreDir(root)));
  } catch (error) {
    throw new UserError((error as Error).message, { exitCode: 2, hint: 'give the store directory with --store-dir' });
  }
  return { store: { dir, root: root ?? dir.path }, objects: [...objects.values()], trees };
}
