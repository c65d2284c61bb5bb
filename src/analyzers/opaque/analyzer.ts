/** Whatever no other analyzer explains: counted, shown, and given a role by where the file lies. */

import { NUKED_DIGEST } from '../../store/store-path.ts';
import { binaryFormat } from '../../syntax/file-format.ts';
import { pathTextAt } from '../../syntax/path-text.ts';
import type { Analyzer } from '../analyzer.ts';
import type { Role, Rule } from '../site.ts';

export const opaqueRules = [
  { id: 'opaque', summary: 'A store path in a file of no format that is understood yet' },
] as const satisfies readonly Rule[];

/** Places that only people read (Filesystem Hierarchy Standard 3.0, "/usr/share"). */
const documentation = /(?:^|\/)share\/(?:man|doc|info|gtk-doc|licenses)\/|\.(?:md|rst|html?|info|[1-9](?:\.gz)?)$/;

/** Files that are read when something else is built, and never by a program at work. */
const buildTime = new RegExp(
  [
    '(?:^|/)nix-support/',
    '(?:^|/)(?:include|lib/pkgconfig|share/pkgconfig|share/aclocal|lib/cmake|share/cmake)/',
    '\\.(?:pc|la|cmake|prl|h|hpp|a|o|m4|mk|gir)$',
    '(?:^|/)lib/python[0-9.]+/config-[^/]*/',
    // What MakeMaker installed: perl reads it to update or remove modules (ExtUtils::Packlist).
    '(?:^|/)\\.packlist$',
  ].join('|'),
);

function roleOf(path: string): Role {
  if (documentation.test(path)) return 'documentation';
  return buildTime.test(path) ? 'build-time' : 'run-time';
}

export const opaqueAnalyzer: Analyzer = {
  id: 'opaque',
  rules: opaqueRules,
  claims: () => 1,
  sites(file, occurrences) {
    const format = binaryFormat(file.head, file.file);
    const role = roleOf(file.file);
    return occurrences.map((occurrence) => {
      const least = file.storeDir.needle.length + occurrence.baseName.length;
      const text = pathTextAt(file.bytes, occurrence.offset, least);
      return {
        file: file.file,
        place: 'contents' as const,
        rule: 'opaque',
        offset: occurrence.offset,
        length: text.length,
        text,
        occurrence,
        role: occurrence.digest === NUKED_DIGEST ? ('dead' as const) : role,
        what: format === undefined ? 'text' : `${format.name} data`,
      };
    });
  },
};
