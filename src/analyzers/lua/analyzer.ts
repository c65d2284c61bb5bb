/** Lua: paths in strings and comments. */

import { LARGEST_SOURCE, luaSource, sourceExtension } from '../../syntax/lua/source.ts';
import { sourceClaim } from '../../syntax/source-language.ts';
import type { Analyzer } from '../analyzer.ts';
import { literalSites } from '../literal-sites.ts';
import type { Rule } from '../site.ts';

export const luaRules = [
  { id: 'lua/string', summary: 'A string in Lua holds an absolute store path' },
  { id: 'lua/comment', summary: 'A comment in Lua mentions a store path' },
] as const satisfies readonly Rule[];

export const luaAnalyzer: Analyzer = {
  id: 'lua',
  rules: luaRules,
  claims: (file) => sourceClaim(file, 'lua', sourceExtension, LARGEST_SOURCE),
  sites(file, occurrences) {
    const source = luaSource(file.bytes);
    if (source === undefined) return [];
    return literalSites(file, occurrences, ({ offset }) => {
      const found = source.at(offset);
      if (found === undefined) return undefined;
      const { kind, end } = found;
      if (kind === 'comment') return { rule: 'lua/comment', role: 'documentation', what: 'comment', end };
      return {
        rule: 'lua/string',
        role: 'run-time',
        what: kind === 'long' ? 'long string' : 'string',
        end: found.textEnd,
      };
    });
  },
};
