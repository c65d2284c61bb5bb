/** Every transform, one line each. A rule belongs to exactly one transform. */

import { aliasTextTransform } from './alias-text/transform.ts';
import { archiveTransform } from './archive/transform.ts';
import { elfTransform } from './elf/transform.ts';
import { fileNameTransform } from './file-name/transform.ts';
import { pkgConfigTransform } from './pkg-config/transform.ts';
import { shebangTransform } from './shebang/transform.ts';
import { symlinkTransform } from './symlink/transform.ts';
import type { Transform } from './transform.ts';

export const transforms: readonly Transform[] = [
  elfTransform,
  shebangTransform,
  pkgConfigTransform,
  symlinkTransform,
  aliasTextTransform,
  archiveTransform,
  fileNameTransform,
];

const byRule = new Map(transforms.flatMap((transform) => transform.rules.map((rule) => [rule, transform] as const)));

/** Plans all sites of a member of an archive. */
export const memberTransform: Transform = archiveTransform;

/** The transform that plans the sites of a rule. */
export function transformOf(rule: string): Transform | undefined {
  return byRule.get(rule);
}
