/** XML of no vocabulary that has an analyzer of its own, such as the schemas of GSettings. */

import { lineAt } from '../../syntax/lines.ts';
import { type XmlPart, xmlParts } from '../../syntax/xml.ts';
import type { Analyzer, EntryFile } from '../analyzer.ts';
import type { Rule } from '../site.ts';
import { isModestText, textOf, textSites } from '../text-sites.ts';

export const xmlRules = [
  { id: 'xml/catalog', summary: 'An XML catalog leads to a file or directory in the store' },
  { id: 'xml/path', summary: 'An XML file holds an absolute store path' },
] as const satisfies readonly Rule[];

/** Attributes of a catalog that are addresses (OASIS XML Catalogs 1.1, "6. An XML Catalog Entity"). */
const addresses = new Set(['uri', 'catalog', 'rewritePrefix']);

const CATALOG = 'urn:oasis:names:tc:entity:xmlns:xml:catalog';

/** Whether the path is an address of a catalog from its start, or behind the scheme `file://`. */
function isAddress(text: string, { kind, tag }: XmlPart, offset: number): boolean {
  if (kind !== 'tag') return false;
  const attribute = tag?.attributes.find(({ start, end }) => offset >= start && offset < end);
  if (attribute === undefined || !addresses.has(attribute.name)) return false;
  return ['', 'file://'].includes(text.slice(attribute.start, offset));
}

/** Elements that describe a setting to people (GLib's gschema.dtd). */
const descriptive = new Set(['summary', 'description']);

function isXml(file: EntryFile): boolean {
  if (/\.x?html?$/.test(file.file)) return false;
  const head = file.head.toString('latin1');
  return /^(?:\xef\xbb\xbf)?\s*<\?xml\s/.test(head) || (file.file.endsWith('.xml') && /^\s*</.test(head));
}

export const xmlAnalyzer: Analyzer = {
  id: 'xml',
  rules: xmlRules,
  // Less than the claim of documents: XML in share/doc is one.
  claims: (file) => (isXml(file) && isModestText(file) ? 15 : 0),
  sites(file, occurrences) {
    const text = textOf(file);
    const parts = xmlParts(text);
    // Another base makes addresses relative to something else.
    const isCatalog = text.includes(CATALOG) && !text.includes('xml:base');
    return textSites(file, occurrences, (offset) => {
      const part = lineAt(parts, offset);
      if (part === undefined) return undefined;
      const { kind, tag, end } = part;
      const isRead = kind === 'tag' || kind === 'declaration' || (kind === 'text' && !descriptive.has(tag?.name ?? ''));
      return {
        rule: isCatalog && isAddress(text, part, offset) ? 'xml/catalog' : 'xml/path',
        role: isRead ? 'run-time' : 'documentation',
        what: kind === 'tag' ? `tag ${tag?.name ?? ''}` : kind === 'text' ? `element ${tag?.name ?? ''}` : kind,
        end,
      };
    });
  },
};
