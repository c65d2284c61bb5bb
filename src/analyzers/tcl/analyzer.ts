/** Tcl: paths in words and comments. */

import { sourceClaim } from '../../syntax/source-language.ts';
import { LARGEST_SOURCE, sourceExtension, type TclContext, tclSource } from '../../syntax/tcl/source.ts';
import type { Analyzer } from '../analyzer.ts';
import { literalSites } from '../literal-sites.ts';
import type { Rule } from '../site.ts';

export const tclRules = [
  { id: 'tcl/word', summary: 'A word in Tcl holds an absolute store path' },
  { id: 'tcl/comment', summary: 'A comment in Tcl mentions a store path' },
] as const satisfies readonly Rule[];

const names: Readonly<Record<TclContext, string>> = {
  word: 'word',
  script: 'script outside braces',
  pipeline: 'element of a pipeline',
  cases: 'pattern of a switch',
  'braced-path': 'word in braces',
  'braced-list': 'list in braces',
  fixed: 'text that takes no substitution',
  comment: 'comment',
};

export const tclAnalyzer: Analyzer = {
  id: 'tcl',
  rules: tclRules,
  claims: (file) => sourceClaim(file, 'tcl', sourceExtension, LARGEST_SOURCE),
  sites(file, occurrences) {
    const source = tclSource(file.bytes);
    if (source === undefined) return [];
    // A first line for a shell makes the next one a command of that shell, which Tcl takes for part of a comment.
    const isShellScript = /^#![ \t]*\S*\/(?:env[ \t]+)?(?:ba|da|k|z)?sh\b/.test(source.text);
    return literalSites(file, occurrences, ({ offset }) => {
      const found = source.at(offset);
      if (found === undefined) return undefined;
      const { context, end } = found;
      const what = names[context];
      if (context !== 'comment') return { rule: 'tcl/word', role: 'run-time', what, end };
      const isContinued = source.text.slice(found.start, offset).includes('\n');
      if (isShellScript && isContinued) return undefined;
      return { rule: 'tcl/comment', role: 'documentation', what, end };
    });
  },
};
