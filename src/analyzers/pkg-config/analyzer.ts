/** pkg-config files: paths in variables and fields. */

import { NUKED_DIGEST } from '../../store/store-path.ts';
import { pathTextAt } from '../../syntax/path-text.ts';
import { descriptiveFields, type PkgConfigLine, pkgConfigLines } from '../../syntax/pkg-config.ts';
import type { Analyzer } from '../analyzer.ts';
import type { Role, Rule } from '../site.ts';

export const pkgConfigRules = [
  { id: 'pkg-config/path', summary: 'A pkg-config file holds an absolute store path' },
] as const satisfies readonly Rule[];

/** Such files have a few lines; a larger one is something else. Bytes. */
const MAX_SIZE = 1024 * 1024;

function roleOf(line: PkgConfigLine, offset: number): Role {
  const isRead = line.kind !== 'comment' && offset < line.comment && !descriptiveFields.has(line.name);
  return isRead ? 'build-time' : 'documentation';
}

export const pkgConfigAnalyzer: Analyzer = {
  id: 'pkg-config',
  rules: pkgConfigRules,
  claims: (file) => (file.file.endsWith('.pc') && file.bytes.size <= MAX_SIZE && !file.head.includes(0) ? 80 : 0),
  sites(file, occurrences) {
    const lines = pkgConfigLines(file.bytes.read(0, file.bytes.size).toString('latin1'));
    return occurrences.flatMap((occurrence) => {
      const { offset, baseName, digest } = occurrence;
      const line = lines.find(({ start, end }) => offset >= start && offset < end);
      if (line === undefined || line.kind === 'other') return [];
      const text = pathTextAt(file.bytes, offset, file.storeDir.needle.length + baseName.length, line.end);
      return [
        {
          file: file.file,
          place: 'contents' as const,
          rule: 'pkg-config/path',
          offset,
          length: text.length,
          text,
          occurrence,
          role: digest === NUKED_DIGEST ? ('dead' as const) : roleOf(line, offset),
          what: line.kind === 'comment' ? 'comment' : `${line.kind} ${line.name}`,
        },
      ];
    });
  },
};
