/** PHP: paths in strings, comments, and text that is put out. */

import { phpClaim, phpSource } from '../../syntax/php/source.ts';
import type { Analyzer } from '../analyzer.ts';
import { literalSites } from '../literal-sites.ts';
import type { Rule } from '../site.ts';

export const phpRules = [
  { id: 'php/string', summary: 'A string in PHP holds an absolute store path' },
  { id: 'php/comment', summary: 'A comment in PHP mentions a store path' },
] as const satisfies readonly Rule[];

const names = {
  single: 'string',
  double: 'string',
  command: 'command in backticks',
  heredoc: 'heredoc',
  nowdoc: 'nowdoc',
} as const;

export const phpAnalyzer: Analyzer = {
  id: 'php',
  rules: phpRules,
  claims: (file) => phpClaim(file.file, file.head, file.bytes.size),
  sites(file, occurrences) {
    const source = phpSource(file.bytes);
    return literalSites(file, occurrences, ({ offset }) => {
      const found = source?.at(offset);
      if (found === undefined) return undefined;
      if ('string' in found) {
        const { kind, textEnd } = found.string;
        return { rule: 'php/string', role: 'run-time', what: names[kind], end: textEnd };
      }
      const { kind, end } = found.remark;
      if (kind === 'comment') return { rule: 'php/comment', role: 'documentation', what: 'comment', end };
      return { rule: 'php/string', role: 'run-time', what: 'text outside of code', end };
    });
  },
};
