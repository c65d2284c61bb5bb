/** Names for what is put into a file, which the file alone decides. */

import type { EntryFile } from '../analyzers/analyzer.ts';

/** Eight hexadecimal digits from the object and the path inside it (FNV-1a, 32 bits). */
export function stableName(file: EntryFile): string {
  let hash = 0x811c9dc5;
  for (const character of `${file.object ?? ''}/${file.file}`) {
    hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
  }
  return hash.toString(16).padStart(8, '0');
}
