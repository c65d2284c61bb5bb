/** Makefiles that are installed for later use: included by others, or read for the flags in them. */

import { lineAt } from '../../syntax/lines.ts';
import { makefileLines } from '../../syntax/makefile.ts';
import type { Analyzer } from '../analyzer.ts';
import type { Rule } from '../site.ts';
import { isModestText, textOf, textSites } from '../text-sites.ts';

export const makefileRules = [
  { id: 'makefile/path', summary: 'A Makefile holds an absolute store path' },
] as const satisfies readonly Rule[];

const named =
  /(?:^|\/)(?:GNUmakefile|[Mm]akefile|Makeconf|Makefile\.(?:common|conf|config|defs|global|inc|include|options|port|rules|shlib|vars))$|\.mk$/;

export const makefileAnalyzer: Analyzer = {
  id: 'makefile',
  rules: makefileRules,
  claims: (file) => (named.test(file.file) && isModestText(file) ? 80 : 0),
  sites(file, occurrences) {
    const lines = makefileLines(textOf(file));
    return textSites(file, occurrences, (offset) => {
      const line = lineAt(lines, offset);
      if (line === undefined) return undefined;
      const isComment = offset >= line.comment;
      return {
        rule: 'makefile/path',
        role: isComment ? 'documentation' : 'build-time',
        what: isComment ? 'comment' : line.kind === 'recipe' ? 'recipe' : 'definition or rule',
        end: line.end,
      };
    });
  },
};
