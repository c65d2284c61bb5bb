/**
 * Members of archives: the store alias, or nothing. A relative form would have to start at a place on the disk, which a
 * member has not. Gets all sites of a member, whatever their rule.
 */

import type { Remedy, Site } from '../../analyzers/site.ts';
import { binaryFormat } from '../../syntax/file-format.ts';
import { aliasTextTransform } from '../alias-text/transform.ts';
import { refuse, type Transform } from '../transform.ts';

/** Rules whose paths the kernel or the loader reads: they need the file itself to be relocated, not its packed copy. */
const needsPlace = (rule: string) => rule === 'shebang' || rule.startsWith('elf/');

export const archiveTransform: Transform = {
  id: 'archive',
  rules: ['archive/member'],
  plan(file, sites, context) {
    const format = binaryFormat(file.head, file.file)?.name;
    if (format === 'tar archive' || format === 'ar archive') {
      const nested = refuse('nested', `the ${format} inside is not looked into, and its headers may have checksums`);
      return { edits: [], remedies: new Map(sites.map((site) => [site, nested])) };
    }
    const placed = sites.filter(({ rule }) => needsPlace(rule));
    const refusal = refuse('needs-place', 'a packed program has no place from which its files could be found');
    const refused = new Map<Site, Remedy>(placed.map((site) => [site, refusal]));
    const others = sites.filter((site) => !refused.has(site));
    const { edits, remedies } = aliasTextTransform.plan(file, others, context);
    const named = [...remedies].map(([site, remedy]): [Site, Remedy] => {
      return [site, remedy.kind === 'none' ? remedy : { ...remedy, transform: 'archive' }];
    });
    return { edits, remedies: new Map([...refused, ...named]) };
  },
};
