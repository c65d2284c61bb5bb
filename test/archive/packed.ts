/** One archive at a time through everything that a relocation does with it, with the laws checked on the way. */

import { expect } from 'vitest';
import { aliasFor } from '../../src/pipeline/alias.ts';
import { writeEdited } from '../../src/pipeline/apply-edits.ts';
import { occurrencesInside, planArchive } from '../../src/pipeline/archive-plan.ts';
import { type ArchiveNote, archiveFormat } from '../../src/pipeline/archive-tree.ts';
import type { PlannedSite } from '../../src/pipeline/plan.ts';
import { bufferSource } from '../../src/store/byte-source.ts';
import { digestSet } from '../../src/store/digest-set.ts';
import { DIGESTS, OWN } from '../rewriting.ts';
import { transformContext } from '../transform-context.ts';

export const STORE = '/nix/store';
/** The object in which the archives lie, and what is planted into them. */
export const HERE = `${STORE}/${OWN}`;
export const ALIAS = aliasFor(STORE);

export interface Packed {
  readonly bytes: Buffer;
  readonly opened: boolean;
  readonly sites: readonly PlannedSite[];
  readonly notes: readonly ArchiveNote[];
}

const known = digestSet(DIGESTS);
const context = { object: OWN, transform: transformContext(STORE) };

function digestsIn(bytes: Buffer): string[] {
  const found = new Set<string>();
  known.findIn(bytes, found);
  return [...found].sort();
}

async function once(path: string, bytes: Buffer): Promise<Packed & { readonly inside: number | undefined }> {
  const source = bufferSource(bytes);
  const format = archiveFormat(source);
  if (format === undefined) throw new Error(`${path} has no format of an archive`);
  const before = digestsIn(bytes);
  const subject = { path, mode: { executable: false, secure: false }, context, isKnown: known.has };
  const plan = await planArchive(source, format, subject, (packed) => `${digestsIn(packed)}` === `${before}`);
  const chunks: Buffer[] = [];
  writeEdited(source, plan.edits, (chunk) => chunks.push(Buffer.from(chunk)));
  const result = Buffer.concat(chunks);
  const { opened, sites, notes } = plan;
  expect(sites.length).toBe(plan.occurrences);
  return {
    bytes: result,
    opened,
    sites,
    notes,
    inside: occurrencesInside(path, bufferSource(result), format, context),
  };
}

/**
 * Rewrites an archive of the object `OWN`. Checks that every occurrence became one site, that those stand in the result
 * that were left on purpose and no others, that Nix sees the same digests, and that a second time changes nothing.
 */
export async function repackFile(path: string, bytes: Buffer): Promise<Packed> {
  const result = await once(path, bytes);
  if (!result.opened) {
    expect(result.bytes.equals(bytes)).toBe(true);
    return result;
  }
  expect(result.inside).toBe(result.sites.filter(({ remedy }) => remedy.kind === 'none').length);
  expect(digestsIn(result.bytes)).toEqual(digestsIn(bytes));
  const again = await once(path, result.bytes);
  expect(again.bytes.equals(result.bytes)).toBe(true);
  expect(again.sites.filter(({ remedy }) => remedy.kind !== 'none')).toEqual([]);
  return result;
}

/** Where the sites are, and what becomes of them: one line each. */
export function told({ sites }: Packed): string[] {
  return sites.map(({ site, remedy }) => {
    const done = remedy.kind === 'none' ? `none(${remedy.code})` : remedy.kind;
    return `${done} ${site.rule} ${site.role} ${site.member ?? '-'}`;
  });
}

/** What was not looked into. */
export function unseen({ notes }: Packed): string[] {
  return notes.map(({ format, member, code }) => `${code} ${format} ${member ?? '-'}`);
}

/** A text with paths, as it was and as it has to become. */
export const TEXT = `data ${HERE}/share/data\n`.repeat(3);
export const REWRITTEN = TEXT.replaceAll(STORE, ALIAS);
