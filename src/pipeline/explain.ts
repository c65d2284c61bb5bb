/**
 * Occurrences to sites. This is where law 1 is enforced: whatever the analyzers do, each occurrence becomes exactly
 * one site, and what nobody explains is left to the last analyzer, whose rule is `opaque`.
 */

import type { Analyzer, EntryFile } from '../analyzers/analyzer.ts';
import type { Site } from '../analyzers/site.ts';
import type { Occurrence } from '../store/scan.ts';
import { InternalError } from './internal-error.ts';

/** The analyzers that claim the file, strongest claim first. */
export function claimants(file: EntryFile, analyzers: readonly Analyzer[]): Analyzer[] {
  return analyzers
    .map((analyzer) => ({ analyzer, claim: analyzer.claims(file) }))
    .filter(({ claim }) => claim > 0)
    .sort((a, b) => b.claim - a.claim)
    .map(({ analyzer }) => analyzer);
}

/** Sources that are nested deeper than a parser has room on the stack are left to others. */
function sitesOf(analyzer: Analyzer, file: EntryFile, occurrences: readonly Occurrence[]): readonly Site[] {
  try {
    return analyzer.sites(file, occurrences);
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}

/**
 * Asks the analyzers in turn; each gets what those before it left. The last one must explain everything.
 *
 * @returns sites in the order of their offsets, exactly one for each occurrence.
 * @throws {InternalError} when an analyzer explains an occurrence twice, or one that the scan never found, or when
 *   one is left.
 */
export function explain(file: EntryFile, occurrences: readonly Occurrence[], analyzers: readonly Analyzer[]): Site[] {
  const sites: Site[] = [];
  let left = new Set(occurrences);
  for (const analyzer of analyzers) {
    if (left.size === 0) break;
    const remaining = new Set(left);
    for (const site of sitesOf(analyzer, file, [...left])) {
      if (!remaining.delete(site.occurrence)) {
        throw new InternalError(
          `analyzer '${analyzer.id}' explained offset ${site.offset} of '${file.file}' twice, or without an occurrence there`,
        );
      }
      sites.push(site);
    }
    left = remaining;
  }
  if (left.size > 0) throw new InternalError(`${left.size} occurrences of '${file.file}' were left unexplained`);
  return sites.sort((a, b) => a.offset - b.offset);
}
