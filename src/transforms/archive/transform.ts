/**
 * Members of archives: the store alias, or nothing. A relative form would have to start at a place on the disk, which a
 * member has not. Gets all sites of a member, whatever their rule.
 */

import type { Remedy, Site } from '../../analyzers/site.ts';
import { isElf } from '../../syntax/elf/file.ts';
import { aliasTextTransform } from '../alias-text/transform.ts';
import { refuse, type Transform } from '../transform.ts';
import { planElfMember } from './elf-member.ts';

const header = refuse('header', 'names, links and comments in an archive stay as they are');
const needsPlace = refuse('needs-place', 'a packed program has no place from which its interpreter could be found');

const named = ([site, remedy]: readonly [Site, Remedy]): [Site, Remedy] => {
  return [site, remedy.kind === 'none' ? remedy : { ...remedy, transform: 'archive' }];
};

export const archiveTransform: Transform = {
  id: 'archive',
  rules: ['archive/member', 'archive/header'],
  plan(file, sites, context) {
    if (isElf(file.head)) {
      const { edits, remedies } = planElfMember(file, sites, context);
      return { edits, remedies: new Map([...remedies].map(named)) };
    }
    const refused = new Map<Site, Remedy>();
    for (const site of sites) {
      if (site.rule === 'archive/header') refused.set(site, header);
      // The kernel reads it: it needs the file itself to be relocated, not its packed copy.
      if (site.rule === 'shebang') refused.set(site, needsPlace);
    }
    const others = sites.filter((site) => !refused.has(site));
    const { edits, remedies } = aliasTextTransform.plan(file, others, context);
    return { edits, remedies: new Map([...refused, ...[...remedies].map(named)]) };
  },
};
