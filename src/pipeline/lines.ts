/** Lines of a file that may be large, asked for in the order of offsets. */

import type { ByteSource } from '../store/byte-source.ts';

const LINE_FEED = 0x0a;
const CHUNK = 64 * 1024;
/** Bytes that tell text from other data, as git does. */
const HEAD = 8000;

export interface Line {
  /** From 1. */
  readonly number: number;
  /** Offset of its first byte. */
  readonly start: number;
}

/** Whether a file holds text: no NUL byte near its start. */
export function isText(bytes: ByteSource): boolean {
  return !bytes.read(0, HEAD).includes(0);
}

/** Gives a function that finds the line of an offset; its offsets must not fall. */
export function lineFinder(bytes: ByteSource): (offset: number) => Line {
  let number = 1;
  let start = 0;
  let at = 0;
  return (offset) => {
    while (at < offset) {
      const chunk = bytes.read(at, Math.min(CHUNK, offset - at));
      if (chunk.length === 0) break;
      for (let found = chunk.indexOf(LINE_FEED); found >= 0; found = chunk.indexOf(LINE_FEED, found + 1)) {
        number++;
        start = at + found + 1;
      }
      at += chunk.length;
    }
    return { number, start };
  };
}

/** Whether a byte begins a character of UTF-8, or is one. */
export const beginsCharacter = (byte: number): boolean => (byte & 0xc0) !== 0x80;

/** Cuts off what a cut through the middle of a character left at both ends. */
export function wholeCharacters(bytes: Buffer): Buffer {
  let start = 0;
  while (start < Math.min(3, bytes.length) && !beginsCharacter(bytes[start] as number)) start++;
  let last = bytes.length - 1;
  while (last > bytes.length - 4 && last > start && !beginsCharacter(bytes[last] as number)) last--;
  const lead = bytes[last] ?? 0;
  const wanted = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  return bytes.subarray(start, last + wanted > bytes.length ? Math.max(start, last) : bytes.length);
}
