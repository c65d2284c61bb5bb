/** File names: store paths that are spelled out by the directories of a tree, such as an image that holds a store. */

import { NUKED_DIGEST } from '../../store/store-path.ts';
import type { Analyzer } from '../analyzer.ts';
import type { Rule } from '../site.ts';

export const fileNameRules = [
  { id: 'file-name', summary: 'The path of a file inside an object spells a store path' },
] as const satisfies readonly Rule[];

export const fileNameAnalyzer: Analyzer = {
  id: 'file-name',
  rules: fileNameRules,
  claims: () => 1,
  sites(file, occurrences) {
    return occurrences.map((occurrence) => {
      const text = `${file.storeDir.path}/${occurrence.baseName}`;
      return {
        file: file.file,
        place: 'file-name' as const,
        rule: 'file-name',
        offset: occurrence.offset,
        length: text.length,
        text,
        occurrence,
        role: occurrence.digest === NUKED_DIGEST ? ('dead' as const) : ('run-time' as const),
        what: 'path of the file inside its object',
      };
    });
  },
};
