/** Python: paths in string literals, docstrings and comments. */

import { LARGEST_SOURCE, loadPython, pythonPlaces, sourceExtension } from '../../syntax/python/source.ts';
import { sourceClaim } from '../../syntax/source-language.ts';
import type { Analyzer } from '../analyzer.ts';
import { literalSites } from '../literal-sites.ts';
import type { Rule } from '../site.ts';

export const pythonRules = [
  { id: 'python/string', summary: 'A string literal in Python holds an absolute store path' },
  { id: 'python/comment', summary: 'A comment or docstring in Python mentions a store path' },
] as const satisfies readonly Rule[];

export const pythonAnalyzer: Analyzer = {
  id: 'python',
  rules: pythonRules,
  claims: (file) => sourceClaim(file, 'python', sourceExtension, LARGEST_SOURCE),
  load: loadPython,
  sites(file, occurrences) {
    const places = pythonPlaces(
      file.bytes,
      occurrences.map(({ offset }) => offset),
    );
    return literalSites(file, occurrences, ({ offset }) => {
      const place = places.get(offset);
      if (place === undefined) return undefined;
      if (place.kind === 'comment' || place.kind === 'docstring') {
        return { rule: 'python/comment', role: 'documentation', what: place.kind, end: place.end };
      }
      const what = place.kind === 'fixed' ? 'literal where no expression may stand' : 'string';
      return { rule: 'python/string', role: 'run-time', what, end: place.end };
    });
  },
};
