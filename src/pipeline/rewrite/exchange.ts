/** Rewritten entries into the place of the originals: each by one rename, so that no entry is ever half there. */

import { chmodSync, copyFileSync, lstatSync, readlinkSync, renameSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { fsPath } from '../../store/tree.ts';

const WRITABLE = 0o700;

/**
 * Replaces entries of a tree by their rewritten versions, and adds files that are new. Modes and times stay, as bytecode may
 * record its source's time; directories that are not writable become so for the moment.
 *
 * @param original physical path of the object, one character a byte
 * @param rewritten physical path of its rewritten version
 * @param files paths inside both
 * @throws the file system's error; entries that were exchanged by then stay, and each is whole
 */
export function exchange(original: string, rewritten: string, files: readonly string[]): void {
  for (const file of files) {
    const target = fsPath(original, file);
    const source = fsPath(rewritten, file);
    const parent = fsPath(original, file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '');
    const temporary = Buffer.concat([target, Buffer.from(`.unmoor-${process.pid}`)]);
    const isAlone = file === '';
    const parentMode = isAlone ? undefined : lstatSync(parent).mode & 0o7777;
    if (parentMode !== undefined && (parentMode & WRITABLE) !== WRITABLE) chmodSync(parent, parentMode | WRITABLE);
    try {
      const before = lstatSync(target, { throwIfNoEntry: false });
      if (before === undefined) copyFileSync(source, temporary);
      else if (before.isSymbolicLink()) symlinkSync(readlinkSync(source, { encoding: 'buffer' }), temporary);
      else {
        copyFileSync(source, temporary);
        chmodSync(temporary, before.mode & 0o7777);
        utimesSync(temporary, before.atimeMs / 1000, before.mtimeMs / 1000);
      }
      renameSync(temporary, target);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    } finally {
      if (parentMode !== undefined) chmodSync(parent, parentMode);
    }
  }
}
