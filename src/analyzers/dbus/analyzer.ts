/** D-Bus: service files and the configuration of the bus, which the host's dbus-daemon reads. */

import { keyFileLines } from '../../syntax/key-file.ts';
import { lineAt } from '../../syntax/lines.ts';
import { xmlParts } from '../../syntax/xml.ts';
import type { Analyzer, EntryFile } from '../analyzer.ts';
import type { Rule } from '../site.ts';
import { type Explanation, isModestText, textOf, textSites } from '../text-sites.ts';

export const dbusRules = [
  { id: 'dbus/service', summary: 'A D-Bus service file holds an absolute store path' },
  { id: 'dbus/file', summary: 'A D-Bus configuration file names a file or directory in the store' },
  { id: 'dbus/path', summary: 'A D-Bus configuration file holds an absolute store path' },
] as const satisfies readonly Rule[];

/** Elements whose text is a path that may be relative to the file. */
const files = new Set(['include', 'includedir', 'servicedir', 'servicehelper']);

function serviceExplainer(file: EntryFile): (offset: number) => Explanation | undefined {
  const lines = keyFileLines(textOf(file), false);
  return (offset) => {
    const line = lineAt(lines, offset);
    if (line === undefined || line.kind === 'other') return undefined;
    const isComment = line.kind === 'comment';
    return {
      rule: 'dbus/service',
      role: isComment ? 'documentation' : 'run-time',
      what: isComment ? 'comment' : `key ${line.key}`,
      end: line.end,
    };
  };
}

function configExplainer(file: EntryFile): (offset: number) => Explanation | undefined {
  const parts = xmlParts(textOf(file));
  return (offset) => {
    const part = lineAt(parts, offset);
    if (part === undefined) return undefined;
    const { kind, tag, start, end } = part;
    if (kind === 'comment' || kind === 'declaration')
      return { rule: 'dbus/path', role: 'documentation', what: kind, end };
    const isFile = kind === 'text' && offset === start && files.has(tag?.name ?? '');
    const what = kind === 'text' ? `element ${tag?.name ?? ''}` : `attribute of ${tag?.name ?? ''}`;
    return { rule: isFile ? 'dbus/file' : 'dbus/path', role: 'run-time', what, end };
  };
}

const isService = (head: string) => /^\[D-BUS Service\]\s*$/m.test(head);
const isConfig = (head: string) => head.includes('<busconfig');

export const dbusAnalyzer: Analyzer = {
  id: 'dbus',
  rules: dbusRules,
  claims(file) {
    const head = file.head.toString('latin1');
    const mine = (file.file.endsWith('.service') && isService(head)) || isConfig(head);
    return mine && isModestText(file) ? 80 : 0;
  },
  sites(file, occurrences) {
    const explainer = isConfig(file.head.toString('latin1')) ? configExplainer : serviceExplainer;
    return textSites(file, occurrences, explainer(file));
  },
};
