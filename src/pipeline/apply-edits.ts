/** Streams an entry's bytes through its edits, so that a file of any size takes little memory. */

import type { ByteSource } from '../store/byte-source.ts';
import type { Edit } from '../transforms/transform.ts';
import { InternalError } from './internal-error.ts';

const CHUNK = 1024 * 1024;

/** Size in bytes after the edits. */
export function editedSize(size: number, edits: readonly Edit[]): number {
  return edits.reduce((sum, edit) => sum + edit.replacement.length - edit.expected.length, size);
}

/**
 * Writes the edited bytes, in order, to `write`. Edits are sorted and disjoint.
 *
 * @throws {InternalError} when the file does not hold the bytes that an edit expects.
 */
export function writeEdited(source: ByteSource, edits: readonly Edit[], write: (chunk: Buffer) => void): void {
  let at = 0;
  const copyTo = (end: number) => {
    while (at < end) {
      const chunk = source.read(at, Math.min(CHUNK, end - at));
      if (chunk.length === 0)
        throw new InternalError(`the file ends at ${at}, expected ${end}: it changed while it was read`);
      write(chunk);
      at += chunk.length;
    }
  };
  for (const edit of edits) {
    copyTo(edit.offset);
    const found = source.read(edit.offset, edit.expected.length);
    if (!found.equals(edit.expected)) {
      throw new InternalError(`offset ${edit.offset} does not hold the bytes that were planned for`);
    }
    write(edit.replacement);
    at += edit.expected.length;
  }
  copyTo(source.size);
}

/** The edited bytes of a file that is small enough to be held in memory. */
export function editedBytes(source: ByteSource, edits: readonly Edit[]): Buffer {
  const chunks: Buffer[] = [];
  writeEdited(source, edits, (chunk) => chunks.push(Buffer.from(chunk)));
  return Buffer.concat(chunks);
}
