/** New texts for the paths in dynamic strings: relative to the directory of the file that holds them ($ORIGIN, ld.so(8)). */

import { dirname, relative } from 'node:path/posix';
import { parseStorePath, type StoreDir } from '../../store/store-path.ts';
import { upToStoreDir } from '../transform.ts';

/**
 * `$ORIGIN/...` for an absolute store path.
 *
 * @param file path of the ELF file inside its object
 * @param object base name of that object
 * @returns undefined when the path is no store path
 */
export function originForm(path: string, file: string, object: string, dir: StoreDir): string | undefined {
  const parsed = parseStorePath(path, dir);
  if (parsed === undefined) return undefined;
  if (parsed.object.baseName !== object) return `$ORIGIN/${upToStoreDir(file)}/${parsed.object.baseName}${parsed.rest}`;
  const own = relative(`/${dirname(file)}`, parsed.rest === '' ? '/' : parsed.rest);
  return own === '' ? '$ORIGIN' : `$ORIGIN/${own}`;
}

/** Rewrites each entry of a search path (DT_RUNPATH, DT_RPATH); entries outside the store directory stay. */
export function originSearchPath(text: string, file: string, object: string, dir: StoreDir): string {
  return text
    .split(':')
    .map((entry) => originForm(entry, file, object, dir) ?? entry)
    .join(':');
}
