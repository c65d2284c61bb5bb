/** gzip files of one member (RFC 1952), read with a bound, and written again with their header kept. */

import { crc32, inflateRawSync } from 'node:zlib';
import { deflateSync } from 'fflate';

const FIXED_HEADER = 10;
const TRAILER = 8;
const DEFLATE = 8;
const FHCRC = 2;
const FEXTRA = 4;
const FNAME = 8;
const FCOMMENT = 16;
const RESERVED = 0xe0;

export interface Gzip {
  /** Bytes before the compressed data. */
  readonly header: Buffer;
  readonly contents: Buffer;
}

export function isGzip(head: Buffer): boolean {
  return head.length >= FIXED_HEADER && head[0] === 0x1f && head[1] === 0x8b && head[2] === DEFLATE;
}

/** Length of the header in bytes; undefined when it is cut off or has unknown flags. */
function headerLength(bytes: Buffer): number | undefined {
  const flags = bytes[3] as number;
  if ((flags & RESERVED) !== 0) return undefined;
  let at = FIXED_HEADER;
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

/**
 * Unpacks a file of one member.
 *
 * @param limit most bytes of contents
 * @returns undefined for what is broken, larger, has several members, or has bytes behind its end
 */
export function readGzip(bytes: Buffer, limit: number): Gzip | undefined {
  if (!isGzip(bytes)) return undefined;
  const start = headerLength(bytes);
  if (start === undefined) return undefined;
  const data = bytes.subarray(start, bytes.length - TRAILER);
  const contents = inflateWhole(data, limit);
  if (contents === undefined) return undefined;
  const isWhole =
    bytes.readUInt32LE(bytes.length - TRAILER) === crc32(contents) &&
    bytes.readUInt32LE(bytes.length - 4) === contents.length >>> 0;
  return isWhole ? { header: bytes.subarray(0, start), contents } : undefined;
}

/** Unpacks raw deflate data that fills `data` wholly; undefined when it is broken or more than `limit` bytes. */
export function inflateWhole(data: Buffer, limit: number): Buffer | undefined {
  try {
    const result = inflateRawSync(data, { maxOutputLength: Math.max(1, limit), info: true }) as unknown as {
      readonly buffer: Buffer;
      readonly engine: { readonly bytesWritten: number };
    };
    return result.engine.bytesWritten === data.length ? result.buffer : undefined;
  } catch {
    return undefined;
  }
}

/** Deflates with a compressor of our own choice, so that the bytes are the same with every version of Node. */
export function deflate(contents: Buffer): Buffer {
  return Buffer.from(deflateSync(contents, { level: 9 }));
}

/** The file again, with other contents: name, time and operating system stay. */
export function writeGzip({ header }: Gzip, contents: Buffer): Buffer {
  const trailer = Buffer.alloc(TRAILER);
  trailer.writeUInt32LE(crc32(contents), 0);
  trailer.writeUInt32LE(contents.length >>> 0, 4);
  return Buffer.concat([header, deflate(contents), trailer]);
}
