/** Every analyzer, one line each. Files are offered to those that claim them, the strongest claim first. */

import type { Analyzer } from './analyzer.ts';
import { archiveAnalyzer, archiveHeaderAnalyzer } from './archive/analyzer.ts';
import { cmakeAnalyzer } from './cmake/analyzer.ts';
import { dbusAnalyzer } from './dbus/analyzer.ts';
import { desktopAnalyzer } from './desktop/analyzer.ts';
import { elfAnalyzer } from './elf/analyzer.ts';
import { fileNameAnalyzer } from './file-name/analyzer.ts';
import { fishAnalyzer } from './fish/analyzer.ts';
import { fontconfigAnalyzer } from './fontconfig/analyzer.ts';
import { gdkPixbufAnalyzer } from './gdk-pixbuf/analyzer.ts';
import { ghcAnalyzer } from './ghc/analyzer.ts';
import { girAnalyzer } from './gir/analyzer.ts';
import { hostConfigAnalyzer } from './host-config/analyzer.ts';
import { icdAnalyzer } from './icd/analyzer.ts';
import { javascriptAnalyzer } from './javascript/analyzer.ts';
import { libtoolAnalyzer } from './libtool/analyzer.ts';
import { linkerScriptAnalyzer } from './linker-script/analyzer.ts';
import { luaAnalyzer } from './lua/analyzer.ts';
import { makefileAnalyzer } from './makefile/analyzer.ts';
import { manualAnalyzer } from './manual/analyzer.ts';
import { nixSupportAnalyzer } from './nix-support/analyzer.ts';
import { opaqueAnalyzer } from './opaque/analyzer.ts';
import { perlAnalyzer } from './perl/analyzer.ts';
import { phpAnalyzer } from './php/analyzer.ts';
import { pkgConfigAnalyzer } from './pkg-config/analyzer.ts';
import { pythonAnalyzer } from './python/analyzer.ts';
import { pythonBytecodeAnalyzer } from './python-bytecode/analyzer.ts';
import { pythonPackageAnalyzer } from './python-package/analyzer.ts';
import { rubyAnalyzer } from './ruby/analyzer.ts';
import { shebangAnalyzer } from './shebang/analyzer.ts';
import { shellAnalyzer } from './shell/analyzer.ts';
import { symlinkAnalyzer } from './symlink/analyzer.ts';
import { systemdAnalyzer } from './systemd/analyzer.ts';
import { tclAnalyzer } from './tcl/analyzer.ts';
import { xmlAnalyzer } from './xml/analyzer.ts';

/** Analyzers of file contents. */
export const contentAnalyzers: readonly Analyzer[] = [
  elfAnalyzer,
  shebangAnalyzer,
  shellAnalyzer,
  fishAnalyzer,
  pythonAnalyzer,
  pythonBytecodeAnalyzer,
  pythonPackageAnalyzer,
  pkgConfigAnalyzer,
  cmakeAnalyzer,
  libtoolAnalyzer,
  nixSupportAnalyzer,
  fontconfigAnalyzer,
  icdAnalyzer,
  desktopAnalyzer,
  systemdAnalyzer,
  dbusAnalyzer,
  hostConfigAnalyzer,
  gdkPixbufAnalyzer,
  makefileAnalyzer,
  linkerScriptAnalyzer,
  manualAnalyzer,
  girAnalyzer,
  ghcAnalyzer,
  xmlAnalyzer,
  javascriptAnalyzer,
  perlAnalyzer,
  phpAnalyzer,
  rubyAnalyzer,
  luaAnalyzer,
  tclAnalyzer,
];

/** Explains what no other analyzer did. */
export const catchAllAnalyzer: Analyzer = opaqueAnalyzer;

/** Explains what no other analyzer did in a member of an archive. */
export const memberAnalyzer: Analyzer = archiveAnalyzer;

/** Explains what stands in an archive and in none of its members. */
export const headerAnalyzer: Analyzer = archiveHeaderAnalyzer;

/** Explains symlink targets. */
export const linkAnalyzer: Analyzer = symlinkAnalyzer;

/** Explains entry names. */
export const nameAnalyzer: Analyzer = fileNameAnalyzer;

/** All of them, for lists of rules. */
export const analyzers: readonly Analyzer[] = [
  ...contentAnalyzers,
  catchAllAnalyzer,
  memberAnalyzer,
  headerAnalyzer,
  linkAnalyzer,
  nameAnalyzer,
];
