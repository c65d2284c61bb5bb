/** libtool archives: shell assignments that libtool sources and libltdl reads line by line. */

import { lineAt, logicalLines } from '../../syntax/lines.ts';
import type { Analyzer } from '../analyzer.ts';
import type { Rule } from '../site.ts';
import { isModestText, textOf, textSites } from '../text-sites.ts';

export const libtoolRules = [
  { id: 'libtool/libdir', summary: 'A libtool archive says where its library was installed' },
  { id: 'libtool/path', summary: 'A libtool archive holds an absolute store path' },
] as const satisfies readonly Rule[];

export const libtoolAnalyzer: Analyzer = {
  id: 'libtool',
  rules: libtoolRules,
  claims: (file) =>
    file.file.endsWith('.la') && isModestText(file) && file.head.toString('latin1').includes('libtool') ? 80 : 0,
  sites(file, occurrences) {
    const text = textOf(file);
    const lines = logicalLines(text, false);
    return textSites(file, occurrences, (offset) => {
      const line = lineAt(lines, offset);
      if (line === undefined) return undefined;
      const content = text.slice(line.start, line.end);
      const isComment = /^\s*#/.test(content);
      const name = /^\s*([A-Za-z_]+)=/.exec(content)?.[1];
      if (!isComment && name === undefined) return undefined;
      return {
        rule: name === 'libdir' ? 'libtool/libdir' : 'libtool/path',
        role: isComment ? 'documentation' : 'build-time',
        what: isComment ? 'comment' : `variable ${name}`,
        end: line.end,
      };
    });
  },
};
