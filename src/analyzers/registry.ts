/** Every analyzer, one line each. Files are offered to those that claim them, the strongest claim first. */

import type { Analyzer } from './analyzer.ts';
import { archiveAnalyzer } from './archive/analyzer.ts';
import { elfAnalyzer } from './elf/analyzer.ts';
import { fileNameAnalyzer } from './file-name/analyzer.ts';
import { opaqueAnalyzer } from './opaque/analyzer.ts';
import { pkgConfigAnalyzer } from './pkg-config/analyzer.ts';
import { shebangAnalyzer } from './shebang/analyzer.ts';
import { symlinkAnalyzer } from './symlink/analyzer.ts';

/** Analyzers of file contents. */
export const contentAnalyzers: readonly Analyzer[] = [elfAnalyzer, shebangAnalyzer, pkgConfigAnalyzer];

/** Explains what no other analyzer did. */
export const catchAllAnalyzer: Analyzer = opaqueAnalyzer;

/** Explains what no other analyzer did in a member of an archive. */
export const memberAnalyzer: Analyzer = archiveAnalyzer;

/** Explains symlink targets. */
export const linkAnalyzer: Analyzer = symlinkAnalyzer;

/** Explains entry names. */
export const nameAnalyzer: Analyzer = fileNameAnalyzer;

/** All of them, for lists of rules. */
export const analyzers: readonly Analyzer[] = [
  ...contentAnalyzers,
  catchAllAnalyzer,
  memberAnalyzer,
  linkAnalyzer,
  nameAnalyzer,
];
