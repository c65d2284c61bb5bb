/** Members of archives that no language explains. Their files are told by name and place, as those of a tree are. */

import type { Analyzer } from '../analyzer.ts';
import { opaqueAnalyzer } from '../opaque/analyzer.ts';
import type { Rule } from '../site.ts';

export const archiveRules = [
  { id: 'archive/member', summary: 'A store path inside a compressed file or a member of an archive' },
] as const satisfies readonly Rule[];

export const archiveAnalyzer: Analyzer = {
  id: 'archive',
  rules: archiveRules,
  claims: () => 1,
  sites: (file, occurrences) =>
    opaqueAnalyzer.sites(file, occurrences).map((site) => ({ ...site, rule: 'archive/member' })),
};
