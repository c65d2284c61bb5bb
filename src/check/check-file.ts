/** Reads and checks files of the working tree. */

import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { type BytePath, decoded, forFileSystem } from './byte-path.ts';
import { type CheckedText, checkText, isBinary, type TextSettings } from './check-text.ts';
import type { Skipped } from './finding.ts';

export interface FileSettings extends TextSettings {
  /** In bytes. */
  readonly maxFileSize: number;
}

export type CheckedFile = CheckedText & { readonly skipped?: Skipped };

const NOTHING: CheckedText = { findings: [], silenced: 0 };

/** Checks one file, or the given text in its place. */
export function checkFile(
  path: BytePath,
  absolute: BytePath,
  given: string | undefined,
  settings: FileSettings,
): CheckedFile {
  const skip = (reason: Skipped['reason']): CheckedFile => ({ ...NOTHING, skipped: { path: decoded(path), reason } });
  let text = given;
  if (text === undefined) {
    const result = readWhole(absolute, settings.maxFileSize);
    if ('reason' in result) return skip(result.reason);
    text = result.text;
  } else if (text.length > settings.maxFileSize) return skip('too large');
  if (isBinary(text)) return skip('binary');
  return checkText(path, text, settings);
}

type Whole = { readonly text: string } | { readonly reason: Skipped['reason'] };

/** The text of a file, latin1, or why it is not looked at. */
export function readWhole(absolute: BytePath, maxFileSize: number): Whole {
  let file: number | undefined;
  try {
    file = openSync(forFileSystem(absolute), 'r');
    const stat = fstatSync(file);
    if (!stat.isFile()) return { reason: 'unreadable' };
    if (stat.size > maxFileSize) return { reason: 'too large' };
    return { text: readFileSync(file, 'latin1') };
  } catch {
    return { reason: 'unreadable' };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
