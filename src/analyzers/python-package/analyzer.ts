/** Files that name places for Python: path configuration, virtual environments, and what installers record of packages. */

import { jsonStrings } from '../../syntax/json-strings.ts';
import { lineAt, logicalLines } from '../../syntax/lines.ts';
import { isRecord, recordRows } from '../../syntax/python/record.ts';
import type { Analyzer, EntryFile } from '../analyzer.ts';
import type { Rule, Site } from '../site.ts';
import { type Explanation, isModestText, textOf, textSites } from '../text-sites.ts';

export const pythonPackageRules = [
  { id: 'python/path-file', summary: 'A path configuration file (.pth) of Python names a directory in the store' },
  { id: 'python/environment', summary: 'A virtual environment of Python (pyvenv.cfg) names its Python in the store' },
  { id: 'python/record', summary: 'The record of an installed Python package names a file by an absolute store path' },
  { id: 'python/direct-url', summary: 'The origin of an installed Python package is an absolute store path' },
] as const satisfies readonly Rule[];

type Explain = (offset: number) => Explanation | undefined;

/** As site.py reads them: comments, lines that are executed, and directories. */
function pathFile(text: string): Explain {
  const lines = logicalLines(text, false);
  return (offset) => {
    const line = lineAt(lines, offset);
    if (line === undefined) return undefined;
    const rule = 'python/path-file';
    // Python 3.13 and later read over a byte order mark.
    const begin = line.start === 0 && text.startsWith('\xef\xbb\xbf') ? 3 : line.start;
    const start = text.slice(begin, begin + 7);
    if (start.startsWith('#')) return { rule, role: 'documentation', what: 'comment', end: line.end };
    if (/^import[ \t]/.test(start)) return { rule, role: 'run-time', what: 'line of code', end: line.end };
    const what = offset === begin ? 'directory' : 'part of a directory';
    return { rule, role: 'run-time', what, end: line.end };
  };
}

/** `key = value`; Python reads `home` (Modules/getpath.py, Lib/site.py), the others tell how the environment was made. */
function environment(text: string): Explain {
  const lines = logicalLines(text, false);
  return (offset) => {
    const line = lineAt(lines, offset);
    if (line === undefined) return undefined;
    const [key = ''] = text.slice(line.start, line.end).split('=');
    const what = key.trim().toLowerCase();
    return { rule: 'python/environment', role: what === 'home' ? 'run-time' : 'documentation', what, end: line.end };
  };
}

function record(text: string): Explain {
  const rows = recordRows(text);
  return (offset) => {
    const row = lineAt(rows, offset);
    if (row === undefined || offset > row.start + 1 || offset >= row.hash.start) return undefined;
    return { rule: 'python/record', role: 'run-time', what: 'file', end: row.hash.start - 1 };
  };
}

function directUrl(text: string): Explain {
  const strings = jsonStrings(text);
  return (offset) => {
    const string = lineAt(strings, offset);
    if (string === undefined) return undefined;
    return { rule: 'python/direct-url', role: 'documentation', what: string.path.join('.'), end: string.end };
  };
}

function readerOf(path: string): ((text: string) => Explain) | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name.endsWith('.pth')) return pathFile;
  if (name === 'pyvenv.cfg') return environment;
  if (isRecord(path)) return record;
  return /\.dist-info\/direct_url\.json$/.test(path) ? directUrl : undefined;
}

export const pythonPackageAnalyzer: Analyzer = {
  id: 'python-package',
  rules: pythonPackageRules,
  claims: (file) => (readerOf(file.file) !== undefined && isModestText(file) ? 80 : 0),
  sites(file: EntryFile, occurrences): readonly Site[] {
    const read = readerOf(file.file);
    return read === undefined ? [] : textSites(file, occurrences, read(textOf(file)));
  },
};
