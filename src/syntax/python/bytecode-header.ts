/** What Python checks before it uses bytecode instead of its source (PEP 552; Lib/importlib/_bootstrap_external.py, `get_code`). */

import { sourceHash } from './source-hash.ts';
import type { PythonVersion } from './versions.ts';

/** Offset of the flags; the time and size, or the hash, stand behind them. */
const FLAGS = 4;
export const CHECKED = 8;
const HASH_BASED = 0b1;

/** A source file as Python sees it. */
export interface SourceState {
  readonly contents: Buffer;
  /** Seconds since the epoch, a whole number. */
  readonly modified: number;
}

/** Whether the header holds a hash of the source, and no time and size. */
export function isHashBased(head: Buffer): boolean {
  return (head.readUInt32LE(FLAGS) & HASH_BASED) !== 0;
}

/** The eight bytes behind the flags, for a source. */
export function checkOf(head: Buffer, version: PythonVersion, { contents, modified }: SourceState): Buffer {
  if (isHashBased(head)) return sourceHash(contents, version);
  const check = Buffer.alloc(8);
  check.writeUInt32LE(modified >>> 0, 0);
  check.writeUInt32LE(contents.length >>> 0, 4);
  return check;
}

/** Whether the bytecode says that it was made from this source. One that goes by the time is believed when the size is right. */
export function isSourceOf(head: Buffer, version: PythonVersion, contents: Buffer): boolean {
  const modified = head.readUInt32LE(CHECKED);
  return checkOf(head, version, { contents, modified }).equals(head.subarray(CHECKED, CHECKED + 8));
}
