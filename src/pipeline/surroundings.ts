/** What stands around a site, for people who read a report: line and column in texts, and the bytes beside it. */

import type { Site } from '../analyzers/site.ts';
import type { ByteSource } from '../store/byte-source.ts';
import { beginsCharacter, isText, lineFinder, wholeCharacters } from './lines.ts';

/** Texts of one character a byte. */
export interface Surroundings {
  /** From 1; in texts only. */
  readonly line?: number;
  /** Characters from 1. */
  readonly column?: number;
  readonly before: string;
  readonly after: string;
}

/** Bytes that are shown on each side. */
const REACH = 96;

const isPrintable = (byte: number) => byte >= 0x20 && byte < 0x7f;

/** Looks around each site of a file's contents. Sites come in the order of their offsets. */
export function surroundingsOf(bytes: ByteSource, sites: readonly Site[]): Surroundings[] {
  return isText(bytes) ? inText(bytes, sites) : sites.map((site) => inBinary(bytes, site));
}

function inText(bytes: ByteSource, sites: readonly Site[]): Surroundings[] {
  const lineOf = lineFinder(bytes);
  // Columns are counted on from the site before on the same line: lines may be megabytes long.
  let counted = { line: 0, offset: 0, column: 1 };
  return sites.map(({ offset, length }) => {
    const { number, start } = lineOf(offset);
    if (counted.line !== number) counted = { line: number, offset: start, column: 1 };
    const column = counted.column + characters(bytes, counted.offset, offset);
    counted = { line: number, offset, column };
    const from = Math.max(start, offset - REACH);
    const before = wholeCharacters(bytes.read(from, offset - from));
    const rest = bytes.read(offset + length, REACH);
    const end = rest.indexOf(0x0a);
    const after = end < 0 ? wholeCharacters(rest) : rest.subarray(0, rest[end - 1] === 0x0d ? end - 1 : end);
    return { line: number, column, before: before.toString('latin1'), after: after.toString('latin1') };
  });
}

const CHUNK = 64 * 1024;

function characters(bytes: ByteSource, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at += CHUNK) {
    for (const byte of bytes.read(at, Math.min(CHUNK, to - at))) if (beginsCharacter(byte)) count++;
  }
  return count;
}

function inBinary(bytes: ByteSource, { offset, length, text }: Site): Surroundings {
  // A path that stands in pieces has other bytes beside it.
  if (bytes.read(offset, length).toString('latin1') !== text) return { before: '', after: '' };
  const from = Math.max(0, offset - REACH);
  const head = bytes.read(from, offset - from);
  const tail = bytes.read(offset + length, REACH);
  const end = tail.findIndex((byte) => !isPrintable(byte));
  return {
    before: head.toString('latin1', head.findLastIndex((byte) => !isPrintable(byte)) + 1),
    after: tail.toString('latin1', 0, end < 0 ? tail.length : end),
  };
}
