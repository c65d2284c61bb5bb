/**
 * bzip2 files, for reading only (Joe Tsai, "BZIP2: Format Specification"): the Burrows-Wheeler transform of blocks, under
 * move-to-front, run lengths and Huffman codes.
 */

import { type BitReader, bitReader, END_OF_BITS } from './bit-reader.ts';
import type { Compressed, Piece } from './compressed.ts';
import { damaged, MOST_PIECES, tooLarge, tooMany, type Unopened, unsupported } from './unopened.ts';

const BLOCK_START = 0x314159265359;
const STREAM_END = 0x177245385090;
const GROUP = 50;
const LONGEST_CODE = 20;
const RUN_B = 1;

export function isBzip2(head: Buffer): boolean {
  if (head.length < 10 || head.toString('latin1', 0, 3) !== 'BZh') return false;
  const magic = head.readUIntBE(4, 6);
  const level = (head[3] as number) - 0x30;
  return level >= 1 && level <= 9 && (magic === BLOCK_START || magic === STREAM_END);
}

/** CRC-32 with its bits the other way round than zlib's. */
const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let i = 0; i < 8; i++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc >>> 0;
});

/** Thrown inside of this module only. */
class Damage extends Error {}

class TooLarge extends Error {}

class TooMany extends Error {}

/** Unpacks all streams. */
export function readBzip2(bytes: Buffer, limit: number): Compressed | Unopened {
  const output: Output = { bytes: Buffer.allocUnsafeSlow(Math.min(limit, 1 << 16)), length: 0, limit };
  const scratch: Scratch = { block: new Uint32Array(0) };
  const pieces: Piece[] = [];
  try {
    for (let at = 0; at < bytes.length; ) {
      if (pieces.length >= MOST_PIECES) return tooMany;
      if (!isBzip2(bytes.subarray(at))) return damaged('other bytes follow the bzip2 data');
      const from = output.length;
      const end = readStream(bytes, at, output, scratch);
      pieces.push({ start: at, end, from, to: output.length });
      at = end;
    }
  } catch (error) {
    if (error instanceof TooLarge) return tooLarge;
    if (error instanceof TooMany) return tooMany;
    if (error === randomized)
      return unsupported('blocks of the bzip2 file are randomized, as by versions before 0.9.5');
    if (error instanceof Damage || error === END_OF_BITS) return damaged('the packed data are broken or cut off');
    throw error;
  }
  return {
    contents: output.bytes.subarray(0, output.length),
    pieces,
    sealed: 'bzip2 files are read, not written',
    pack: (piece) => bytes.subarray(piece.start, piece.end),
  };
}

const randomized = new Error('randomized');

interface Output {
  bytes: Buffer;
  length: number;
  readonly limit: number;
}

function grow(output: Output, wanted: number): void {
  if (wanted > output.limit) throw new TooLarge();
  const bytes = Buffer.allocUnsafeSlow(Math.min(output.limit, Math.max(wanted, 2 * output.bytes.length)));
  output.bytes.copy(bytes, 0, 0, output.length);
  output.bytes = bytes;
}

/** Room for the largest block so far: fresh memory for every small stream would cost more than reading it. */
interface Scratch {
  block: Uint32Array;
}

function readStream(bytes: Buffer, start: number, output: Output, scratch: Scratch): number {
  const size = ((bytes[start + 3] as number) - 0x30) * 100_000;
  const reader = bitReader(bytes, start + 4);
  let sum = 0;
  for (let blocks = 0; ; blocks++) {
    const magic = reader.read(24) * 2 ** 24 + reader.read(24);
    const expected = (reader.read(16) * 2 ** 16 + reader.read(16)) >>> 0;
    if (magic === STREAM_END) {
      if (expected !== sum) throw new Damage();
      return reader.end();
    }
    if (magic !== BLOCK_START) throw new Damage();
    if (blocks >= MOST_PIECES) throw new TooMany();
    if (scratch.block.length < size) scratch.block = new Uint32Array(size);
    const crc = readBlock(reader, scratch.block.subarray(0, size), output);
    if (crc !== expected) throw new Damage();
    sum = (((sum << 1) | (sum >>> 31)) ^ crc) >>> 0;
  }
}

/** Bytes that occur in the block, in order. */
function readSymbols(reader: BitReader): number[] {
  const used = reader.read(16);
  const symbols: number[] = [];
  for (let i = 0; i < 16; i++) {
    if (((used >>> (15 - i)) & 1) === 0) continue;
    const row = reader.read(16);
    for (let j = 0; j < 16; j++) if ((row >>> (15 - j)) & 1) symbols.push(16 * i + j);
  }
  if (symbols.length === 0) throw new Damage();
  return symbols;
}

/** A Huffman code: for each length the largest code and what to subtract from it, and the symbols in the order of codes. */
interface Code {
  readonly limits: Int32Array;
  readonly bases: Int32Array;
  readonly order: Uint16Array;
}

