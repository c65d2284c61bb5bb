/** Sites to one plan for an entry: each transform plans its own rules, and the edits of all must not touch each other. */

import type { EntryFile } from '../analyzers/analyzer.ts';
import type { Remedy, Site } from '../analyzers/site.ts';
import { withoutAlias } from '../transforms/alias-plan.ts';
import type { Edit, FilePlan, Transform, TransformContext } from '../transforms/transform.ts';
import { InternalError } from './internal-error.ts';
import type { Surroundings } from './surroundings.ts';
import type { TextChange } from './text-change.ts';

export interface PlannedSite {
  readonly site: Site;
  readonly remedy: Remedy;
  readonly surroundings?: Surroundings;
}

export interface EntryPlan {
  /** Sorted by offset, disjoint. */
  readonly edits: readonly Edit[];
  readonly sites: readonly PlannedSite[];
  /** What the edits change in a text, where this was asked for. */
  readonly change?: TextChange | undefined;
}

/** Sorts edits by offset; an insertion stands before a replacement at the same offset. */
export function inOrder(edits: readonly Edit[]): Edit[] {
  return [...edits].sort((a, b) => a.offset - b.offset || a.expected.length - b.expected.length);
}

/**
 * Plans all sites of one entry.
 *
 * @throws {InternalError} when a rule has no transform, a site gets no remedy, or two edits overlap.
 */
export function planEntry(
  file: EntryFile,
  sites: readonly Site[],
  transformOf: (rule: string) => Transform | undefined,
  context: TransformContext,
): EntryPlan {
  const byTransform = new Map<Transform, Site[]>();
  for (const site of sites) {
    const transform = transformOf(site.rule);
    if (transform === undefined) throw new InternalError(`rule '${site.rule}' has no transform`);
    const group = byTransform.get(transform);
    if (group) group.push(site);
    else byTransform.set(transform, [site]);
  }
  const edits: Edit[] = [];
  const remedies = new Map<Site, Remedy>();
  for (const [transform, group] of byTransform) {
    const whole = transform.plan(file, group, context);
    // ELF files know by themselves who opens the alias for them.
    const plan = context.aliasReach === 'own-programs' && transform.id !== 'elf' ? withoutAlias(whole, context) : whole;
    for (const edit of plan.edits) edits.push(edit);
    for (const site of group) {
      const remedy = plan.remedies.get(site);
      if (remedy === undefined) {
        throw new InternalError(
          `transform '${transform.id}' gave no remedy for offset ${site.offset} of '${file.file}'`,
        );
      }
      remedies.set(site, remedy);
    }
  }
  const ordered = inOrder(edits);
  for (let i = 1; i < ordered.length; i++) {
    const before = ordered[i - 1] as Edit;
    const after = ordered[i] as Edit;
    if (before.offset + before.expected.length > after.offset) {
      throw new InternalError(`two edits of '${file.file}' overlap at offset ${after.offset}`);
    }
  }
  return {
    edits: ordered,
    sites: sites.map((site) => ({ site, remedy: remedies.get(site) as Remedy })),
  };
}

/** Plans a file as a whole where `planWhole` can, else site by site. */
export function planFile(
  file: EntryFile,
  sites: readonly Site[],
  planWhole: (file: EntryFile, sites: readonly Site[], context: TransformContext) => FilePlan | undefined,
  transformOf: (rule: string) => Transform | undefined,
  context: TransformContext,
): EntryPlan {
  const whole = planWhole(file, sites, context);
  if (whole === undefined) return planEntry(file, sites, transformOf, context);
  return {
    edits: inOrder(whole.edits),
    sites: sites.map((site) => ({ site, remedy: whole.remedies.get(site) as Remedy })),
  };
}
