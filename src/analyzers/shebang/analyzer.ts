/** Shebangs: hardcoded paths on the first line of a script. */

import { NUKED_DIGEST } from '../../store/store-path.ts';
import { pathTextAt } from '../../syntax/path-text.ts';
import { isScript, LONGEST_LINE, parseShebang } from '../../syntax/shebang.ts';
import type { Analyzer } from '../analyzer.ts';
import type { Rule } from '../site.ts';

export const shebangRules = [
  { id: 'shebang', summary: 'A script names its interpreter by an absolute store path' },
] as const satisfies readonly Rule[];

export const shebangAnalyzer: Analyzer = {
  id: 'shebang',
  rules: shebangRules,
  claims: (file) => (isScript(file.head) ? 90 : 0),
  sites(file, occurrences) {
    const shebang = parseShebang(file.bytes.read(0, LONGEST_LINE));
    if (shebang === undefined) return [];
    return occurrences
      .filter(({ offset }) => offset < shebang.length)
      .map((occurrence) => {
        const { offset, baseName, digest } = occurrence;
        const least = file.storeDir.needle.length + baseName.length;
        const text = pathTextAt(file.bytes, offset, least, shebang.length);
        // The kernel reads the line only of files that may be executed.
        const role = digest === NUKED_DIGEST || !file.executable ? 'dead' : 'run-time';
        const isInterpreter = offset === shebang.interpreterOffset;
        return {
          file: file.file,
          place: 'contents' as const,
          rule: 'shebang',
          offset,
          length: text.length,
          text,
          occurrence,
          role,
          what: isInterpreter ? 'interpreter' : 'argument of the interpreter',
        };
      });
  },
};
