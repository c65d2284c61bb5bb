/** Plans that treat each site alone, and what stays the same in all of them: what nothing reads is left as it is. */

import type { EntryFile } from '../analyzers/analyzer.ts';
import type { Remedy, Site } from '../analyzers/site.ts';
import { type Edit, type FilePlan, type Refusal, refuse } from './transform.ts';

export interface SitePlan {
  readonly edits: readonly Edit[];
  readonly remedy: Remedy;
}

/** Why a site stays whatever its format is; undefined when something reads it. */
export function standing(site: Site): Refusal | undefined {
  if (site.role === 'documentation') {
    return refuse('documentation', 'only people read it; the text stays true to its origin');
  }
  if (site.role === 'dead') return refuse('dead', 'the reference was cut off on purpose');
  return undefined;
}

/** Like `standing`, for forms that lead from the file's own place to the store directory. */
export function standingRelative(file: EntryFile, site: Site): Refusal | undefined {
  if (file.object === undefined && standing(site) === undefined) {
    return refuse('no-object', 'the file lies in no store object, so its way to the store directory is not known');
  }
  return standing(site);
}

/** An edit of text, one character a byte. */
export function textEdit(offset: number, expected: string, replacement: string): Edit {
  return { offset, expected: Buffer.from(expected, 'latin1'), replacement: Buffer.from(replacement, 'latin1') };
}

/** The edit that puts `replacement` in place of the store directory, and the remedy that says so. */
export function relativeSite(transform: string, file: EntryFile, site: Site, replacement: string): SitePlan {
  const dir = file.storeDir.path;
  const form = replacement + site.text.slice(dir.length);
  return { edits: [textEdit(site.offset, dir, replacement)], remedy: { kind: 'relative', transform, form } };
}

/** Plans every site by `planSite`. */
export function planSites(sites: readonly Site[], planSite: (site: Site) => SitePlan | Refusal): FilePlan {
  const edits: Edit[] = [];
  const remedies = new Map<Site, Remedy>();
  for (const site of sites) {
    const plan = planSite(site);
    if ('kind' in plan) remedies.set(site, plan);
    else {
      for (const edit of plan.edits) edits.push(edit);
      remedies.set(site, plan.remedy);
    }
  }
  return { edits, remedies };
}
