/** One regular file from its bytes to its edits: the scan, and the plan for what it found, in the file or packed in it. */

import type { ByteSource } from '../store/byte-source.ts';
import type { DigestSet } from '../store/digest-set.ts';
import type { SourceScan } from '../store/scan.ts';
import type { ArchiveFormat } from '../syntax/archive/formats.ts';
import type { Edit } from '../transforms/transform.ts';
import { planArchive } from './archive-plan.ts';
import { type ArchiveNote, archiveFormat } from './archive-tree.ts';
import { type FileMode, type ObjectContext, planContents, planMovedScript } from './entry.ts';
import type { EntryPlan, PlannedSite } from './plan.ts';
import type { ReportChange } from './report.ts';
import { reportText } from './report-text.ts';

export interface RegularFilePlan {
  /** Of the bytes as they are; what is packed is not seen by it. */
  readonly scan: SourceScan;
  /** How many there are: in an archive that was opened those inside and outside of its members, else those of the scan. */
  readonly occurrences: number;
  readonly sites: readonly PlannedSite[];
  readonly edits: readonly Edit[];
  readonly changes: readonly ReportChange[];
  /** Of an archive or compressed file that was opened. */
  readonly format: ArchiveFormat | undefined;
  /** What was not looked into. */
  readonly notes: readonly ArchiveNote[];
}

/** @param path inside the object */
export async function planRegularFile(
  path: string,
  mode: FileMode,
  source: ByteSource,
  scan: SourceScan,
  context: ObjectContext,
  known: DigestSet,
): Promise<RegularFilePlan> {
  const file = reportText(path);
  const format = archiveFormat(source);
  const subject = { path, mode, context, isKnown: known.has };
  const inside = format && (await planArchive(source, format, subject, (packed) => sameDigests(packed, scan, known)));
  const notes = inside?.notes ?? [];
  if (inside?.opened) {
    const { occurrences, sites, edits } = inside;
    const changes = inside.changes.map((change) => ({ file, ...change }));
    return { scan, occurrences, sites, edits, changes, format, notes };
  }
  const { sites, edits, change } =
    scan.occurrences.length > 0 ? await planOpen(path, mode, source, scan, context) : NOTHING;
  const changes = change === undefined ? [] : [{ file, ...change }];
  return { scan, occurrences: scan.occurrences.length, sites, edits, changes, format: undefined, notes };
}

const NOTHING: EntryPlan = { sites: [], edits: [] };

async function planOpen(
  path: string,
  mode: FileMode,
  source: ByteSource,
  { occurrences }: SourceScan,
  context: ObjectContext,
): Promise<EntryPlan> {
  const beside = context.moved?.get(path);
  if (beside === undefined) return planContents(path, mode, source, occurrences, context);
  return (await planMovedScript(path, beside, source, occurrences, context)).script;
}

function sameDigests(packed: Buffer, { digests }: SourceScan, known: DigestSet): boolean {
  const found = new Set<string>();
  known.findIn(packed, found);
  return found.size === digests.size && [...found].every((digest) => digests.has(digest));
}
