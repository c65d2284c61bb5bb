/**
 * Writing NARs, Nix's canonical archives, and hashing them (Nix manual, "Nix Archive (NAR) format"; Dolstra's thesis,
 * figure 5.2; libutil/archive.cc). Strings are a 64-bit little-endian length, the bytes, and zeros up to a multiple of 8.
 */

import { createHash } from 'node:crypto';
import { basename } from 'node:path/posix';
import { openFileSource } from './byte-source.ts';
import { fsPath, walkTree, withPath } from './tree.ts';

const CHUNK = 1024 * 1024;
const NO_PADDING = Buffer.alloc(0);
const PADDING = Buffer.alloc(8);

function padding(length: number): Buffer {
  return length % 8 === 0 ? NO_PADDING : PADDING.subarray(0, 8 - (length % 8));
}

function lengthPrefix(length: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(length));
  return bytes;
}

/** A string as it stands in a NAR. */
export function narString(text: string | Buffer): Buffer {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'latin1') : text;
  return Buffer.concat([lengthPrefix(bytes.length), bytes, padding(bytes.length)]);
}

const token = (...words: string[]) => Buffer.concat(words.map(narString));
const MAGIC = token('nix-archive-1');
const OPEN_REGULAR = token('(', 'type', 'regular', 'contents');
const OPEN_EXECUTABLE = token('(', 'type', 'regular', 'executable', '', 'contents');
const OPEN_SYMLINK = token('(', 'type', 'symlink', 'target');
const OPEN_DIRECTORY = token('(', 'type', 'directory');
const OPEN_ENTRY = token('entry', '(', 'name');
const NODE = token('node');
const CLOSE = token(')');
const CLOSE_BOTH = token(')', ')');

/**
 * Takes the entries of one tree in the order of `walkTree`, and gives the NAR's bytes.
 * Between `regular` and `regularEnd` the contents are given through `contents`, exactly `size` bytes.
 */
export interface NarWriter {
  directory(path: string): void;
  directoryEnd(path: string): void;
  symlink(path: string, target: string): void;
  regular(path: string, executable: boolean, size: number): void;
  contents(chunk: Buffer): void;
  regularEnd(): void;
}

/** A writer that hands every piece of the NAR to `emit`. */
export function narWriter(emit: (bytes: Buffer) => void): NarWriter {
  let started = false;
  let isRoot = true;
  let size = 0;
  let given = 0;
  const open = (path: string) => {
    if (!started) {
      emit(MAGIC);
      started = true;
    }
    isRoot = path === '';
    if (isRoot) return;
    emit(OPEN_ENTRY);
    emit(narString(Buffer.from(basename(path), 'latin1')));
    emit(NODE);
  };
  const close = (root: boolean) => emit(root ? CLOSE : CLOSE_BOTH);
  return {
    directory(path) {
      open(path);
      emit(OPEN_DIRECTORY);
    },
    directoryEnd(path) {
      close(path === '');
    },
    symlink(path, target) {
      open(path);
      emit(OPEN_SYMLINK);
      emit(narString(target));
      close(isRoot);
    },
    regular(path, executable, length) {
      open(path);
      emit(executable ? OPEN_EXECUTABLE : OPEN_REGULAR);
      emit(lengthPrefix(length));
      size = length;
      given = 0;
    },
    contents(chunk) {
      emit(chunk);
      given += chunk.length;
    },
    regularEnd() {
      if (given !== size) throw new RangeError(`a file of ${size} bytes gave ${given}: it changed while it was read`);
      emit(padding(size));
      close(isRoot);
    },
  };
}

/** `sha256-<base64>`, as `nix hash path` prints it. */
export type NarHash = `sha256-${string}`;

/** A writer that hashes the NAR instead of keeping it. */
export function narHasher(): { readonly writer: NarWriter; digest(): NarHash } {
  const hash = createHash('sha256');
  return {
    writer: narWriter((bytes) => {
      hash.update(bytes);
    }),
    digest: () => `sha256-${hash.digest('base64')}`,
  };
}

/**
 * Writes the NAR of a tree, file by file in chunks of 1 MiB.
 *
 * @param root physical path, one character a byte.
 * @throws {TreeError} for what cannot be read or may not stand in a NAR.
 */
export function writeNar(root: string, emit: (bytes: Buffer) => void): void {
  const writer = narWriter(emit);
  walkTree(root, (entry) => {
    switch (entry.kind) {
      case 'directory':
        return writer.directory(entry.path);
      case 'directory-end':
        return writer.directoryEnd(entry.path);
      case 'symlink':
        return writer.symlink(entry.path, entry.target);
      case 'regular': {
        const full = fsPath(root, entry.path);
        const source = withPath(full.toString('latin1'), () => openFileSource(full));
        try {
          writer.regular(entry.path, entry.executable, source.size);
          for (let at = 0; at < source.size; at += CHUNK) writer.contents(source.read(at, CHUNK));
          writer.regularEnd();
        } finally {
          source.close();
        }
      }
    }
  });
}

/** The NAR hash of a tree, equal to `nix hash path`. */
export function narHashOfTree(root: string): NarHash {
  const hash = createHash('sha256');
  writeNar(root, (bytes) => {
    hash.update(bytes);
  });
  return `sha256-${hash.digest('base64')}`;
}
