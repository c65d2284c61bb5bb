/**
 * Whether a path below the store directory leads to something, also when the store lies somewhere else than where its
 * paths say (a copied store, a chroot store): absolute link targets are then followed inside the copy.
 */

import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import { posix } from 'node:path';
import type { StoreDir } from '../store/store-path.ts';

/** As the kernel: path_resolution(7), MAXSYMLINKS. */
const MAX_LINKS = 40;

/** Where an object lies: below one directory, or below another one for each object. */
export type StoreRoot = string | ((baseName: string) => string);

/** Texts hold names that no file system has: longer ones than there can be, or with a NUL in them. */
function statOf(path: Buffer) {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENAMETOOLONG' || code === 'ERR_INVALID_ARG_VALUE') return undefined;
    throw error;
  }
}

/**
 * Finds where `storeRelative` (`<base name>/...`) physically ends, links followed.
 *
 * @returns the physical path, or undefined when it leads nowhere, or out of the store.
 */
export function resolveInStore(root: StoreRoot, storeDir: StoreDir, storeRelative: string): string | undefined {
  const rootOf = typeof root === 'string' ? () => root : root;
  let links = 0;
  const pending = storeRelative.split('/').reverse();
  const done: string[] = [];
  while (pending.length > 0) {
    const component = pending.pop() as string;
    if (component === '' || component === '.') continue;
    if (component === '..') {
      if (done.length === 0) return undefined;
      done.pop();
      continue;
    }
    const path = Buffer.from(posix.join(rootOf(done[0] ?? component), ...done, component), 'latin1');
    const stat = statOf(path);
    if (stat === undefined) return undefined;
    if (!stat.isSymbolicLink()) {
      if (pending.length > 0 && !stat.isDirectory()) return undefined;
      done.push(component);
      continue;
    }
    if (++links > MAX_LINKS) return undefined;
    const target = readlinkSync(path, { encoding: 'latin1' });
    if (target.startsWith(`${storeDir.path}/`)) {
      done.length = 0;
      pending.push(...target.slice(storeDir.path.length).split('/').reverse());
    } else if (target.startsWith('/')) {
      return existsSync(Buffer.from(target, 'latin1')) && pending.length === 0 ? target : undefined;
    } else {
      pending.push(...target.split('/').reverse());
    }
  }
  return posix.join(rootOf(done[0] ?? ''), ...done);
}

/** A remembering `exists` for one store: see `TransformContext.exists`. */
export function storeLookup(root: StoreRoot, storeDir: StoreDir): (storeRelative: string) => boolean {
  const known = new Map<string, boolean>();
  return (storeRelative) => {
    let answer = known.get(storeRelative);
    if (answer === undefined) {
      answer = resolveInStore(root, storeDir, storeRelative) !== undefined;
      known.set(storeRelative, answer);
    }
    return answer;
  };
}
