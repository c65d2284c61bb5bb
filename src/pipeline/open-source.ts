/** Opens regular files for reading, many small ones quickly. */

import { type ByteSource, bufferSource, openFileSource } from '../store/byte-source.ts';
import { withPath } from '../store/tree.ts';

/** Reads whole files up to this size at once, in bytes. */
const SMALL = 4 * 1024 * 1024;

export interface OpenedSource {
  readonly source: ByteSource;
  close(): void;
}

/** Buffers for small files, used again and again: fresh memory for each file costs more than reading it. */
const idle: Buffer[] = [];

/**
 * The source of a small file is valid until it is closed.
 *
 * @param path physical, one character a byte
 * @param size in bytes, as the walk found it
 * @throws {Error} with the path in its message when the file cannot be read
 */
export function openSource(path: string, size: number): OpenedSource {
  return withPath(path, () => {
    const file = openFileSource(Buffer.from(path, 'latin1'));
    if (size > SMALL) return { source: file, close: () => file.close() };
    const buffer = idle.pop() ?? Buffer.allocUnsafeSlow(SMALL);
    try {
      const bytes = file.size > SMALL ? file.read(0, file.size) : file.readInto(buffer);
      return { source: bufferSource(bytes), close: () => idle.push(buffer) };
    } finally {
      file.close();
    }
  });
}
