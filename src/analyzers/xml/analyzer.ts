/** XML of no vocabulary that has an analyzer of its own, such as the schemas of GSettings. */

import { lineAt } from '../../syntax/lines.ts';
import { xmlParts } from '../../syntax/xml.ts';
import type { Analyzer, EntryFile } from '../analyzer.ts';
import type { Rule } from '../site.ts';
import { isModestText, textOf, textSites } from '../text-sites.ts';

export const xmlRules = [
  { id: 'xml/path', summary: 'An XML file holds an absolute store path' },
] as const satisfies readonly Rule[];

/** Elements that describe a setting to people (GLib's gschema.dtd). */
const descriptive = new Set(['summary', 'description']);

function isXml(file: EntryFile): boolean {
  const head = file.head.toString('latin1');
  return /^(?:\xef\xbb\xbf)?\s*<\?xml\s/.test(head) || (file.file.endsWith('.xml') && /^\s*</.test(head));
}

export const xmlAnalyzer: Analyzer = {
  id: 'xml',
  rules: xmlRules,
  claims: (file) => (isXml(file) && isModestText(file) ? 30 : 0),
  sites(file, occurrences) {
    const parts = xmlParts(textOf(file));
    return textSites(file, occurrences, (offset) => {
      const part = lineAt(parts, offset);
      if (part === undefined) return undefined;
      const { kind, tag, end } = part;
      const isRead = kind === 'tag' || kind === 'declaration' || (kind === 'text' && !descriptive.has(tag?.name ?? ''));
      return {
        rule: 'xml/path',
        role: isRead ? 'run-time' : 'documentation',
        what: kind === 'tag' ? `tag ${tag?.name ?? ''}` : kind === 'text' ? `element ${tag?.name ?? ''}` : kind,
        end,
      };
    });
  },
};
