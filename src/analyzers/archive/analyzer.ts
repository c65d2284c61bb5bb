/** Archives and compressed files. Their members are told by name and place, as the files of a tree are. */

import type { Analyzer } from '../analyzer.ts';
import { opaqueAnalyzer } from '../opaque/analyzer.ts';
import type { Rule } from '../site.ts';

const memberRules = [
  { id: 'archive/member', summary: 'A store path inside a compressed file or a member of an archive' },
] as const satisfies readonly Rule[];

/** What no language explains in a member. */
export const archiveAnalyzer: Analyzer = {
  id: 'archive',
  rules: memberRules,
  claims: () => 1,
  sites: (file, occurrences) =>
    opaqueAnalyzer.sites(file, occurrences).map((site) => ({ ...site, rule: 'archive/member' })),
};

const headerRules = [
  {
    id: 'archive/header',
    summary: 'A store path in an archive, but in none of its members: a name, a link, a comment',
  },
] as const satisfies readonly Rule[];

/** What stands between the members. */
export const archiveHeaderAnalyzer: Analyzer = {
  id: 'archive-header',
  rules: headerRules,
  claims: () => 1,
  sites: (file, occurrences) =>
    opaqueAnalyzer
      .sites(file, occurrences)
      .map((site) => ({ ...site, rule: 'archive/header', what: 'name, link or comment in an archive' })),
};
