/** fontconfig's configuration files. */

import { lineAt } from '../../syntax/lines.ts';
import { xmlParts } from '../../syntax/xml.ts';
import type { Analyzer } from '../analyzer.ts';
import type { Rule } from '../site.ts';
import { isModestText, textOf, textSites } from '../text-sites.ts';

export const fontconfigRules = [
  { id: 'fontconfig/dir', summary: 'A fontconfig file names a directory of fonts in the store' },
  { id: 'fontconfig/path', summary: 'A fontconfig file holds an absolute store path' },
] as const satisfies readonly Rule[];

export const fontconfigAnalyzer: Analyzer = {
  id: 'fontconfig',
  rules: fontconfigRules,
  claims: (file) => (isModestText(file) && file.head.toString('latin1').includes('<fontconfig') ? 80 : 0),
  sites(file, occurrences) {
    const parts = xmlParts(textOf(file));
    return textSites(file, occurrences, (offset) => {
      const part = lineAt(parts, offset);
      if (part === undefined) return undefined;
      const { kind, tag, start, end } = part;
      if (kind === 'comment' || kind === 'declaration')
        return { rule: 'fontconfig/path', role: 'documentation', what: kind, end };
      const isDir = kind === 'text' && tag?.name === 'dir' && offset === start;
      return {
        rule: isDir ? 'fontconfig/dir' : 'fontconfig/path',
        role: 'run-time',
        what: kind === 'text' ? `element ${tag?.name ?? ''}` : `attribute of ${tag?.name ?? ''}`,
        end,
      };
    });
  },
};
