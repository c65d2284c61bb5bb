/**
 * What a shrinking relocation does beside the transforms: where only documentation, debug information or dead text names an object
 * that does not come along, its digest is blotted out, as nixpkgs' remove-references-to does.
 */

import type { Site } from '../analyzers/site.ts';
import { DIGEST_LENGTH, NUKED_DIGEST } from '../store/store-path.ts';
import type { Edit, ShrinkSettings } from '../transforms/transform.ts';
import type { EntryPlan, PlannedSite } from './plan.ts';

/** Remedy code of paths that were blotted out where they stand. */
export const DROPPED = 'dropped';

/** Whether nothing at work, and no build, reads the path. Search paths are the business of the ELF transform. */
const isDead = ({ role, rule, place, occurrence, member }: Site) =>
  (role === 'dead' || role === 'documentation') &&
  rule !== 'elf/runpath' &&
  place === 'contents' &&
  member === undefined &&
  occurrence.split === undefined &&
  occurrence.digest !== NUKED_DIGEST;

/**
 * The plan of a file's contents with dead digests blotted out. A digest that another edit touches stays.
 *
 * @param needle length of the store directory with its slash, bytes
 */
export function shrunk(plan: EntryPlan, shrink: ShrinkSettings, needle: number): EntryPlan {
  const dropped = new Map<Site, Edit>();
  for (const { site } of plan.sites) {
    if (!isDead(site) || !(shrink === 'all' || shrink.has(site.occurrence.digest))) continue;
    const edit = {
      offset: site.occurrence.offset + needle,
      expected: Buffer.from(site.occurrence.digest, 'latin1'),
      replacement: Buffer.from(NUKED_DIGEST, 'latin1'),
    };
    if (!plan.edits.some((other) => overlap(edit, other))) dropped.set(site, edit);
  }
  if (dropped.size === 0) return plan;
  return {
    ...plan,
    edits: [...plan.edits, ...dropped.values()].sort((a, b) => a.offset - b.offset),
    sites: plan.sites.map((planned) => (dropped.has(planned.site) ? described(planned) : planned)),
  };
}

function overlap(edit: Edit, other: Edit): boolean {
  const otherEnd = other.offset + Math.max(1, other.expected.length);
  return edit.offset < otherEnd && other.offset < edit.offset + DIGEST_LENGTH;
}

/** A path that stays where it stands still does, though it names no object any more. */
function described(planned: PlannedSite): PlannedSite {
  const { remedy, site } = planned;
  if (remedy.kind !== 'none') {
    const form = remedy.form.replace(site.occurrence.digest, NUKED_DIGEST);
    return { ...planned, remedy: { ...remedy, form } };
  }
  const reason = 'nothing at work reads it, and the object does not come along: the digest was blotted out';
  return { ...planned, remedy: { kind: 'none', code: DROPPED, reason } };
}
