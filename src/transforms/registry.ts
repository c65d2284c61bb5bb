/** Every transform, one line each. A rule belongs to exactly one transform. */

import { aliasTextTransform } from './alias-text/transform.ts';
import { elfTransform } from './elf/transform.ts';
import { fileNameTransform } from './file-name/transform.ts';
import { javascriptTransform } from './javascript/transform.ts';
import { luaTransform } from './lua/transform.ts';
import { perlTransform } from './perl/transform.ts';
import { pkgConfigTransform } from './pkg-config/transform.ts';
import { rubyTransform } from './ruby/transform.ts';
import { shebangTransform } from './shebang/transform.ts';
import { symlinkTransform } from './symlink/transform.ts';
import { tclTransform } from './tcl/transform.ts';
import type { Transform } from './transform.ts';

export const transforms: readonly Transform[] = [
  elfTransform,
  shebangTransform,
  pkgConfigTransform,
  javascriptTransform,
  perlTransform,
  rubyTransform,
  luaTransform,
  tclTransform,
  symlinkTransform,
  aliasTextTransform,
  fileNameTransform,
];

const byRule = new Map(transforms.flatMap((transform) => transform.rules.map((rule) => [rule, transform] as const)));

/** The transform that plans the sites of a rule. */
export function transformOf(rule: string): Transform | undefined {
  return byRule.get(rule);
}
