/** Manual pages, info files and other documents in the places where they are kept. */

import type { Analyzer } from '../analyzer.ts';
import type { Rule } from '../site.ts';
import { isModestText, textSites } from '../text-sites.ts';

export const manualRules = [
  { id: 'manual/path', summary: 'A manual page or other document mentions a store path' },
] as const satisfies readonly Rule[];

/** Filesystem Hierarchy Standard 3.0, "/usr/share"; compressed pages are no text. */
const place =
  /(?:^|\/)(?:share\/)?(?:man\/(?:[^/]+\/)?man[0-9a-z]+\/[^/]+|info\/[^/]+\.info(?:-[0-9]+)?)$|(?:^|\/)share\/(?:doc|gtk-doc|licenses)\//;

export const manualAnalyzer: Analyzer = {
  id: 'manual',
  rules: manualRules,
  // Less than the claims of formats: an example of a script in share/doc is a script.
  claims: (file) => (place.test(file.file) && isModestText(file) ? 20 : 0),
  sites: (file, occurrences) =>
    textSites(file, occurrences, () => ({
      rule: 'manual/path',
      role: 'documentation',
      what: 'text of a document',
      end: file.bytes.size,
    })),
};
