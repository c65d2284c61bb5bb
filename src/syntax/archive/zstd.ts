/**
 * zstd files (RFC 8878). The borders of frames are read here, since they are packed one by one; zlib unpacks them, and a
 * compressor of our own choice packs them, so that the bytes are the same with every version of Node.
 */

import { zstdDecompressSync } from 'node:zlib';
import type { Zstd } from '@hpcc-js/wasm-zstd';
import type { Compressed, Packing, Piece } from './compressed.ts';
import { damaged, MOST_PIECES, tooLarge, tooMany, type Unopened, unsupported } from './unopened.ts';

const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;
const CHECKSUM = 4;
const SINGLE_SEGMENT = 0x20;
const RLE = 1;
const RESERVED = 3;
/** Bytes of a block at most; a raw one here. */
const MOST_RAW = 1 << 17;
/** Files in packages are made with level 19, which takes some seconds for a megabyte: large ones get less. */
const LEVEL = 19;
const LARGE = 1 << 22;
const LEVEL_OF_LARGE = 9;

export function isZstd(head: Buffer): boolean {
  return head.length >= 6 && head.readUInt32LE(0) === MAGIC;
}

type Frame = { readonly end: number; readonly skippable: boolean };

/** Where the frame at `start` ends. */
function readFrame(bytes: Buffer, start: number): Frame | Unopened {
  const broken = damaged('a frame of the zstd file is cut off or broken');
  if (start + 8 > bytes.length) return broken;
  const magic = bytes.readUInt32LE(start);
  if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) {
    const end = start + 8 + bytes.readUInt32LE(start + 4);
    return end <= bytes.length ? { end, skippable: true } : broken;
  }
  if (magic !== MAGIC) return damaged('other bytes follow the zstd data');
  const descriptor = bytes[start + 4] as number;
  if ((descriptor & 3) !== 0) return unsupported('the zstd file needs a dictionary');
  const isSingle = (descriptor & SINGLE_SEGMENT) !== 0;
  const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][descriptor >>> 6] as number;
  let at = start + 5 + (isSingle ? 0 : 1) + sizeBytes;
  for (;;) {
    if (at + 3 > bytes.length) return broken;
    const header = bytes.readUIntLE(at, 3);
    const type = (header >>> 1) & 3;
    if (type === RESERVED) return broken;
    at += 3 + (type === RLE ? 1 : header >>> 3);
    if ((header & 1) === 1) break;
  }
  const end = at + ((descriptor & CHECKSUM) !== 0 ? 4 : 0);
  return end <= bytes.length ? { end, skippable: false } : broken;
}

function unpackFrame(frame: Buffer, limit: number): Buffer | Unopened {
  try {
    const contents = zstdDecompressSync(frame, { maxOutputLength: Math.max(1, limit) });
    return contents.length > limit ? tooLarge : contents;
  } catch (error) {
    const isLarge = (error as { readonly code?: string }).code === 'ERR_BUFFER_TOO_LARGE';
    return isLarge ? tooLarge : damaged('the packed data are broken, or need too large a window');
  }
}

/** Unpacks a file of any number of frames. */
export function readZstd(bytes: Buffer, limit: number): Compressed | Unopened {
  const pieces: Piece[] = [];
  const contents: Buffer[] = [];
  let hasOther = false;
  let total = 0;
  for (let at = 0; at < bytes.length; ) {
    if (pieces.length >= MOST_PIECES) return tooMany;
    const frame = readFrame(bytes, at);
    if ('code' in frame) return frame;
    if (frame.skippable) hasOther = true;
    else {
      const unpacked = unpackFrame(bytes.subarray(at, frame.end), limit - total);
      if ('code' in unpacked) return unpacked;
      pieces.push({ start: at, end: frame.end, from: total, to: total + unpacked.length });
      contents.push(unpacked);
      total += unpacked.length;
    }
    at = frame.end;
  }
  return {
    contents: contents.length === 1 ? (contents[0] as Buffer) : Buffer.concat(contents),
    pieces,
    sealed: hasOther ? 'it has frames beside its contents, which may tell where the others lie' : undefined,
    pack: (_piece, after, packing) => packFrame(after, packing),
  };
}

let compressor: Promise<Zstd> | undefined;

/** One frame with the size of its contents, and without a checksum: the compressor makes none. */
async function packFrame(contents: Buffer, packing: Packing): Promise<Buffer> {
  if (packing === 'stored') return rawFrame(contents);
  compressor ??= import('@hpcc-js/wasm-zstd').then((module) => module.Zstd.load());
  return Buffer.from((await compressor).compress(contents, contents.length < LARGE ? LEVEL : LEVEL_OF_LARGE));
}

function rawFrame(contents: Buffer): Buffer {
  const header = Buffer.alloc(9);
  header.writeUInt32LE(MAGIC, 0);
  header[4] = SINGLE_SEGMENT | 0x80;
  header.writeUInt32LE(contents.length, 5);
  const parts: Buffer[] = [header];
  for (let at = 0; at === 0 || at < contents.length; at += MOST_RAW) {
    const data = contents.subarray(at, at + MOST_RAW);
    const isLast = at + MOST_RAW >= contents.length;
    const blockHeader = Buffer.alloc(3);
    blockHeader.writeUIntLE((data.length << 3) | (isLast ? 1 : 0), 0, 3);
    parts.push(blockHeader, data);
  }
  return Buffer.concat(parts);
}
