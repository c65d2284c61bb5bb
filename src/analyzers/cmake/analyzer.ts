/** CMake files: paths in arguments and comments. */

import { cmakeFile, cmakeTokenAt } from '../../syntax/cmake.ts';
import type { Analyzer } from '../analyzer.ts';
import type { Rule } from '../site.ts';
import { isModestText, textOf, textSites } from '../text-sites.ts';

export const cmakeRules = [
  { id: 'cmake/path', summary: 'A CMake file holds an absolute store path' },
] as const satisfies readonly Rule[];

export const cmakeAnalyzer: Analyzer = {
  id: 'cmake',
  rules: cmakeRules,
  claims: (file) => (/\.cmake$|(?:^|\/)CMakeLists\.txt$/.test(file.file) && isModestText(file) ? 80 : 0),
  sites(file, occurrences) {
    const { tokens } = cmakeFile(textOf(file));
    return textSites(file, occurrences, (offset) => {
      const token = cmakeTokenAt(tokens, offset);
      if (token === undefined) return undefined;
      const isComment = token.kind === 'comment';
      return {
        rule: 'cmake/path',
        role: isComment ? 'documentation' : 'build-time',
        what: isComment ? 'comment' : `${token.kind} argument of ${token.command}`,
        end: token.end,
      };
    });
  },
};
