/**
 * Whether the loader needs an entry of a search path: patchelf's `--shrink-rpath`, told without asking which library comes first.
 * DT_RUNPATH serves the file's own DT_NEEDED, and what the file's own code opens by dlopen(3) (ld.so(8)); DT_RPATH serves
 * the libraries below it, too, so nothing is said of that.
 */

import { DT_AUDIT, DT_AUXILIARY, DT_DEPAUDIT, DT_FILTER, DT_NEEDED, DT_RPATH } from '../../syntax/elf/constants.ts';
import { type Dynamic, dynamicString } from '../../syntax/elf/dynamic.ts';
import type { EntryFile } from '../analyzer.ts';

/** Directories below an entry in which glibc looks, too (elf/dl-hwcaps.c, elf/dl-load.c; the last ones before 2.37). */
const CAPABILITIES = ['glibc-hwcaps', 'tls', 'haswell', 'x86_64'];
/** Libraries that stand in for others, and those of rtld-audit(7), are looked for as well. */
const OTHER_LIBRARIES = new Set([DT_AUDIT, DT_AUXILIARY, DT_DEPAUDIT, DT_FILTER]);
const LOADING_CALLS = ['dlopen', 'dlmopen'];
/** Larger string tables are not searched for calls, bytes. */
const LARGEST_TABLE = 64 * 1024 * 1024;

/** Whether the file may open libraries whose names it makes up while it runs. A name in the table is taken for a call. */
function mayOpen({ bytes }: EntryFile, { strtabOffset, strtabSize }: Dynamic): boolean {
  if (strtabSize > LARGEST_TABLE) return true;
  const table = bytes.read(strtabOffset, strtabSize);
  return LOADING_CALLS.some((name) => table.includes(`${name}\0`, 0, 'latin1'));
}

/**
 * Gives the test for entries of DT_RUNPATH: true for a directory that is there and has nothing the file needs. A directory that
 * cannot be looked into counts as needed.
 */
export function unusedEntryTest(file: EntryFile, dynamic: Dynamic): (path: string) => boolean {
  const { exists, storeDir } = file;
  const hasOthers = dynamic.entries.some(({ tag }) => OTHER_LIBRARIES.has(tag) || tag === DT_RPATH);
  if (exists === undefined || hasOthers || mayOpen(file, dynamic)) return () => false;
  const needed = dynamic.entries
    .filter(({ tag }) => tag === DT_NEEDED)
    .map(({ value }) => dynamicString(file.bytes, dynamic, value));
  return (path) => {
    const directory = path.slice(storeDir.needle.length).replace(/\/+$/, '');
    if (path.includes('$') || !exists(directory)) return false;
    return ![...needed, ...CAPABILITIES].some((name) => exists(`${directory}/${name}`));
  };
}
