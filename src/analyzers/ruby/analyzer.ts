/** Ruby: paths in literals and comments. */

import { LARGEST_SOURCE, loadRuby, type RubyContext, rubySource, sourceExtension } from '../../syntax/ruby/source.ts';
import { sourceClaim } from '../../syntax/source-language.ts';
import type { Analyzer } from '../analyzer.ts';
import { literalSites } from '../literal-sites.ts';
import type { Rule } from '../site.ts';

export const rubyRules = [
  { id: 'ruby/string', summary: 'A literal in Ruby holds an absolute store path' },
  { id: 'ruby/comment', summary: 'A comment in Ruby mentions a store path' },
] as const satisfies readonly Rule[];

const names: Readonly<Record<RubyContext, string>> = {
  interpolated: 'interpolated string',
  pattern: 'pattern',
  'raw-pattern': 'pattern',
  command: 'command',
  'raw-command': 'command',
  raw: 'string',
  'raw-words': 'list of words',
  'raw-here-document': 'raw here-document',
  format: 'format',
  'raw-format': 'format',
  fixed: 'literal that must stay one',
  comment: 'comment',
  end: 'text behind __END__',
  data: 'data behind the program',
};

export const rubyAnalyzer: Analyzer = {
  id: 'ruby',
  rules: rubyRules,
  load: loadRuby,
  claims: (file) => sourceClaim(file, 'ruby', sourceExtension, LARGEST_SOURCE),
  sites(file, occurrences) {
    const offsets = occurrences.map(({ offset }) => offset);
    const source = rubySource(file.bytes, offsets);
    if (source === undefined) return [];
    return literalSites(file, occurrences, ({ offset }) => {
      const place = source.places.get(offset);
      if (place === undefined) return undefined;
      const { context, textEnd: end } = place;
      const isText = context === 'comment' || context === 'end';
      const role = isText ? 'documentation' : 'run-time';
      return { rule: isText ? 'ruby/comment' : 'ruby/string', role, what: names[context], end };
    });
  },
};
