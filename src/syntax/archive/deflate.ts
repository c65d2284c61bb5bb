/** Raw deflate (RFC 1951): unpacked by zlib with a bound, packed by a compressor of our own choice. */

import { inflateRawSync } from 'node:zlib';
import { deflateSync } from 'fflate';
import type { Packing } from './compressed.ts';
import { damaged, tooLarge, type Unopened } from './unopened.ts';

export interface Inflated {
  readonly contents: Buffer;
  /** Bytes of `data` that were used. */
  readonly used: number;
}

/** Unpacks the deflate stream at the start of `data`, to at most `limit` bytes. */
export function inflate(data: Buffer, limit: number): Inflated | Unopened {
  try {
    const result = inflateRawSync(data, { maxOutputLength: Math.max(1, limit), info: true }) as unknown as {
      readonly buffer: Buffer;
      readonly engine: { readonly bytesWritten: number };
    };
    if (result.buffer.length > limit) return tooLarge;
    return { contents: result.buffer, used: result.engine.bytesWritten };
  } catch (error) {
    const isLarge = (error as { readonly code?: string }).code === 'ERR_BUFFER_TOO_LARGE';
    return isLarge ? tooLarge : damaged('the packed data are broken');
  }
}

/** The bytes are the same with every version of Node. */
export function deflate(contents: Buffer, packing: Packing): Buffer {
  return Buffer.from(deflateSync(contents, { level: packing === 'stored' ? 0 : 9 }));
}
