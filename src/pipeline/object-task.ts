/** What a worker is told of one store object, and what it answers: plain data. */

import type { NarHash } from '../store/nar.ts';
import type { ArchiveNote } from './archive-tree.ts';
import type { PlannedSite } from './plan.ts';
import type { ReportChange } from './report.ts';

export interface ObjectTask {
  /** Physical path of the object, one character a byte. */
  readonly physicalPath: string;
  /** `<digest>-<name>`; undefined for a tree that is no store object. */
  readonly baseName: string | undefined;
  /** Physical path to write the rewritten object to; undefined to write nothing. */
  readonly destination: string | undefined;
  /** The object's NAR hash where it is known: then an audit need not compute it. */
  readonly narHash?: NarHash | undefined;
}

/** An archive or compressed file, or one inside of it, that was not looked into. */
export interface UnopenedFile extends ArchiveNote {
  readonly file: string;
}

/** A file whose bytes were changed, for the checks that look at the whole result. */
export interface RewrittenFile {
  readonly file: string;
  readonly rules: readonly string[];
}

export interface ObjectOutcome {
  readonly baseName: string | undefined;
  readonly sites: readonly PlannedSite[];
  /** Of texts, where this was asked for. */
  readonly changes: readonly ReportChange[];
  /** What the raw scan counted, over contents, link targets and names (law 1 compares it with the sites). */
  readonly occurrences: number;
  readonly bareMentions: number;
  /** Bytes in regular files. */
  readonly size: number;
  /** Of the input for an audit, of the output for a relocation. */
  readonly narHash: NarHash;
  readonly digestsBefore: readonly string[];
  /** Equal to `digestsBefore` for an audit. */
  readonly digestsAfter: readonly string[];
  readonly rewritten: readonly RewrittenFile[];
  /** What may hold paths that nobody saw. */
  readonly unopened: readonly UnopenedFile[];
  /** Sites that were planned to go, and yet stand in the output: must be empty. */
  readonly escaped: readonly string[];
}
