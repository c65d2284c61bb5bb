/**
 * Texts without a better form: the store alias in place of the store directory, byte for byte. It leads to the store
 * for relocated programs, and for what they start; not for programs of the host.
 */

import type { EntryFile } from '../../analyzers/analyzer.ts';
import type { Remedy, Site } from '../../analyzers/site.ts';
import { binaryFormat } from '../../syntax/file-format.ts';
import { aliasPlan } from '../alias-plan.ts';
import { type Refusal, refuse, type Transform } from '../transform.ts';

/** Why a file's sites stay; undefined when its bytes may change. */
function refusalOf(file: EntryFile, site: Site): Refusal | undefined {
  const format = binaryFormat(file.head, file.file);
  if (format?.tolerance === 'checked') {
    return refuse('checksum', `${format.name} data is covered by checksums or compression`);
  }
  if (format?.tolerance === 'container') {
    return refuse('unopened', `the ${format.name} could not be looked into, and its headers may have checksums`);
  }
  if (format?.tolerance === 'unknown') return refuse('unknown-binary', 'the format of this binary file is not known');
  if (site.role === 'build-time') {
    return refuse('build-time', 'read by compilers and build tools of the host, which do not have the store alias');
  }
  if (site.role === 'documentation') {
    return refuse('documentation', 'only people read it; the text stays true to its origin');
  }
  if (site.role === 'dead') return refuse('dead', 'the reference was cut off on purpose');
  return undefined;
}

export const aliasTextTransform: Transform = {
  id: 'alias-text',
  rules: ['opaque', 'gdk-pixbuf/module', 'gir/typelib', 'icd/opencl', 'xml/path'],
  plan(file, sites, context) {
    const refusals = new Map<Site, Remedy>();
    for (const site of sites) {
      const refusal = refusalOf(file, site);
      if (refusal !== undefined) refusals.set(site, refusal);
    }
    const plan = aliasPlan(
      'alias-text',
      sites.filter((site) => !refusals.has(site)),
      context,
    );
    return { edits: plan.edits, remedies: new Map([...refusals, ...plan.remedies]) };
  },
};
