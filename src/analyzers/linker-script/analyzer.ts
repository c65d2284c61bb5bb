/** Linker scripts that stand where a library is looked for. */

import { lineAt } from '../../syntax/lines.ts';
import { linkerScriptWords } from '../../syntax/linker-script.ts';
import type { Analyzer } from '../analyzer.ts';
import type { Rule } from '../site.ts';
import { isModestText, textOf, textSites } from '../text-sites.ts';

export const linkerScriptRules = [
  { id: 'linker-script/file', summary: 'A linker script names a library or object file in the store' },
  { id: 'linker-script/path', summary: 'A linker script holds an absolute store path' },
] as const satisfies readonly Rule[];

/** Commands whose names are files to link. */
const inputs = new Set(['INPUT', 'GROUP']);

export const linkerScriptAnalyzer: Analyzer = {
  id: 'linker-script',
  rules: linkerScriptRules,
  claims(file) {
    const named = /\.(?:so|a)(?:\.[0-9.]+)?$|\.(?:ld|lds|x)$/.test(file.file);
    return named && isModestText(file) && /\b(?:INPUT|GROUP)\s*\(/.test(file.head.toString('latin1')) ? 80 : 0;
  },
  sites(file, occurrences) {
    const words = linkerScriptWords(textOf(file));
    return textSites(file, occurrences, (offset) => {
      const word = lineAt(words, offset);
      if (word === undefined) return undefined;
      const { kind, command, start, end } = word;
      if (kind === 'comment') return { rule: 'linker-script/path', role: 'documentation', what: 'comment', end };
      const isFile = inputs.has(command) && offset === start;
      const what = command === '' ? 'name' : `name in ${command}`;
      return { rule: isFile ? 'linker-script/file' : 'linker-script/path', role: 'build-time', what, end };
    });
  },
};
