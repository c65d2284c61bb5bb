/**
 * Texts without a better form: the store alias in place of the store directory, byte for byte. It leads to the store
 * for relocated programs, and for what they start; not for programs of the host.
 */

import type { EntryFile } from '../../analyzers/analyzer.ts';
import type { Remedy, Site } from '../../analyzers/site.ts';
import { binaryFormat } from '../../syntax/file-format.ts';
import type { Transform, TransformContext } from '../transform.ts';

/** Why a file's sites stay; undefined when its bytes may change. */
function refusalOf(file: EntryFile, site: Site): Remedy | undefined {
  const format = binaryFormat(file.head, file.file);
  if (format?.tolerance === 'checked') {
    return { kind: 'none', code: 'checksum', reason: `${format.name} data is covered by checksums or compression` };
  }
  if (format?.tolerance === 'unknown') {
    return { kind: 'none', code: 'unknown-binary', reason: 'the format of this binary file is not known' };
  }
  if (site.role === 'build-time') {
    return {
      kind: 'none',
      code: 'build-time',
      reason: 'read by compilers and build tools of the host, which do not have the store alias',
    };
  }
  if (site.role === 'documentation') {
    return { kind: 'none', code: 'documentation', reason: 'only people read it; the text stays true to its origin' };
  }
  if (site.role === 'dead') return { kind: 'none', code: 'dead', reason: 'the reference was cut off on purpose' };
  return undefined;
}

function remedyOf(file: EntryFile, site: Site, context: TransformContext): Remedy {
  const form = context.alias + site.text.slice(context.alias.length);
  return refusalOf(file, site) ?? { kind: 'alias', transform: 'alias-text', form };
}

export const aliasTextTransform: Transform = {
  id: 'alias-text',
  rules: ['opaque'],
  plan(file, sites, context) {
    const remedies = new Map(sites.map((site) => [site, remedyOf(file, site, context)]));
    const edits = sites
      .filter((site) => remedies.get(site)?.kind === 'alias')
      .map(({ offset }) => ({
        offset,
        expected: Buffer.from(file.storeDir.path, 'latin1'),
        replacement: Buffer.from(context.alias, 'latin1'),
      }));
    return { edits, remedies };
  },
};
