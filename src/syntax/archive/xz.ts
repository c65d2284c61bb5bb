/** xz files (XZ Utils, "The .xz File Format", version 1.2.1): streams of blocks under LZMA2, read strictly. */

import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Compressed, Packing, Piece } from './compressed.ts';
import { crc64 } from './crc64.ts';
import { decodeLzma2 } from './lzma-decoder.ts';
import { encodeLzma2, storeLzma2 } from './lzma-encoder.ts';
import { damaged, MOST_PIECES, tooLarge, tooMany, type Unopened, unsupported } from './unopened.ts';

const MAGIC = Buffer.from('\xfd7zXZ\x00', 'latin1');
const HEADER_SIZE = 12;
const FOOTER_SIZE = 12;
const LZMA2 = 0x21;

const le32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
};

/** Checks of a block's contents by their number in the stream flags. */
const checks: ReadonlyMap<number, (contents: Buffer) => Buffer> = new Map([
  [0, () => Buffer.alloc(0)],
  [1, (contents: Buffer) => le32(crc32(contents))],
  [4, crc64],
  [10, (contents: Buffer) => createHash('sha256').update(contents).digest()],
]);

export function isXz(head: Buffer): boolean {
  return head.subarray(0, MAGIC.length).equals(MAGIC);
}

interface Varint {
  readonly value: number;
  readonly end: number;
}

/** Up to 2^53: no file is larger. */
function varint(bytes: Buffer, start: number): Varint | undefined {
  let value = 0;
  for (let i = 0; i < 8; i++) {
    const byte = bytes[start + i];
    if (byte === undefined || (i > 0 && byte === 0)) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return Number.isSafeInteger(value) ? { value, end: start + i + 1 } : undefined;
  }
  return undefined;
}

function toVarint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  for (; left >= 0x80; left = Math.floor(left / 0x80)) bytes.push((left % 0x80) | 0x80);
  return Buffer.from([...bytes, left]);
}

interface BlockHeader {
  readonly end: number;
  readonly dictionaryByte: number;
  readonly packedSize: number | undefined;
  readonly size: number | undefined;
}

/** What the property byte of LZMA2 says, bytes. */
const dictionarySize = (byte: number) => (byte === 40 ? 2 ** 32 - 1 : (2 | (byte & 1)) * 2 ** ((byte >>> 1) + 11));

function readBlockHeader(bytes: Buffer, start: number): BlockHeader | Unopened {
  const end = start + ((bytes[start] as number) + 1) * 4;
  if (end > bytes.length || bytes.readUInt32LE(end - 4) !== crc32(bytes.subarray(start, end - 4))) {
    return damaged('a block header of the xz file is broken');
  }
  const flags = bytes[start + 1] as number;
  let at = start + 2;
  const sizes: (number | undefined)[] = [];
  for (const flag of [0x40, 0x80]) {
    const read = (flags & flag) === 0 ? undefined : varint(bytes, at);
    if ((flags & flag) !== 0 && read === undefined) return damaged('a block header of the xz file is broken');
    at = read?.end ?? at;
    sizes.push(read?.value);
  }
  const isPlain = (flags & 0x3f) === 0 && bytes[at] === LZMA2 && bytes[at + 1] === 1;
  if (!isPlain) return unsupported('the xz file uses filters beside LZMA2');
  const dictionaryByte = bytes[at + 2] as number;
  const padding = bytes.subarray(at + 3, end - 4);
  if (dictionaryByte > 40 || padding.some((byte) => byte !== 0))
    return damaged('a block header of the xz file is broken');
  return { end, dictionaryByte, packedSize: sizes[0], size: sizes[1] };
}

interface Block {
  readonly contents: Buffer;
  readonly unpaddedSize: number;
  readonly end: number;
  readonly dictionaryByte: number;
}

const padded = (size: number) => Math.ceil(size / 4) * 4;

function readBlock(bytes: Buffer, start: number, check: (contents: Buffer) => Buffer, limit: number): Block | Unopened {
  const header = readBlockHeader(bytes, start);
  if ('code' in header) return header;
  if ((header.size ?? 0) > limit) return tooLarge;
  const data = decodeLzma2(bytes, header.end, limit, dictionarySize(header.dictionaryByte));
  if (data === 'too-large') return tooLarge;
  if (data === 'damaged') return damaged('the packed data are broken');
  const { contents, end: dataEnd } = data;
  const checkStart = header.end + padded(dataEnd - header.end);
  const sum = check(contents);
  const end = checkStart + sum.length;
  const agrees =
    (header.packedSize ?? dataEnd - header.end) === dataEnd - header.end &&
    (header.size ?? contents.length) === contents.length &&
    bytes.subarray(dataEnd, checkStart).every((byte) => byte === 0) &&
    bytes.subarray(checkStart, end).equals(sum);
  if (!agrees) return damaged('a size or checksum does not agree with the contents');
  const unpaddedSize = dataEnd - start + sum.length;
  return { contents, unpaddedSize, end, dictionaryByte: header.dictionaryByte };
}

