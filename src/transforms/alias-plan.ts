/** The store alias in place of the store directory, byte for byte: what is left where a language has no relative form. */

import type { Site } from '../analyzers/site.ts';
import type { Edit, FilePlan, TransformContext } from './transform.ts';

/** The edit of one site. */
export function aliasEdit(site: Site, context: TransformContext): Edit {
  return {
    offset: site.offset,
    expected: Buffer.from(context.storeDir.path, 'latin1'),
    replacement: Buffer.from(context.alias, 'latin1'),
  };
}

/** What the path of a site becomes. */
export function aliasForm(site: Site, context: TransformContext): string {
  return context.alias + site.text.slice(context.alias.length);
}

/** Gives every site the alias. */
export function aliasPlan(transform: string, sites: readonly Site[], context: TransformContext): FilePlan {
  return {
    edits: sites.map((site) => aliasEdit(site, context)),
    remedies: new Map(sites.map((site) => [site, { kind: 'alias', transform, form: aliasForm(site, context) }])),
  };
}
