/** The store alias in place of the store directory, byte for byte: what is left where a language has no relative form. */

import type { Site } from '../analyzers/site.ts';
import { type Edit, type FilePlan, type Refusal, refuse, type TransformContext } from './transform.ts';

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

/** Where only the programs of the own object open the alias, others that read the path would not find it. */
export const noAlias: Refusal = refuse(
  'no-alias',
  'programs of packages that are not relocated may read it, and they have no store alias',
);

/**
 * Takes the alias out of a text's plan again where only the object's own programs have it: texts are read by others.
 * What became relative stays, and what only people read: nobody opens it.
 */
export function withoutAlias(plan: FilePlan, context: TransformContext): FilePlan {
  const aliased = new Set<number>();
  const remedies = new Map(
    [...plan.remedies].map(([site, remedy]) => {
      if (remedy.kind !== 'alias' || site.role === 'documentation') return [site, remedy] as const;
      aliased.add(site.offset);
      return [site, noAlias] as const;
    }),
  );
  const isAlias = ({ offset, replacement }: Edit) =>
    aliased.has(offset) && replacement.toString('latin1') === context.alias;
  return { edits: plan.edits.filter((edit) => !isAlias(edit)), remedies };
}
