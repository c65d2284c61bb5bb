/** JavaScript and TypeScript: paths in literals, import specifiers, comments, and source maps. */

import {
  javascriptSource,
  LARGEST_SOURCE,
  type Literal,
  type LiteralContext,
  loadParser,
  sourceExtension,
} from '../../syntax/javascript/source.ts';
import { sourceClaim } from '../../syntax/source-language.ts';
import type { Analyzer } from '../analyzer.ts';
import { type Explanation, literalSites } from '../literal-sites.ts';
import type { Rule } from '../site.ts';

export const javascriptRules = [
  {
    id: 'javascript/string',
    summary: 'A string, template or key in JavaScript or TypeScript holds an absolute store path',
  },
  { id: 'javascript/import', summary: 'A module is imported by its absolute store path' },
  { id: 'javascript/comment', summary: 'A comment or a type in JavaScript or TypeScript mentions a store path' },
  { id: 'javascript/source-map', summary: 'A source map mentions a store path' },
] as const satisfies readonly Rule[];

const names: Readonly<Record<LiteralContext, string>> = {
  expression: 'string',
  key: 'key of an object',
  'class-key': 'key of a class',
  template: 'template',
  specifier: 'import specifier',
  'jsx-attribute': 'JSX attribute',
  fixed: 'literal that must stay one',
  type: 'type',
  comment: 'comment',
};

/** ECMA-426: a JSON object with `version` and `mappings`. */
function isSourceMap(file: string, head: Buffer): boolean {
  return (
    file.endsWith('.map') &&
    /^(?:\)\]\}'[^\n]*\n)?\s*\{[\s\S]*?"(?:version|mappings|sources|file)"\s*:/.test(head.toString('latin1'))
  );
}

function explanation(literal: Literal | undefined, isDeclarations: boolean): Explanation | undefined {
  if (literal === undefined) return undefined;
  const { context, end } = literal;
  const what = names[context];
  if (context === 'comment' || context === 'type')
    return { rule: 'javascript/comment', role: 'documentation', what, end };
  const rule = context === 'specifier' ? 'javascript/import' : 'javascript/string';
  return { rule, role: isDeclarations ? 'build-time' : 'run-time', what, end };
}

export const javascriptAnalyzer: Analyzer = {
  id: 'javascript',
  rules: javascriptRules,
  load: loadParser,
  claims(file) {
    return isSourceMap(file.file, file.head) ? 75 : sourceClaim(file, 'node', sourceExtension, LARGEST_SOURCE);
  },
  sites(file, occurrences) {
    if (isSourceMap(file.file, file.head)) {
      const end = file.bytes.size;
      const rule = 'javascript/source-map';
      return literalSites(file, occurrences, () => ({ rule, role: 'documentation', what: 'source map', end }));
    }
    const source = javascriptSource(file.bytes, file.file);
    if (source === undefined) return [];
    const isDeclarations = /\.d\.[cm]?ts$/.test(file.file);
    return literalSites(file, occurrences, ({ offset }) => explanation(source.literalAt(offset), isDeclarations));
  },
};
