/** systemd units and their drop-ins: the host's service manager reads them. */

import { keyFileLines } from '../../syntax/key-file.ts';
import { lineAt } from '../../syntax/lines.ts';
import type { Analyzer } from '../analyzer.ts';
import type { Rule } from '../site.ts';
import { isModestText, textOf, textSites } from '../text-sites.ts';

export const systemdRules = [
  { id: 'systemd/command', summary: 'A systemd unit starts a program of the store, or hands a store path to it' },
  { id: 'systemd/path', summary: 'A systemd unit holds an absolute store path' },
] as const satisfies readonly Rule[];

const unit = /\.(?:service|socket|timer|path|mount|automount|swap|target|slice|scope|device)$/;
const dropIn = /\.d\/[^/]+\.conf$/;
const section =
  /^(?:\xef\xbb\xbf)?\[(?:Unit|Service|Socket|Timer|Path|Mount|Automount|Swap|Slice|Scope|Install)\]\s*$/m;

/** Settings that are command lines or assignments, in which specifiers are replaced and a path may hold `..`. */
const commands = /^(?:Exec(?:Condition|Start|StartPre|StartPost|Reload|Stop|StopPre|StopPost)|Environment)$/;

/** Settings that only people read. */
const descriptive = new Set(['Description', 'Documentation']);

/** Whether the line that holds the byte is a comment, alone or between joined lines. */
function isInComment(text: string, offset: number): boolean {
  return /^\s*[#;]/.test(text.slice(text.lastIndexOf('\n', offset) + 1, offset));
}

export const systemdAnalyzer: Analyzer = {
  id: 'systemd',
  rules: systemdRules,
  claims(file) {
    const isUnit = unit.test(file.file) || (dropIn.test(file.file) && file.file.includes('systemd/'));
    return isUnit && isModestText(file) && section.test(file.head.toString('latin1')) ? 70 : 0;
  },
  sites(file, occurrences) {
    // systemd skips a byte order mark at the start (`src/shared/conf-parser.c`, `config_parse`).
    const text = textOf(file).replace(/^\xef\xbb\xbf/, '   ');
    const lines = keyFileLines(text, true);
    return textSites(file, occurrences, (offset) => {
      const line = lineAt(lines, offset);
      if (line === undefined || line.kind === 'other') return undefined;
      if (isInComment(text, offset)) {
        return { rule: 'systemd/path', role: 'documentation', what: 'comment', end: line.end };
      }
      // In a drop-in %Y is the directory of the unit that it belongs to.
      const isCommand = commands.test(line.key) && !dropIn.test(file.file);
      return {
        rule: isCommand ? 'systemd/command' : 'systemd/path',
        role: descriptive.has(line.key) ? 'documentation' : 'run-time',
        what: `setting ${line.key}`,
        end: line.end,
      };
    });
  },
};
