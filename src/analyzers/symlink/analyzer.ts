/** Symlinks: hardcoded paths in link targets. The "contents" of a link are its target. */

import { NUKED_DIGEST } from '../../store/store-path.ts';
import type { Analyzer } from '../analyzer.ts';
import type { Rule } from '../site.ts';

export const symlinkRules = [
  { id: 'symlink/target', summary: 'A symbolic link leads to an absolute store path' },
] as const satisfies readonly Rule[];

export const symlinkAnalyzer: Analyzer = {
  id: 'symlink',
  rules: symlinkRules,
  claims: () => 1,
  sites(file, occurrences) {
    const target = file.bytes.read(0, file.bytes.size).toString('latin1');
    return occurrences.map((occurrence) => {
      const text = target.slice(occurrence.offset);
      return {
        file: file.file,
        place: 'link-target' as const,
        rule: 'symlink/target',
        offset: occurrence.offset,
        length: text.length,
        text,
        occurrence,
        role: occurrence.digest === NUKED_DIGEST ? ('dead' as const) : ('run-time' as const),
        what: 'target of a symbolic link',
      };
    });
  },
};
