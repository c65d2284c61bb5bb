/** Shell scripts: paths in words, strings, here-documents and comments, by the syntax tree. */

import type { ByteSource } from '../../store/byte-source.ts';
import { NUKED_DIGEST } from '../../store/store-path.ts';
import { pathTextAt } from '../../syntax/path-text.ts';
import { readShellScript } from '../../syntax/shell/contexts.ts';
import { shellFile } from '../../syntax/shell/dialect.ts';
import type { PathContext } from '../../syntax/shell/path-context.ts';
import type { Analyzer } from '../analyzer.ts';
import type { Role, Rule } from '../site.ts';

export const shellRules = [
  { id: 'shell/word', summary: 'A word of a shell script holds an absolute store path' },
  { id: 'shell/here-document', summary: 'A here-document of a shell script holds an absolute store path' },
  { id: 'shell/evaluated', summary: 'A string that a shell reads as code later holds an absolute store path' },
  { id: 'shell/comment', summary: 'A comment of a shell script holds an absolute store path' },
] as const satisfies readonly Rule[];

/** Larger scripts are archives with a shell at the front. Bytes. */
const MAX_SIZE = 8 * 1024 * 1024;

function ruleOf(context: PathContext): (typeof shellRules)[number]['id'] {
  if (context.quoting === 'comment') return 'shell/comment';
  if (context.evaluation !== undefined) return 'shell/evaluated';
  return context.quoting.includes('here-document') ? 'shell/here-document' : 'shell/word';
}

/** What stdenv and the wrappers of compilers read when something is built (nixpkgs manual, "Package setup hooks"). */
const buildTime = /(?:^|\/)nix-support\//;

function whatOf({ quoting, what }: PathContext): string {
  const quotes: Partial<Record<PathContext['quoting'], string>> = {
    single: ', single quotes',
    double: ', double quotes',
    'nested-double': ', double quotes',
    'ansi-c': ", $'...'",
    'escaped-backquotes': ', backquotes',
  };
  return `${what}${quotes[quoting] ?? ''}`.replace(/[^\x20-\x7e]/g, '?');
}

function textOf(bytes: ByteSource): string {
  return bytes.read(0, bytes.size).toString('latin1');
}

export const shellAnalyzer: Analyzer = {
  id: 'shell',
  rules: shellRules,
  claims: (file) => (file.bytes.size <= MAX_SIZE ? (shellFile(file.file, file.head, file.executable)?.claim ?? 0) : 0),
  sites(file, occurrences) {
    const offsets = occurrences.map(({ offset }) => offset);
    const text = textOf(file.bytes);
    if (text.includes('\0')) return [];
    const dialect = shellFile(file.file, file.head, file.executable)?.dialect;
    const script = readShellScript(text, offsets, dialect);
    if (script === undefined) return [];
    const role: Role = buildTime.test(file.file) ? 'build-time' : 'run-time';
    return occurrences.flatMap((occurrence) => {
      const { offset, baseName, digest } = occurrence;
      const context = script.contexts.get(offset);
      if (context === undefined) return [];
      const path = pathTextAt(file.bytes, offset, file.storeDir.needle.length + baseName.length);
      return [
        {
          file: file.file,
          place: 'contents' as const,
          rule: ruleOf(context),
          offset,
          length: path.length,
          text: path,
          occurrence,
          role: digest === NUKED_DIGEST ? 'dead' : context.quoting === 'comment' ? 'documentation' : role,
          what: whatOf(context),
        },
      ];
    });
  },
};
