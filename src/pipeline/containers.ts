/**
 * Compressed files and archives: what is inside goes through scan, explain and plan like a file of their own, and are packed again when
 * something in them changes. Neither Nix's scanner nor the raw scan sees inside.
 */

import { type ByteSource, bufferSource } from '../store/byte-source.ts';
import { scanBytes } from '../store/scan.ts';
import { type ContainerMember, isContainerHead, readContainer } from '../syntax/container.ts';
import { type Edit, type Refusal, refuse } from '../transforms/transform.ts';
import { writeEdited } from './apply-edits.ts';
import { type FileMode, leftAlone, type ObjectContext, planMember } from './entry.ts';
import type { PlannedSite } from './plan.ts';
import { reportText } from './report-text.ts';
import type { TextChange } from './text-change.ts';

/** Larger files are not looked into, bytes. */
const MAX_PACKED = 64 * 1024 * 1024;
/** Nothing is unpacked further than this, bytes. */
export const MAX_UNPACKED = 256 * 1024 * 1024;

export interface ContainerPlan {
  readonly sites: readonly PlannedSite[];
  /** Of the whole file, one edit; empty when nothing changes. */
  readonly edits: readonly Edit[];
  /** Of its inner texts. */
  readonly changes: readonly (TextChange & { readonly member: string })[];
}

/** Whether a file is of a kind that is looked into. Reads its first bytes only. */
export function isContainer(source: ByteSource): boolean {
  return source.size <= MAX_PACKED && isContainerHead(source.read(0, 64));
}

/**
 * Explains and plans what stands inside.
 *
 * @param isKnown whether the object of a digest comes along
 * @param keepsDigests whether a new file may stand for the old one: the digests that Nix sees in it must be the same
 */
export async function planContainer(
  path: string,
  mode: FileMode,
  source: ByteSource,
  context: ObjectContext,
  isKnown: (digest: string) => boolean,
  keepsDigests: (packed: Buffer) => boolean,
): Promise<ContainerPlan> {
  const none: ContainerPlan = { sites: [], edits: [], changes: [] };
  const bytes = source.read(0, source.size);
  const container = readContainer(path, bytes, MAX_UNPACKED);
  if (container === undefined) return none;
  const sites: PlannedSite[] = [];
  const changes: (TextChange & { readonly member: string })[] = [];
  const changed = new Map<ContainerMember, Buffer>();
  for (const member of container.members) {
    const { occurrences } = scanBytes(member.contents, context.transform.storeDir);
    if (occurrences.length === 0) continue;
    const inner = bufferSource(member.contents);
    const innerPath = path.slice(0, path.lastIndexOf('/') + 1) + member.name;
    const whole = await planMember(innerPath, mode, inner, occurrences, context, isKnown);
    const plan = context.excludes?.(path) ? leftAlone(whole) : whole;
    for (const planned of plan.sites) {
      sites.push({ ...planned, site: { ...planned.site, file: path, member: member.name } });
    }
    if (plan.change !== undefined) changes.push({ member: reportText(member.name), ...plan.change });
    if (plan.edits.length === 0) continue;
    const chunks: Buffer[] = [];
    writeEdited(inner, plan.edits, (chunk) => chunks.push(Buffer.from(chunk)));
    changed.set(member, Buffer.concat(chunks));
  }
  if (changed.size === 0) return { sites, edits: [], changes };
  if (container.sealed !== undefined)
    return { sites: kept(sites, refuse('sealed', container.sealed)), edits: [], changes: [] };
  const packed = container.write(changed);
  if (keepsDigests(packed)) return { sites, edits: [{ offset: 0, expected: bytes, replacement: packed }], changes };
  return {
    sites: kept(sites, refuse('references', 'the packed bytes show other digests to Nix')),
    edits: [],
    changes: [],
  };
}

/** The sites when nothing changes after all. */
function kept(sites: readonly PlannedSite[], refusal: Refusal): PlannedSite[] {
  return sites.map((planned) => (planned.remedy.kind === 'none' ? planned : { ...planned, remedy: refusal }));
}

/** How many occurrences stand inside a file that was packed; those of a broken one cannot be told. */
export function occurrencesInside(path: string, source: ByteSource, context: ObjectContext): number | undefined {
  const container = readContainer(path, source.read(0, source.size), MAX_UNPACKED);
  const counts = container?.members.map(({ contents }) => {
    return scanBytes(contents, context.transform.storeDir).occurrences.length;
  });
  return counts?.reduce((sum, count) => sum + count, 0);
}
