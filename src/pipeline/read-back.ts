/** The check on what was written: only the sites that were left on purpose may stand in it. */

import type { ByteSource } from '../store/byte-source.ts';
import type { DigestSet } from '../store/digest-set.ts';
import { type Occurrence, scanBytes } from '../store/scan.ts';
import type { StoreDir } from '../store/store-path.ts';
import type { ArchiveFormat } from '../syntax/archive/formats.ts';
import { occurrencesInside } from './archive-plan.ts';
import type { ObjectContext } from './entry.ts';
import { scanFile } from './file-scan.ts';
import type { PlannedSite } from './plan.ts';

export interface ReadBack {
  readonly digests: ReadonlySet<string>;
  /** What stands there and should not; undefined when all is well. */
  readonly escaped: string | undefined;
}

function leftIn(planned: readonly PlannedSite[]): number {
  return planned.filter(({ remedy }) => remedy.kind === 'none').length;
}

function escapedMessage(file: string, left: number, standing: readonly Occurrence[]): string {
  const where = standing.map(({ offset }) => offset).join(', ') || 'none';
  return `${file}: ${standing.length} occurrences stand in the result (offsets ${where}), ${left} were left on purpose`;
}

/** @param format of an archive that was opened */
export function readBackFile(
  path: string,
  written: ByteSource,
  planned: readonly PlannedSite[],
  format: ArchiveFormat | undefined,
  context: ObjectContext,
  known: DigestSet,
): ReadBack {
  const { digests, occurrences } = scanFile(written, context.transform.storeDir, known);
  const left = leftIn(planned);
  if (format !== undefined) {
    const inside = occurrencesInside(path, written, format, context);
    const message = `${path}: ${inside} occurrences stand inside, ${left} were left on purpose`;
    return { digests, escaped: inside === left ? undefined : message };
  }
  return { digests, escaped: occurrences.length === left ? undefined : escapedMessage(path, left, occurrences) };
}

/** The same for a link's target. */
export function escapedFromLink(
  path: string,
  target: string,
  planned: readonly PlannedSite[],
  dir: StoreDir,
): string | undefined {
  const left = leftIn(planned);
  const { occurrences } = scanBytes(Buffer.from(target, 'latin1'), dir);
  return occurrences.length === left ? undefined : escapedMessage(path, left, occurrences);
}