/** Index and footer of a stream, for its blocks. */
function ending(blocks: readonly Pick<Block, 'contents' | 'unpaddedSize'>[], flags: Buffer): Buffer {
  const records = blocks.flatMap(({ contents, unpaddedSize }) => [toVarint(unpaddedSize), toVarint(contents.length)]);
  const bare = Buffer.concat([Buffer.from([0]), toVarint(blocks.length), ...records]);
  const index = Buffer.concat([bare, Buffer.alloc(padded(bare.length) - bare.length)]);
  const backward = Buffer.concat([le32((index.length + 4) / 4 - 1), flags]);
  return Buffer.concat([index, le32(crc32(index)), le32(crc32(backward)), backward, Buffer.from('YZ')]);
}

interface Stream {
  readonly contents: readonly Buffer[];
  readonly end: number;
  readonly style: Style;
}

/** What stays of a stream that is packed again. */
interface Style {
  readonly flags: Buffer;
  readonly dictionaryByte: number;
}

function readStream(bytes: Buffer, start: number, limit: number): Stream | Unopened {
  const flags = bytes.subarray(start + 6, start + 8);
  const isHeader =
    start + HEADER_SIZE + FOOTER_SIZE <= bytes.length &&
    isXz(bytes.subarray(start)) &&
    bytes.readUInt32LE(start + 8) === crc32(flags);
  if (!isHeader) return damaged('a stream header of the xz file is broken');
  const check = flags[0] === 0 ? checks.get(flags[1] as number) : undefined;
  if (check === undefined) return unsupported('the xz file uses a check that is not known');
  const blocks: Block[] = [];
  let left = limit;
  let at = start + HEADER_SIZE;
  while (bytes[at] !== 0) {
    if (at >= bytes.length) return damaged('the xz file is cut off');
    if (blocks.length >= MOST_PIECES) return tooMany;
    const block = readBlock(bytes, at, check, left);
    if ('code' in block) return block;
    blocks.push(block);
    left -= block.contents.length;
    at = block.end;
  }
  const rest = ending(blocks, flags);
  if (!bytes.subarray(at, at + rest.length).equals(rest)) return damaged('the index of the xz file does not agree');
  return {
    contents: blocks.map(({ contents }) => contents),
    end: at + rest.length,
    style: { flags, dictionaryByte: Math.max(0, ...blocks.map(({ dictionaryByte }) => dictionaryByte)) },
  };
}

/** Unpacks an xz file of any number of streams. */
export function readXz(bytes: Buffer, limit: number): Compressed | Unopened {
  const pieces: Piece[] = [];
  const styles = new Map<Piece, Style>();
  const contents: Buffer[] = [];
  let total = 0;
  let at = 0;
  while (at < bytes.length) {
    // Between streams there may be zeros, four at a time.
    if (at > 0 && at + 4 <= bytes.length && bytes.readUInt32LE(at) === 0) {
      at += 4;
      continue;
    }
    if (contents.length + pieces.length >= MOST_PIECES) return tooMany;
    const stream = readStream(bytes, at, limit - total);
    if ('code' in stream) return stream;
    const size = stream.contents.reduce((sum, { length }) => sum + length, 0);
    const piece = { start: at, end: stream.end, from: total, to: total + size };
    pieces.push(piece);
    styles.set(piece, stream.style);
    contents.push(...stream.contents);
    total += size;
    at = stream.end;
  }
  return {
    contents: contents.length === 1 ? (contents[0] as Buffer) : Buffer.concat(contents),
    pieces,
    pack: (piece, after, packing) => packStream(after, styles.get(piece) as Style, packing),
  };
}

/** A stream of one block. */
function packStream(contents: Buffer, { flags, dictionaryByte }: Style, packing: Packing): Buffer {
  const header = Buffer.concat([MAGIC, flags, le32(crc32(flags))]);
  const bare = Buffer.from([2, 0, LZMA2, 1, dictionaryByte, 0, 0, 0]);
  const blockHeader = Buffer.concat([bare, le32(crc32(bare))]);
  const data = packing === 'stored' ? storeLzma2(contents) : encodeLzma2(contents, dictionarySize(dictionaryByte));
  const sum = checks.get(flags[1] as number)?.(contents) as Buffer;
  const unpaddedSize = blockHeader.length + data.length + sum.length;
  const padding = Buffer.alloc(padded(data.length) - data.length);
  return Buffer.concat([header, blockHeader, data, padding, sum, ending([{ contents, unpaddedSize }], flags)]);
}
