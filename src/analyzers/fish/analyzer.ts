/** fish: paths in words, quotes, code in strings, and comments. */

import { fishSource, LARGEST_SOURCE, sourceExtension } from '../../syntax/fish/source.ts';
import { sourceClaim } from '../../syntax/source-language.ts';
import type { Analyzer } from '../analyzer.ts';
import { literalSites } from '../literal-sites.ts';
import type { Rule } from '../site.ts';

export const fishRules = [
  { id: 'fish/word', summary: 'A word of a fish script holds an absolute store path' },
  { id: 'fish/comment', summary: 'A comment of a fish script mentions a store path' },
] as const satisfies readonly Rule[];

export const fishAnalyzer: Analyzer = {
  id: 'fish',
  rules: fishRules,
  claims: (file) => sourceClaim(file, 'fish', sourceExtension, LARGEST_SOURCE),
  sites(file, occurrences) {
    const source = fishSource(
      file.bytes,
      occurrences.map(({ offset }) => offset),
    );
    return literalSites(file, occurrences, ({ offset }) => {
      const place = source?.places.get(offset);
      if (place === undefined) return undefined;
      const { what, end } = place;
      if (place.quoting === 'comment') return { rule: 'fish/comment', role: 'documentation', what, end };
      return { rule: 'fish/word', role: 'run-time', what, end };
    });
  },
};
