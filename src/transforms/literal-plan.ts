/** Plans for literals and comments of programming languages: what does not depend on the language. */

import type { EntryFile } from '../analyzers/analyzer.ts';
import type { Remedy, Site } from '../analyzers/site.ts';
import { aliasEdit, aliasForm } from './alias-plan.ts';
import { type Edit, type FilePlan, type Refusal, refuse, type TransformContext } from './transform.ts';

/** What a language makes of one literal that is read. */
export interface LiteralRewriting {
  readonly edits: readonly Edit[];
  /** What the store directory becomes, for people. */
  readonly form: string;
}

export function edit(offset: number, expected: string, replacement: string): Edit {
  return { offset, expected: Buffer.from(expected, 'latin1'), replacement: Buffer.from(replacement, 'latin1') };
}

function standing(file: EntryFile, site: Site): Refusal | undefined {
  if (site.role === 'dead') return refuse('dead', 'the reference was cut off on purpose');
  if (site.role === 'documentation')
    return refuse('documentation', 'nothing reads it; the text stays true to its origin');
  if (site.role === 'build-time') {
    return refuse('build-time', 'read by compilers and build tools of the host, which do not have the store alias');
  }
  if (file.object === undefined) {
    return refuse('no-object', 'the file lies in no store object, so its way to the store directory is not known');
  }
  return undefined;
}

/**
 * Plans sites: those that nothing reads stay; sites of one literal are rewritten together; a literal for which
 * `rewrite` has no relative form gets the store alias in place.
 *
 * @param literalOf start of the literal that holds a site; sites with the same start go together
 * @param rewrite edits of one literal; undefined for the store alias
 */
export function planLiterals(
  transform: string,
  file: EntryFile,
  sites: readonly Site[],
  context: TransformContext,
  literalOf: (site: Site) => number | undefined,
  rewrite: (sites: readonly Site[]) => LiteralRewriting | undefined,
): FilePlan {
  const edits: Edit[] = [];
  const remedies = new Map<Site, Remedy>();
  const literals = new Map<number, Site[]>();
  const alias = (site: Site) => {
    edits.push(aliasEdit(site, context));
    remedies.set(site, { kind: 'alias', transform, form: aliasForm(site, context) });
  };
  for (const site of sites) {
    const refusal = standing(file, site);
    const literal = refusal === undefined ? literalOf(site) : undefined;
    if (refusal !== undefined) remedies.set(site, refusal);
    else if (literal === undefined) alias(site);
    else {
      const group = literals.get(literal);
      if (group === undefined) literals.set(literal, [site]);
      else group.push(site);
    }
  }
  for (const group of literals.values()) {
    const rewriting = rewrite(group);
    if (rewriting === undefined) {
      for (const site of group) alias(site);
      continue;
    }
    for (const edit of rewriting.edits) edits.push(edit);
    for (const site of group) {
      const form = rewriting.form + site.text.slice(file.storeDir.path.length);
      remedies.set(site, { kind: 'relative', transform, form });
    }
  }
  return { edits, remedies };
}
