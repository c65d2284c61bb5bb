/** Names for what a transform adds to a file whose variables are shared with other files. */

import { createHash } from 'node:crypto';
import type { EntryFile } from '../analyzers/analyzer.ts';

/**
 * A name that no other file uses, the same under every prefix: two files may come from different prefixes, and then
 * must not take each other's store directory. Letters, digits and underscores.
 */
export function privateName(file: EntryFile): string {
  const own = createHash('sha256').update(`${file.object}/${file.file}`, 'latin1').digest('hex').slice(0, 8);
  return `_unmoor_${own}`;
}
