/** Sites of a text format: what every analyzer of one would otherwise write again. */

import type { Occurrence } from '../store/scan.ts';
import { NUKED_DIGEST } from '../store/store-path.ts';
import { pathTextAt } from '../syntax/path-text.ts';
import type { EntryFile } from './analyzer.ts';
import type { Role, Site } from './site.ts';

/** What an analyzer knows of one place in the file. */
export interface Explanation {
  readonly rule: string;
  readonly role: Role;
  readonly what: string;
  /** The path ends here at the latest; bytes from the file's start. */
  readonly end: number;
}

/**
 * Text files of the formats that are read whole are smaller than this; a larger one is something else, and expressions
 * that match a long string would run out of stack. Bytes.
 */
const MAX_SIZE = 4 * 1024 * 1024;

/**
 * Whether the file may be read whole as text: no NUL in its first bytes, not too large.
 *
 * @param maxSize bytes
 */
export function isModestText(file: EntryFile, maxSize = MAX_SIZE): boolean {
  return file.bytes.size <= maxSize && !file.head.includes(0);
}

/** The whole file, one character a byte. */
export function textOf(file: EntryFile): string {
  return file.bytes.read(0, file.bytes.size).toString('latin1');
}

/** Makes sites of what `explain` knows; what it does not know is left to others. A nuked digest is dead wherever it stands. */
export function textSites(
  file: EntryFile,
  occurrences: readonly Occurrence[],
  explain: (offset: number) => Explanation | undefined,
): Site[] {
  return occurrences.flatMap((occurrence) => {
    const { offset, baseName, digest } = occurrence;
    const known = explain(offset);
    if (known === undefined) return [];
    const least = file.storeDir.needle.length + baseName.length;
    const text = pathTextAt(file.bytes, offset, least, Math.max(known.end, offset + least));
    return [
      {
        file: file.file,
        place: 'contents' as const,
        rule: known.rule,
        offset,
        length: text.length,
        text,
        occurrence,
        role: digest === NUKED_DIGEST ? ('dead' as const) : known.role,
        what: known.what,
      },
    ];
  });
}
