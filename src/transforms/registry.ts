/** Every transform, one line each. A rule belongs to exactly one transform. */

import { absoluteOnlyTransform } from './absolute-only/transform.ts';
import { aliasTextTransform } from './alias-text/transform.ts';
import { archiveTransform } from './archive/transform.ts';
import { cmakeTransform } from './cmake/transform.ts';
import { dbusTransform } from './dbus/transform.ts';
import type { Derivation } from './derivation.ts';
import { elfTransform } from './elf/transform.ts';
import { fileNameTransform } from './file-name/transform.ts';
import { fishTransform } from './fish/transform.ts';
import { fontconfigTransform } from './fontconfig/transform.ts';
import { ghcTransform } from './ghc/transform.ts';
import { icdTransform } from './icd/transform.ts';
import { javascriptTransform } from './javascript/transform.ts';
import { launcherPlan } from './launcher/transform.ts';
import { linkerScriptTransform } from './linker-script/transform.ts';
import { luaTransform } from './lua/transform.ts';
import { makefileTransform } from './makefile/transform.ts';
import { perlTransform } from './perl/transform.ts';
import { phpTransform } from './php/transform.ts';
import { pkgConfigTransform } from './pkg-config/transform.ts';
import { pythonTransform } from './python/transform.ts';
import { bytecodeHeader } from './python-bytecode/header.ts';
import { pythonBytecodeTransform } from './python-bytecode/transform.ts';
import { packageRecord } from './python-package/record.ts';
import { pythonPackageTransform } from './python-package/transform.ts';
import { rubyTransform } from './ruby/transform.ts';
import { shebangTransform } from './shebang/transform.ts';
import { shellTransform } from './shell/transform.ts';
import { symlinkTransform } from './symlink/transform.ts';
import { systemdTransform } from './systemd/transform.ts';
import { tclTransform } from './tcl/transform.ts';
import type { Transform } from './transform.ts';
import { xmlTransform } from './xml/transform.ts';

export const transforms: readonly Transform[] = [
  elfTransform,
  shebangTransform,
  shellTransform,
  fishTransform,
  pythonTransform,
  pythonBytecodeTransform,
  pythonPackageTransform,
  pkgConfigTransform,
  cmakeTransform,
  ghcTransform,
  makefileTransform,
  linkerScriptTransform,
  xmlTransform,
  dbusTransform,
  systemdTransform,
  icdTransform,
  fontconfigTransform,
  absoluteOnlyTransform,
  javascriptTransform,
  perlTransform,
  phpTransform,
  rubyTransform,
  luaTransform,
  tclTransform,
  symlinkTransform,
  aliasTextTransform,
  archiveTransform,
  fileNameTransform,
];

/** What has to follow when other files of an object are rewritten. */
export const derivations: readonly Derivation[] = [bytecodeHeader, packageRecord];

const byRule = new Map(transforms.flatMap((transform) => transform.rules.map((rule) => [rule, transform] as const)));

/** Plans a file as a whole, whatever rules its sites have; undefined for most files. */
export const wholeFilePlan: typeof launcherPlan = launcherPlan;

/** Plans all sites of a member of an archive. */
export const memberTransform: Transform = archiveTransform;

/** The transform that plans the sites of a rule. */
export function transformOf(rule: string): Transform | undefined {
  return byRule.get(rule);
}
