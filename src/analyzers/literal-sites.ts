/** Occurrences in a program's source to sites: what the readers of all languages with literals and comments share. */

import type { Occurrence } from '../store/scan.ts';
import { NUKED_DIGEST } from '../store/store-path.ts';
import { pathTextAt } from '../syntax/path-text.ts';
import type { EntryFile } from './analyzer.ts';
import type { Role, Site } from './site.ts';

/** What a language's reader says of one occurrence. */
export interface Explanation {
  readonly rule: string;
  readonly role: Role;
  readonly what: string;
  /** Where the literal or comment ends: the path ends there at the latest. Bytes from the file's start. */
  readonly end: number;
}

/** Sites of the occurrences that `explain` explains. */
export function literalSites(
  file: EntryFile,
  occurrences: readonly Occurrence[],
  explain: (occurrence: Occurrence) => Explanation | undefined,
): Site[] {
  return occurrences.flatMap((occurrence) => {
    const explanation = explain(occurrence);
    if (explanation === undefined) return [];
    const { offset, baseName, digest } = occurrence;
    const { rule, what, end } = explanation;
    const text = pathTextAt(file.bytes, offset, file.storeDir.needle.length + baseName.length, end);
    const role = digest === NUKED_DIGEST ? 'dead' : explanation.role;
    return [
      { file: file.file, place: 'contents' as const, rule, offset, length: text.length, text, occurrence, role, what },
    ];
  });
}
