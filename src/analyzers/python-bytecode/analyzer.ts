/** Compiled Python: store paths in the constants of code objects, and the path of the source that each of them names. */

import type { Occurrence } from '../../store/scan.ts';
import { isBytecodeFile, readBytecode, type StringPlaces, stringAt } from '../../syntax/python/bytecode.ts';
import type { MarshalString } from '../../syntax/python/marshal.ts';
import { loadPython } from '../../syntax/python/source.ts';
import type { Analyzer } from '../analyzer.ts';
import { type Explanation, literalSites } from '../literal-sites.ts';
import type { Rule } from '../site.ts';

export const pythonBytecodeRules = [
  { id: 'python/bytecode-string', summary: 'A constant in Python bytecode holds an absolute store path' },
  { id: 'python/bytecode-file', summary: 'Python bytecode names its source by an absolute store path' },
] as const satisfies readonly Rule[];

function explanation(string: MarshalString, places: StringPlaces | undefined): Explanation {
  const uses = new Set([...(places?.places.values() ?? [])].flatMap(({ uses: all }) => [...all]));
  const { end } = string;
  const rule = 'python/bytecode-string';
  if (uses.has('other') || uses.size === 0) return { rule, role: 'run-time', what: 'name or table', end };
  if (uses.has('constant') || uses.has('inside')) {
    return { rule, role: 'run-time', what: string.kind === 'text' ? 'string' : 'bytes', end };
  }
  return uses.has('file')
    ? { rule: 'python/bytecode-file', role: 'run-time', what: 'source file', end }
    : { rule, role: 'documentation', what: 'docstring', end };
}

export const pythonBytecodeAnalyzer: Analyzer = {
  id: 'python-bytecode',
  rules: pythonBytecodeRules,
  claims: (file) => (isBytecodeFile(file.file, file.head) ? 95 : 0),
  // Sources tell how a constant is read.
  load: loadPython,
  sites(file, occurrences: readonly Occurrence[]) {
    const reading = readBytecode(file.bytes);
    if ('refused' in reading) {
      const what = reading.refused === 'malformed' ? 'broken bytecode' : 'bytecode of an unknown version';
      return literalSites(file, occurrences, () => ({
        rule: 'python/bytecode-string',
        role: 'run-time',
        what,
        end: file.bytes.size,
      }));
    }
    return literalSites(file, occurrences, ({ offset }) => {
      const string = stringAt(reading, offset);
      return string && explanation(string, reading.uses.get(string));
    });
  },
};
