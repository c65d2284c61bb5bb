/** Where a path ends when nothing better is known: at bytes that paths in texts and strings rarely hold. */

import type { ByteSource } from '../store/byte-source.ts';

const ends = new Uint8Array(256);
for (let byte = 0; byte <= 0x20; byte++) ends[byte] = 1;
for (const character of `"'\`:;<>|(){}[],\\$&*!#`) ends[character.charCodeAt(0)] = 1;
ends[0x7f] = 1;

const LONGEST = 4096;

/** The path that starts at `offset`, one character a byte; at most 4096 bytes and not behind `limit`. */
export function pathTextAt(bytes: ByteSource, offset: number, atLeast: number, limit = bytes.size): string {
  const window = bytes.read(offset, Math.min(LONGEST, limit - offset));
  let end = Math.min(atLeast, window.length);
  while (end < window.length && ends[window[end] as number] === 0) end++;
  return window.toString('latin1', 0, end);
}
