/** Applies the rewrites of findings to files of the working tree. */

import { lstatSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type BytePath, forFileSystem } from './byte-path.ts';
import { readWhole } from './check-file.ts';
import { checkText, isBinary, type TextSettings } from './check-text.ts';
import type { CheckEdit } from './finding.ts';

/** A rewrite may show the next one; more rounds than these are a defect. */
const MAX_ROUNDS = 10;

/** Edits from the last to the first; those that overlap an earlier one are left for the next round. */
export function applyEdits(text: string, edits: readonly CheckEdit[]): string {
  const sorted = [...edits].sort((a, b) => a.offset - b.offset);
  let result = '';
  let at = 0;
  for (const { offset, length, text: replacement } of sorted) {
    if (offset < at) continue;
    result += text.slice(at, offset) + replacement;
    at = offset + length;
  }
  return result + text.slice(at);
}

/** Rewrites until nothing is left to rewrite. Gives the text and how many findings went. */
export function fixedText(
  path: BytePath,
  text: string,
  settings: TextSettings,
): { readonly text: string; readonly fixed: number } {
  let now = text;
  let fixed = 0;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const findings = checkText(path, now, settings).findings;
    const edits = findings.flatMap(({ fix }) => (fix === undefined ? [] : [fix]));
    if (edits.length === 0) break;
    const next = applyEdits(now, edits.flat());
    const broken = (some: readonly { readonly rule: string }[]) =>
      some.filter(({ rule }) => rule === 'nix/syntax').length;
    // A rewrite that would break the file is worse than the finding.
    if (broken(checkText(path, next, settings).findings) > broken(findings)) break;
    now = next;
    fixed += edits.length;
  }
  return { text: now, fixed };
}

/** Rewrites a file in place; its mode stays, and it is whole at every moment. */
export function fixFile(
  path: BytePath,
  absolute: BytePath,
  settings: TextSettings & { readonly maxFileSize: number },
): number {
  const read = readWhole(absolute, settings.maxFileSize);
  if ('reason' in read || isBinary(read.text)) return 0;
  const { text, fixed } = fixedText(path, read.text, settings);
  if (fixed === 0) return 0;
  const target = forFileSystem(absolute);
  const { mode, nlink } = lstatSync(target);
  const bytes = Buffer.from(text, 'latin1');
  // Links to the file, hard or symbolic, go on naming it.
  if (lstatSync(target).isSymbolicLink() || nlink > 1) {
    writeFileSync(target, bytes);
    return fixed;
  }
  const partial = forFileSystem(`${absolute}.unmoor-${process.pid}`);
  try {
    writeFileSync(partial, bytes, { mode, flag: 'wx' });
    renameSync(partial, target);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
  return fixed;
}
