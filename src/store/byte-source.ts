/** Random access to the bytes of one file, so that analyzers can look into huge files without loading them. */

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

export interface ByteSource {
  /** Bytes in total. */
  readonly size: number;
  /**
   * The bytes `[offset, offset + length)`, clipped to the file's end; never longer than asked for.
   * The caller must not write into the result.
   */
  read(offset: number, length: number): Buffer;
}

/** A source over bytes that are in memory already. */
export function bufferSource(bytes: Buffer): ByteSource {
  return {
    size: bytes.length,
    read: (offset, length) => bytes.subarray(Math.min(offset, bytes.length), Math.min(offset + length, bytes.length)),
  };
}

/** A source over an open file. Close it when done. */
export interface FileSource extends ByteSource {
  /** Reads the whole file into a buffer that is large enough; the result lies in it. */
  readInto(buffer: Buffer): Buffer;
  close(): void;
}

const CACHE_BLOCK = 256 * 1024;

/**
 * Opens a file for random access; keeps one block of 256 KiB in memory.
 *
 * @throws the file system's error (ENOENT, EACCES ...).
 */
export function openFileSource(path: Buffer | string): FileSource {
  const fd = openSync(path, 'r');
  const size = fstatSync(fd).size;
  let blockStart = 0;
  let block: Buffer = Buffer.alloc(0);
  const readAt = (offset: number, length: number): Buffer => {
    const wanted = Math.max(0, Math.min(length, size - offset));
    return fill(Buffer.allocUnsafe(wanted), offset, wanted);
  };
  const fill = (buffer: Buffer, offset: number, wanted: number): Buffer => {
    let done = 0;
    while (done < wanted) {
      const count = readSync(fd, buffer, done, wanted - done, offset + done);
      if (count === 0) break;
      done += count;
    }
    return buffer.subarray(0, done);
  };
  return {
    size,
    readInto: (buffer) => fill(buffer, 0, Math.min(size, buffer.length)),
    read(offset, length) {
      if (length > CACHE_BLOCK) return readAt(offset, length);
      if (offset < blockStart || offset + length > blockStart + block.length) {
        blockStart = offset;
        block = readAt(offset, CACHE_BLOCK);
      }
      return block.subarray(offset - blockStart, offset - blockStart + length);
    },
    close: () => closeSync(fd),
  };
}
