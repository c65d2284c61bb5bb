/** Digests mapped onto those of another store directory, also where a path stands in pieces in a program's code. */

import { bufferSource } from '../../store/byte-source.ts';
import { type DigestMap, type Rename, renameDigests } from '../../store/renamed-digests.ts';
import type { StoreDir } from '../../store/store-path.ts';
import { isElf, parseElf } from '../../syntax/elf/file.ts';
import { splitPaths } from '../../syntax/elf/immediates.ts';
import { aliasFor } from '../alias.ts';

/** A directory to look for as it is written; the store alias is filled up with slashes. */
function asWritten(path: string): StoreDir {
  return { path, needle: Buffer.from(`${path}/`, 'latin1') };
}

/** @param storeDir the store directory that the objects were built for */
export function renameFor(storeDir: string, digests: DigestMap): Rename {
  if (digests.size === 0) return (bytes) => bytes;
  const directories = [storeDir, aliasFor(storeDir)].map(asWritten);
  return (bytes) => {
    const renamed = renameDigests(bytes, digests);
    if (!isElf(bytes)) return renamed;
    const source = bufferSource(bytes);
    const elf = parseElf(source);
    if ('malformed' in elf) return renamed;
    const split = directories.flatMap((dir) => splitPaths(source, elf, dir));
    if (split.length === 0) return renamed;
    const result = Buffer.from(renamed);
    for (const { digest, split: path } of split) {
      const other = digests.get(digest);
      if (other === undefined) continue;
      for (const { offset, length, from } of path?.digestPieces ?? []) {
        result.write(other.slice(from, from + length), offset, 'latin1');
      }
    }
    return result;
  };
}
