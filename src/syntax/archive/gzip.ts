/** gzip files (RFC 1952), read with a bound, and written again with their headers kept. */

import { crc32 } from 'node:zlib';
import type { Compressed, Packing, Piece } from './compressed.ts';
import { deflate, inflate } from './deflate.ts';
import { damaged, MOST_PIECES, tooLarge, tooMany, type Unopened } from './unopened.ts';

const FIXED_HEADER = 10;
const TRAILER = 8;
const DEFLATE = 8;
const FHCRC = 2;
const FEXTRA = 4;
const FNAME = 8;
const FCOMMENT = 16;
const RESERVED = 0xe0;

export function isGzip(head: Buffer): boolean {
  return head.length >= FIXED_HEADER && head[0] === 0x1f && head[1] === 0x8b && head[2] === DEFLATE;
}

/** Where the header at `start` ends; undefined when it is cut off or has unknown flags. */
function headerEnd(bytes: Buffer, start: number): number | undefined {
  if (!isGzip(bytes.subarray(start, start + FIXED_HEADER))) return undefined;
  const flags = bytes[start + 3] as number;
  if ((flags & RESERVED) !== 0) return undefined;
  let at = start + FIXED_HEADER;
  if (flags & FEXTRA) {
    if (at + 2 > bytes.length) return undefined;
    at += 2 + bytes.readUInt16LE(at);
  }
  for (const flag of [FNAME, FCOMMENT]) {
    if ((flags & flag) === 0) continue;
    const end = bytes.indexOf(0, at);
    if (end < 0) return undefined;
    at = end + 1;
  }
  if (flags & FHCRC) at += 2;
  return at + TRAILER <= bytes.length ? at : undefined;
}

/** Extra fields that tell where packed blocks lie: dictzip(1), and BGZF (SAM specification, section 4.1). */
const INDEX_FIELDS = ['RA', 'BC'];

function hasIndex(bytes: Buffer, start: number): boolean {
  const flags = bytes[start + 3] as number;
  return (flags & FEXTRA) !== 0 && INDEX_FIELDS.includes(bytes.toString('latin1', start + 12, start + 14));
}

/** Unpacks all members. Zeros may follow the last one, as gzip itself takes them. */
export function readGzip(bytes: Buffer, limit: number): Compressed | Unopened {
  const pieces: Piece[] = [];
  const headers = new Map<Piece, Buffer>();
  const contents: Buffer[] = [];
  let total = 0;
  let at = 0;
  while (at < bytes.length) {
    if (at > 0 && bytes[at] === 0) {
      if (bytes.subarray(at).some((byte) => byte !== 0)) return damaged('other bytes follow the gzip data');
      break;
    }
    const dataStart = headerEnd(bytes, at);
    if (dataStart === undefined) {
      return damaged(at === 0 ? 'the gzip header is broken' : 'other bytes follow the gzip data');
    }
    if (total >= limit && total > 0) return tooLarge;
    if (pieces.length >= MOST_PIECES) return tooMany;
    const data = inflate(bytes.subarray(dataStart), limit - total);
    if ('code' in data) return data;
    const end = dataStart + data.used + TRAILER;
    const isWhole =
      end <= bytes.length &&
      bytes.readUInt32LE(end - TRAILER) === crc32(data.contents) &&
      bytes.readUInt32LE(end - 4) === data.contents.length >>> 0;
    if (!isWhole) return damaged('the gzip data are cut off, or do not agree with their checksum');
    const piece = { start: at, end, from: total, to: total + data.contents.length };
    pieces.push(piece);
    headers.set(piece, bytes.subarray(at, dataStart));
    contents.push(data.contents);
    total = piece.to;
    at = end;
  }
  return {
    contents: contents.length === 1 ? (contents[0] as Buffer) : Buffer.concat(contents),
    pieces,
    sealed: pieces.some(({ start }) => hasIndex(bytes, start)) ? 'its header tells where packed blocks lie' : undefined,
    pack: (piece, after, packing) => packMember(headers.get(piece) as Buffer, after, packing),
  };
}

/** Name, time and operating system stay. */
function packMember(header: Buffer, contents: Buffer, packing: Packing): Buffer {
  const trailer = Buffer.alloc(TRAILER);
  trailer.writeUInt32LE(crc32(contents), 0);
  trailer.writeUInt32LE(contents.length >>> 0, 4);
  return Buffer.concat([header, deflate(contents, packing), trailer]);
}
