/** Perl: paths in quoted text, comments, pod and data. */

import type { Quoted, QuoteKind, Remark } from '../../syntax/perl/pieces.ts';
import { LARGEST_SOURCE, perlSource, sourceExtension } from '../../syntax/perl/source.ts';
import { sourceClaim } from '../../syntax/source-language.ts';
import type { Analyzer } from '../analyzer.ts';
import { type Explanation, literalSites } from '../literal-sites.ts';
import type { Rule } from '../site.ts';

export const perlRules = [
  { id: 'perl/string', summary: 'Quoted text in Perl holds an absolute store path' },
  { id: 'perl/comment', summary: 'A comment or documentation in Perl mentions a store path' },
] as const satisfies readonly Rule[];

const names: Readonly<Record<QuoteKind, string>> = {
  single: 'string',
  double: 'interpolated string',
  words: 'list of words',
  pattern: 'pattern',
  command: 'command',
  'here-document': 'here-document',
  'raw-here-document': 'raw here-document',
  'shell-start': 'command for a shell that was given the file',
  fixed: 'text that takes no variable',
};

function explanation(
  found: { readonly quoted: Quoted } | { readonly remark: Remark } | undefined,
): Explanation | undefined {
  if (found === undefined) return undefined;
  if ('quoted' in found) {
    const { kind, textEnd } = found.quoted;
    return { rule: 'perl/string', role: 'run-time', what: names[kind], end: textEnd };
  }
  const { kind, end } = found.remark;
  if (kind === 'data') return { rule: 'perl/string', role: 'run-time', what: 'data behind the program', end };
  const what = kind === 'end' ? 'text behind __END__' : kind;
  return { rule: 'perl/comment', role: 'documentation', what, end };
}

export const perlAnalyzer: Analyzer = {
  id: 'perl',
  rules: perlRules,
  claims: (file) => sourceClaim(file, 'perl', sourceExtension, LARGEST_SOURCE),
  sites(file, occurrences) {
    const source = perlSource(file.bytes);
    if (source === undefined) return [];
    return literalSites(file, occurrences, ({ offset }) => explanation(source.at(offset)));
  },
};
