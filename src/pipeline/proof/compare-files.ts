/** Two versions of one file, side by side: where they differ, and how to show it. */

import { createTwoFilesPatch } from 'diff';

/** Offset of the first differing byte; undefined when the bytes are equal. */
export function firstDifference(left: Buffer, right: Buffer): number | undefined {
  const shorter = Math.min(left.length, right.length);
  if (left.subarray(0, shorter).equals(right.subarray(0, shorter))) {
    return left.length === right.length ? undefined : shorter;
  }
  // Narrow down by halves, so that big files are compared at memory speed.
  let from = 0;
  let to = shorter;
  while (to - from > 1) {
    const middle = from + ((to - from) >> 1);
    if (left.subarray(from, middle).equals(right.subarray(from, middle))) from = middle;
    else to = middle;
  }
  return from;
}

/** Texts larger than this are shown as bytes. */
const MAX_TEXT = 512 * 1024;
const MAX_SHOWN = 4000;
const HEX_WIDTH = 16;
const HEX_LINES = 3;

const isText = (bytes: Buffer) => bytes.length <= MAX_TEXT && !bytes.includes(0);

function hexLines(bytes: Buffer, offset: number): string {
  const start = Math.max(0, offset - (offset % HEX_WIDTH));
  const lines: string[] = [];
  for (let at = start; at < Math.min(bytes.length, start + HEX_LINES * HEX_WIDTH); at += HEX_WIDTH) {
    const row = bytes.subarray(at, at + HEX_WIDTH);
    const hex = [...row].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const plain = row.toString('latin1').replace(/[^\x20-\x7e]/g, '.');
    lines.push(`${at.toString(16).padStart(8, '0')}  ${hex.padEnd(HEX_WIDTH * 3 - 1)}  ${plain}`);
  }
  return lines.length === 0 ? `${offset.toString(16).padStart(8, '0')}  (the file ends here)` : lines.join('\n');
}

/** Both sides for people: a unified diff of texts, hexadecimal around the first difference of other bytes. */
export function showSides(left: Buffer, right: Buffer, offset: number): string {
  if (isText(left) && isText(right)) {
    const decoded = (bytes: Buffer) => bytes.toString('utf8');
    const patch = createTwoFilesPatch('left', 'right', decoded(left), decoded(right), '', '', {
      context: 1,
      maxEditLength: 2000,
    });
    if (patch !== undefined && patch.length <= MAX_SHOWN) return patch.replace(/^=+\n/, '').trimEnd();
  }
  return `left\n${hexLines(left, offset)}\nright\n${hexLines(right, offset)}`;
}

/** Whether both hold the same bytes in another order, line by line, blank by blank or byte by byte. */
export function isReordered(left: Buffer, right: Buffer): boolean {
  if (left.length !== right.length) return false;
  for (const separator of [/\n/, /\s+/, /[\s:;,]+/]) {
    const words = (bytes: Buffer) => bytes.toString('latin1').split(separator).sort().join('\n');
    if (words(left) === words(right)) return true;
  }
  return false;
}
