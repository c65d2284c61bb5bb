/** Files of nix-support that hold words, not shell: what the standard environment of Nixpkgs reads when it builds. */

import type { Analyzer } from '../analyzer.ts';
import type { Rule } from '../site.ts';
import { isModestText, textSites } from '../text-sites.ts';

export const nixSupportRules = [
  { id: 'nix-support/path', summary: 'A list in nix-support names a store path' },
] as const satisfies readonly Rule[];

/** Lists of packages, flags of compilers and linkers, paths of the wrapped tools. Not setup-hook and others that are shell. */
const lists = new RegExp(
  [
    '(?:^|/)nix-support/(?:',
    '(?:propagated|native|build|host|target|depsBuild|depsHost|depsTarget)[A-Za-z-]*',
    '|[A-Za-z+-]+-(?:cflags|ldflags|flags)(?:-[a-z]+)?(?:-before)?',
    '|orig-[a-z0-9+-]+|dynamic-linker(?:-m32)?|propagated-user-env-packages',
    '|hydra-build-products|hydra-metrics|hydra-release-name|printed-[a-z-]+',
    ')$',
  ].join(''),
);

export const nixSupportAnalyzer: Analyzer = {
  id: 'nix-support',
  rules: nixSupportRules,
  claims: (file) => (lists.test(file.file) && isModestText(file) ? 80 : 0),
  sites: (file, occurrences) =>
    textSites(file, occurrences, () => ({
      rule: 'nix-support/path',
      role: 'build-time',
      what: file.file.slice(file.file.lastIndexOf('/') + 1),
      end: file.bytes.size,
    })),
};
