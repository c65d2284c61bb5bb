/** Lists of modules that GTK's libraries load: gdk-pixbuf's loaders.cache and GTK's immodules.cache. */

import { lineAt, logicalLines } from '../../syntax/lines.ts';
import type { Analyzer } from '../analyzer.ts';
import type { Rule } from '../site.ts';
import { isModestText, textOf, textSites } from '../text-sites.ts';

export const gdkPixbufRules = [
  { id: 'gdk-pixbuf/module', summary: 'A list of GTK modules names a library in the store' },
] as const satisfies readonly Rule[];

export const gdkPixbufAnalyzer: Analyzer = {
  id: 'gdk-pixbuf',
  rules: gdkPixbufRules,
  claims: (file) => (/(?:^|\/)(?:loaders|immodules)\.cache$/.test(file.file) && isModestText(file) ? 80 : 0),
  sites(file, occurrences) {
    const text = textOf(file);
    const lines = logicalLines(text, false);
    return textSites(file, occurrences, (offset) => {
      const line = lineAt(lines, offset);
      if (line === undefined) return undefined;
      const isComment = text[line.start] === '#';
      return {
        rule: 'gdk-pixbuf/module',
        role: isComment ? 'documentation' : 'run-time',
        what: isComment ? 'comment' : 'module',
        end: line.end,
      };
    });
  },
};
