/**
 * Compressed files: their contents go through scan, explain and plan like a file of their own, and are packed again when
 * something in them changes. Neither Nix's scanner nor the raw scan sees inside.
 */

import { type ByteSource, bufferSource } from '../store/byte-source.ts';
import { scanBytes } from '../store/scan.ts';
import { isGzip, readGzip, writeGzip } from '../syntax/gzip.ts';
import type { Edit } from '../transforms/transform.ts';
import { writeEdited } from './apply-edits.ts';
import { type FileMode, leftAlone, type ObjectContext, planMember } from './entry.ts';
import type { PlannedSite } from './plan.ts';

/** Larger files are not looked into, bytes. */
const MAX_PACKED = 64 * 1024 * 1024;
/** Nothing is unpacked further than this, bytes. */
export const MAX_UNPACKED = 256 * 1024 * 1024;

export interface ContainerPlan {
  readonly sites: readonly PlannedSite[];
  /** Of the whole file, one edit; empty when nothing changes. */
  readonly edits: readonly Edit[];
}

/** Whether a file is of a kind that is looked into. Reads its first bytes only. */
export function isContainer(source: ByteSource): boolean {
  return source.size <= MAX_PACKED && isGzip(source.read(0, 10));
}

const memberName = (path: string) => path.slice(path.lastIndexOf('/') + 1).replace(/\.gz$/, '');

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
  const none: ContainerPlan = { sites: [], edits: [] };
  const bytes = source.read(0, source.size);
  const gzip = readGzip(bytes, MAX_UNPACKED);
  if (gzip === undefined) return none;
  const { occurrences } = scanBytes(gzip.contents, context.transform.storeDir);
  if (occurrences.length === 0) return none;
  const inner = bufferSource(gzip.contents);
  const member = memberName(path);
  const whole = await planMember(path.replace(/\.gz$/, ''), mode, inner, occurrences, context, isKnown);
  const plan = context.excludes?.(path) ? leftAlone(whole) : whole;
  const sites = plan.sites.map(({ site, remedy }) => ({ site: { ...site, file: path, member }, remedy }));
  if (plan.edits.length === 0) return { sites, edits: [] };
  const chunks: Buffer[] = [];
  writeEdited(inner, plan.edits, (chunk) => chunks.push(Buffer.from(chunk)));
  const packed = writeGzip(gzip, Buffer.concat(chunks));
  if (keepsDigests(packed)) return { sites, edits: [{ offset: 0, expected: bytes, replacement: packed }] };
  const kept = sites.map(({ site, remedy }): PlannedSite => {
    if (remedy.kind === 'none') return { site, remedy };
    return { site, remedy: { kind: 'none', code: 'references', reason: 'the packed bytes show a digest to Nix' } };
  });
  return { sites: kept, edits: [] };
}

/** How many occurrences stand inside a file that was packed; those of a broken one cannot be told. */
export function occurrencesInside(source: ByteSource, context: ObjectContext): number | undefined {
  const gzip = readGzip(source.read(0, source.size), MAX_UNPACKED);
  return gzip && scanBytes(gzip.contents, context.transform.storeDir).occurrences.length;
}
