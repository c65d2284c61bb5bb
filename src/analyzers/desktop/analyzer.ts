/** Desktop entries: menus and file managers of the host read them. */

import { keyFileLines } from '../../syntax/key-file.ts';
import { lineAt } from '../../syntax/lines.ts';
import type { Analyzer } from '../analyzer.ts';
import type { Rule } from '../site.ts';
import { isModestText, textOf, textSites } from '../text-sites.ts';

export const desktopRules = [
  { id: 'desktop/path', summary: 'A desktop entry holds an absolute store path' },
] as const satisfies readonly Rule[];

/** Keys that only people read. */
const descriptive = new Set(['Name', 'GenericName', 'Comment', 'Keywords']);

export const desktopAnalyzer: Analyzer = {
  id: 'desktop',
  rules: desktopRules,
  claims: (file) => (/\.(?:desktop|directory)$/.test(file.file) && isModestText(file) ? 80 : 0),
  sites(file, occurrences) {
    const lines = keyFileLines(textOf(file), false);
    return textSites(file, occurrences, (offset) => {
      const line = lineAt(lines, offset);
      if (line === undefined || line.kind === 'other') return undefined;
      const isRead = line.kind === 'entry' && !descriptive.has(line.key);
      return {
        rule: 'desktop/path',
        role: isRead ? 'run-time' : 'documentation',
        what: line.kind === 'comment' ? 'comment' : `key ${line.key}`,
        end: line.end,
      };
    });
  },
};
