/** The dynamic loader's cache of libraries, /etc/ld.so.cache (glibc sysdeps/generic/dl-cache.h, format "cache1.1"). */

import { existsSync, readFileSync } from 'node:fs';

const MAGIC = 'glibc-ld.so.cache1.1';
const HEADER_SIZE = 48;
const ENTRY_SIZE = 24;

/** Paths by soname, byte strings. */
export type LibraryCache = ReadonlyMap<string, readonly string[]>;

/**
 * Paths by soname, in the cache's order of preference; empty when there is no readable cache. Variants for certain
 * processors (entries with a hwcap, such as glibc-hwcaps/x86-64-v3) come last: what is adopted is to run elsewhere too.
 */
export function readLibraryCache(path = '/etc/ld.so.cache'): LibraryCache {
  const plain = new Map<string, string[]>();
  const special = new Map<string, string[]>();
  if (!existsSync(path)) return plain;
  const file = readFileSync(path);
  // An older cache may come first; all offsets count from the new one.
  const start = file.indexOf(MAGIC, 0, 'latin1');
  if (start < 0 || file.length - start < HEADER_SIZE) return plain;
  const cache = file.subarray(start);
  const text = (at: number) => {
    const end = cache.indexOf(0, at);
    return end < 0 ? '' : cache.toString('latin1', at, end);
  };
  const count = Math.min(cache.readUInt32LE(20), Math.floor((cache.length - HEADER_SIZE) / ENTRY_SIZE));
  for (let i = 0; i < count; i++) {
    const at = HEADER_SIZE + i * ENTRY_SIZE;
    const soname = text(cache.readUInt32LE(at + 4));
    const libraries = cache.readBigUInt64LE(at + 16) === 0n ? plain : special;
    const known = libraries.get(soname);
    const library = text(cache.readUInt32LE(at + 8));
    if (known) known.push(library);
    else libraries.set(soname, [library]);
  }
  for (const [soname, libraries] of special) plain.set(soname, [...(plain.get(soname) ?? []), ...libraries]);
  return plain;
}