function readCode(reader: BitReader, count: number): Code {
  const lengths = new Uint8Array(count);
  let length = reader.read(5);
  for (let i = 0; i < count; i++) {
    while (reader.read(1) === 1) length += reader.read(1) === 0 ? 1 : -1;
    if (length < 1 || length > LONGEST_CODE) throw new Damage();
    lengths[i] = length;
  }
  const limits = new Int32Array(LONGEST_CODE + 1).fill(-1);
  const bases = new Int32Array(LONGEST_CODE + 1);
  const order = new Uint16Array(count);
  let code = 0;
  let placed = 0;
  for (let bits = 1; bits <= LONGEST_CODE; bits++) {
    code <<= 1;
    bases[bits] = code - placed;
    for (let i = 0; i < count; i++) {
      if (lengths[i] !== bits) continue;
      order[placed++] = i;
      limits[bits] = code++;
    }
  }
  return { limits, bases, order };
}

function readSelectors(reader: BitReader, codes: number): Uint8Array {
  const selectors = new Uint8Array(reader.read(15));
  const front = Array.from({ length: codes }, (_, i) => i);
  for (let i = 0; i < selectors.length; i++) {
    let which = 0;
    while (reader.read(1) === 1) if (++which >= codes) throw new Damage();
    const [chosen] = front.splice(which, 1);
    front.unshift(chosen as number);
    selectors[i] = chosen as number;
  }
  return selectors;
}

/** Reads one block into the output. @returns its checksum */
function readBlock(reader: BitReader, block: Uint32Array, output: Output): number {
  if (reader.read(1) === 1) throw randomized;
  const origin = reader.read(24);
  const front = Uint8Array.from(readSymbols(reader));
  const codeCount = reader.read(3);
  if (codeCount < 2 || codeCount > 6) throw new Damage();
  const selectors = readSelectors(reader, codeCount);
  const codes = Array.from({ length: codeCount }, () => readCode(reader, front.length + 2));
  const counts = new Uint32Array(256);
  const length = readMoved(reader, { selectors, codes, front, block, counts });
  if (origin >= length) throw new Damage();
  return untransform(block, length, origin, counts, output);
}

interface Moved {
  readonly selectors: Uint8Array;
  readonly codes: readonly Code[];
  /** The bytes, the one used last at the front. */
  readonly front: Uint8Array;
  readonly block: Uint32Array;
  readonly counts: Uint32Array;
}

/** Undoes Huffman codes, run lengths and move-to-front. @returns bytes in the block */
function readMoved(reader: BitReader, { selectors, codes, front, block, counts }: Moved): number {
  const last = front.length + 1;
  let length = 0;
  let group = 0;
  let left = 0;
  let run = 0;
  let weight = 1;
  let code: Code | undefined;
  for (;;) {
    if (left === 0) {
      code = codes[selectors[group++] ?? -1];
      left = GROUP;
    }
    if (code === undefined) throw new Damage();
    left--;
    const symbol = readSymbol(reader, code);
    if (symbol <= RUN_B) {
      run += weight << symbol;
      weight <<= 1;
      if (run > block.length) throw new Damage();
      continue;
    }
    if (run > 0) {
      if (length + run > block.length) throw new Damage();
      const byte = front[0] as number;
      block.fill(byte, length, length + run);
      counts[byte] = (counts[byte] as number) + run;
      length += run;
      run = 0;
      weight = 1;
    }
    if (symbol === last) return length;
    if (length >= block.length) throw new Damage();
    const byte = front[symbol - 1] as number;
    front.copyWithin(1, 0, symbol - 1);
    front[0] = byte;
    counts[byte] = (counts[byte] as number) + 1;
    block[length++] = byte;
  }
}

function readSymbol(reader: BitReader, { limits, bases, order }: Code): number {
  let code = 0;
  for (let bits = 1; bits <= LONGEST_CODE; bits++) {
    code = (code << 1) | reader.read(1);
    if (code <= (limits[bits] as number)) {
      const symbol = order[code - (bases[bits] as number)];
      if (symbol === undefined) throw new Damage();
      return symbol;
    }
  }
  throw new Damage();
}

/** Undoes the Burrows-Wheeler transform and the first run lengths: after four equal bytes stands how many follow. */
function untransform(block: Uint32Array, length: number, origin: number, counts: Uint32Array, output: Output): number {
  const starts = new Uint32Array(256);
  for (let byte = 1; byte < 256; byte++) starts[byte] = (starts[byte - 1] as number) + (counts[byte - 1] as number);
  for (let i = 0; i < length; i++) {
    const byte = (block[i] as number) & 0xff;
    const at = starts[byte] as number;
    starts[byte] = at + 1;
    block[at] = (block[at] as number) | (i << 8);
  }
  let crc = -1;
  let entry = block[origin] as number;
  let previous = -1;
  let same = 0;
  for (let i = 0; i < length; i++) {
    entry = block[entry >>> 8] as number;
    const byte = entry & 0xff;
    const repeats = same === 4 ? byte : 1;
    const value = same === 4 ? previous : byte;
    if (output.length + repeats > output.bytes.length) grow(output, output.length + repeats);
    for (let j = 0; j < repeats; j++) {
      output.bytes[output.length++] = value;
      crc = (crc << 8) ^ (crcTable[((crc >>> 24) ^ value) & 0xff] as number);
    }
    same = same === 4 ? 0 : byte === previous ? same + 1 : 1;
    previous = same === 0 ? -1 : byte;
  }
  return ~crc >>> 0;
}
