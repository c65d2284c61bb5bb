/** GObject introspection: the XML that compilers read, and the typelib that bindings load. */

import { lineAt } from '../../syntax/lines.ts';
import { xmlParts } from '../../syntax/xml.ts';
import type { Analyzer } from '../analyzer.ts';
import type { Rule } from '../site.ts';
import { isModestText, textOf, textSites } from '../text-sites.ts';

export const girRules = [
  { id: 'gir/path', summary: 'Introspection data in XML holds an absolute store path' },
  { id: 'gir/typelib', summary: 'A typelib names its shared library in the store' },
] as const satisfies readonly Rule[];

/** The first bytes of every typelib (girepository/gitypelib-internal.h, `G_IR_MAGIC`). */
const MAGIC = 'GOBJ\nMETADATA\r\n\x1a';

/** Data of large libraries have ten million bytes. */
const MAX_SIZE = 64 * 1024 * 1024;

const isTypelib = (head: Buffer) => head.toString('latin1', 0, MAGIC.length) === MAGIC;

export const girAnalyzer: Analyzer = {
  id: 'gir',
  rules: girRules,
  claims: (file) => (isTypelib(file.head) || (file.file.endsWith('.gir') && isModestText(file, MAX_SIZE)) ? 80 : 0),
  sites(file, occurrences) {
    if (isTypelib(file.head)) {
      const end = file.bytes.size;
      return textSites(file, occurrences, () => ({ rule: 'gir/typelib', role: 'run-time', what: 'string', end }));
    }
    const parts = xmlParts(textOf(file));
    return textSites(file, occurrences, (offset) => {
      const part = lineAt(parts, offset);
      if (part === undefined) return undefined;
      const { kind, tag, end } = part;
      const name = tag?.attributes.find(({ start, end: last }) => offset >= start && offset < last)?.name;
      const isRead = kind === 'tag' && name === 'shared-library';
      return {
        rule: 'gir/path',
        role: isRead ? 'build-time' : 'documentation',
        what:
          kind === 'comment' ? 'comment' : kind === 'tag' ? `attribute ${name ?? ''}` : `element ${tag?.name ?? ''}`,
        end,
      };
    });
  },
};
