/** Entries of GHC's package databases. */

import { ghcPackageFields } from '../../syntax/ghc-package.ts';
import { lineAt } from '../../syntax/lines.ts';
import type { Analyzer } from '../analyzer.ts';
import type { Rule } from '../site.ts';
import { isModestText, textOf, textSites } from '../text-sites.ts';

export const ghcRules = [
  { id: 'ghc/directory', summary: "A GHC package's entry names a directory or file in the store" },
  { id: 'ghc/path', summary: "A GHC package's entry holds an absolute store path" },
] as const satisfies readonly Rule[];

/** Fields in which GHC replaces `${pkgroot}` at the start of an element (GHC.Unit.Database, `mungeUnitInfoPaths`). */
const directories = new Set([
  'import-dirs',
  'include-dirs',
  'library-dirs',
  'dynamic-library-dirs',
  'framework-dirs',
  'haddock-interfaces',
  'haddock-html',
]);

/** Fields that only people read. */
const descriptive = new Set(['description', 'synopsis', 'author', 'homepage', 'copyright', 'maintainer']);

export const ghcAnalyzer: Analyzer = {
  id: 'ghc',
  rules: ghcRules,
  claims: (file) => (/(?:^|\/)[^/]*package\.conf\.d\/[^/]+\.conf$/.test(file.file) && isModestText(file) ? 80 : 0),
  sites(file, occurrences) {
    const text = textOf(file);
    const fields = ghcPackageFields(text);
    return textSites(file, occurrences, (offset) => {
      const field = lineAt(fields, offset);
      if (field === undefined) return undefined;
      // Elements are separated by blanks and commas, and may stand between double quotes.
      const isElement = /[\s,":]/.test(text[offset - 1] ?? '');
      return {
        rule: directories.has(field.name) && isElement ? 'ghc/directory' : 'ghc/path',
        role: descriptive.has(field.name) ? 'documentation' : 'build-time',
        what: `field ${field.name}`,
        end: field.end,
      };
    });
  },
};
