/**
 * Trees and texts with their digests replaced by others, so that objects of two store directories can be compared:
 * digests differ there, since the store directory is part of a derivation's hash.
 */

import { createHash } from 'node:crypto';
import { openFileSource } from './byte-source.ts';
import { type NarHash, narHasher } from './nar.ts';
import { DIGEST_LENGTH, isBase32Byte } from './store-path.ts';
import { fsPath, type TreeEntry, treeEntries } from './tree.ts';

/** From digests to digests, 32 characters each. */
export type DigestMap = ReadonlyMap<string, string>;

/** Gives bytes as they are after renaming, of the same length. */
export type Rename = (bytes: Buffer) => Buffer;

/** The bytes with every known digest replaced; the same buffer when none occurs. */
export function renameDigests(bytes: Buffer, digests: DigestMap): Buffer {
  let result: Buffer | undefined;
  let at = 0;
  while (at + DIGEST_LENGTH <= bytes.length) {
    let last = at + DIGEST_LENGTH - 1;
    while (last >= at && isBase32Byte(bytes[last] as number)) last--;
    if (last >= at) {
      at = last + 1;
      continue;
    }
    const renamed = digests.get(bytes.toString('latin1', at, at + DIGEST_LENGTH));
    if (renamed === undefined) {
      at++;
      continue;
    }
    result ??= Buffer.from(bytes);
    result.write(renamed, at, 'latin1');
    at += DIGEST_LENGTH;
  }
  return result ?? bytes;
}

/** `renameDigests` for a text of one character a byte. */
export function renameDigestsInText(text: string, digests: DigestMap): string {
  return renameDigests(Buffer.from(text, 'latin1'), digests).toString('latin1');
}

/** An entry with its path, target and contents as they are after renaming. */
export interface RenamedEntry {
  readonly path: string;
  readonly kind: 'directory' | 'symlink' | 'regular';
  readonly executable: boolean;
  /** Of a symlink. */
  readonly target: string;
  /** SHA-256 of a regular file's renamed contents, hexadecimal. */
  readonly contentHash: string;
  /** Physical path of the original, one character a byte. */
  readonly physicalPath: string;
}

interface Node {
  readonly entry: TreeEntry;
  readonly name: string;
  readonly children: Node[];
}

const renameText = (text: string, rename: Rename) => rename(Buffer.from(text, 'latin1')).toString('latin1');

function nodeTree(root: string, rename: Rename): Node {
  const open: Node[] = [];
  let top: Node | undefined;
  for (const entry of treeEntries(root)) {
    if (entry.kind === 'directory-end') {
      // Renaming may change the order of names, and NARs are sorted.
      open.pop()?.children.sort((a, b) => Buffer.compare(Buffer.from(a.name, 'latin1'), Buffer.from(b.name, 'latin1')));
      continue;
    }
    const node: Node = {
      entry,
      name: renameText(entry.path.slice(entry.path.lastIndexOf('/') + 1), rename),
      children: [],
    };
    open.at(-1)?.children.push(node);
    top ??= node;
    if (entry.kind === 'directory') open.push(node);
  }
  return top as Node;
}

/** The renamed contents of a file; whole in memory, as a digest may stand anywhere. */
export function renamedContents(physicalPath: string, rename: Rename): Buffer {
  const source = openFileSource(Buffer.from(physicalPath, 'latin1'));
  try {
    return rename(source.read(0, source.size));
  } finally {
    source.close();
  }
}

export interface RenamedTree {
  readonly narHash: NarHash;
  /** By renamed path, in the order of the NAR. */
  readonly entries: ReadonlyMap<string, RenamedEntry>;
}

/**
 * Reads a tree as it is after renaming: its NAR hash, and what each entry holds.
 *
 * @param root physical path, one character a byte
 * @throws {TreeError} for what cannot be read or may not stand in a NAR.
 */
export function renamedTree(root: string, rename: Rename): RenamedTree {
  const { writer, digest } = narHasher();
  const entries = new Map<string, RenamedEntry>();
  const visit = (node: Node, path: string) => {
    const { entry } = node;
    const physicalPath = fsPath(root, entry.path).toString('latin1');
    const common = { path, executable: false, target: '', contentHash: '', physicalPath };
    if (entry.kind === 'directory') {
      entries.set(path, { ...common, kind: 'directory' });
      writer.directory(path);
      for (const child of node.children) visit(child, path === '' ? child.name : `${path}/${child.name}`);
      writer.directoryEnd(path);
    } else if (entry.kind === 'symlink') {
      const target = renameText(entry.target, rename);
      entries.set(path, { ...common, kind: 'symlink', target });
      writer.symlink(path, target);
    } else if (entry.kind === 'regular') {
      const bytes = renamedContents(physicalPath, rename);
      const contentHash = createHash('sha256').update(bytes).digest('hex');
      entries.set(path, { ...common, kind: 'regular', executable: entry.executable, contentHash });
      writer.regular(path, entry.executable, bytes.length);
      writer.contents(bytes);
      writer.regularEnd();
    }
  };
  visit(nodeTree(root, rename), '');
  return { narHash: digest(), entries };
}
