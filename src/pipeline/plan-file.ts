/** One regular file from its bytes to its edits: the scan, and the plan for what it found, in the file or packed in it. */

import type { ByteSource } from '../store/byte-source.ts';
import type { DigestSet } from '../store/digest-set.ts';
import type { SourceScan } from '../store/scan.ts';
import type { Edit } from '../transforms/transform.ts';
import { isContainer, planContainer } from './containers.ts';
import { type FileMode, type ObjectContext, planContents } from './entry.ts';
import { scanFile } from './file-scan.ts';
import type { PlannedSite } from './plan.ts';
import type { ReportChange } from './report.ts';
import { reportText } from './report-text.ts';

export interface FilePlan {
  readonly scan: SourceScan;
  /** Those of the scan, and those inside of archives. */
  readonly sites: readonly PlannedSite[];
  readonly edits: readonly Edit[];
  readonly changes: readonly ReportChange[];
}

/** @param path inside the object */
export async function planFile(
  path: string,
  mode: FileMode,
  source: ByteSource,
  context: ObjectContext,
  known: DigestSet,
): Promise<FilePlan> {
  const scan = scanFile(source, context.transform.storeDir, known);
  if (scan.occurrences.length > 0) {
    const { sites, edits, change } = await planContents(path, mode, source, scan.occurrences, context);
    return { scan, sites, edits, changes: change === undefined ? [] : [{ file: reportText(path), ...change }] };
  }
  if (!isContainer(source)) return { scan, sites: [], edits: [], changes: [] };
  const sameDigests = (packed: Buffer) => {
    const found = new Set<string>();
    known.findIn(packed, found);
    return found.size === scan.digests.size && [...found].every((digest) => scan.digests.has(digest));
  };
  const { sites, edits, changes } = await planContainer(path, mode, source, context, known.has, sameDigests);
  return { scan, sites, edits, changes: changes.map((change) => ({ file: reportText(path), ...change })) };
}
