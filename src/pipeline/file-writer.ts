/** Writes the regular files of one object: to the disk and into the NAR at once, names of one inode as one file. */

import type { ByteSource } from '../store/byte-source.ts';
import type { NarWriter } from '../store/nar.ts';
import type { TreeEntry } from '../store/tree.ts';
import type { Edit } from '../transforms/transform.ts';
import { editedSize, writeEdited } from './apply-edits.ts';
import type { ObjectSink } from './sink.ts';

export type RegularEntry = Extract<TreeEntry, { kind: 'regular' }>;

/** Files without edits are copied in pieces of so many bytes. */
const CHUNK = 1024 * 1024;

/** @param writes whether the sink is a directory: else the bytes go into the NAR only */
export function fileWriter(
  nar: NarWriter,
  sink: ObjectSink,
  writes: boolean,
): (entry: RegularEntry, source: ByteSource, edits: readonly Edit[]) => void {
  /** First path of each inode, with the edits that were made there: names of one inode stay one only if these agree. */
  const inodes = new Map<string, { readonly path: string; readonly edits: readonly Edit[] }>();
  return (entry, source, edits) => {
    nar.regular(entry.path, entry.executable, editedSize(source.size, edits));
    const first = entry.hardLink === undefined ? undefined : inodes.get(entry.hardLink);
    const linked = first !== undefined && sameEdits(first.edits, edits);
    if (entry.hardLink !== undefined && first === undefined) inodes.set(entry.hardLink, { path: entry.path, edits });
    if (linked) sink.hardLink(entry.path, first.path);
    const file = linked || !writes ? undefined : sink.regular(entry.path, entry.executable);
    const write = (chunk: Buffer) => {
      nar.contents(chunk);
      file?.write(chunk);
    };
    try {
      if (edits.length > 0) writeEdited(source, edits, write);
      else for (let at = 0; at < source.size; at += CHUNK) write(source.read(at, CHUNK));
    } finally {
      file?.close();
    }
    nar.regularEnd();
  };
}

function sameEdits(a: readonly Edit[], b: readonly Edit[]): boolean {
  return (
    a.length === b.length &&
    a.every((edit, i) => edit.offset === b[i]?.offset && edit.replacement.equals((b[i] as Edit).replacement))
  );
}
