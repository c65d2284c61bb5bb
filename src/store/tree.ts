/** The tree walk: every entry below a path, in the order of the NAR format (names sorted bytewise), links never followed. */

import { type Dirent, lstatSync, readdirSync, readlinkSync } from 'node:fs';

/** Identity of a file with more than one name: `<device>:<inode>`. */
export type HardLinkId = string;

export type TreeEntry =
  | { readonly kind: 'directory'; readonly path: string }
  | {
      readonly kind: 'regular';
      /** Relative to the walked path, without leading slash; `''` for the walked path itself. One character a byte. */
      readonly path: string;
      readonly executable: boolean;
      /** Bytes. */
      readonly size: number;
      readonly hardLink: HardLinkId | undefined;
      /** Permission bits, setuid and setgid included. */
      readonly mode: number;
    }
  | { readonly kind: 'symlink'; readonly path: string; readonly target: string }
  | { readonly kind: 'directory-end'; readonly path: string };

/** An entry that no tree may hold, or that cannot be read. */
export class TreeError extends Error {
  override readonly name = 'TreeError';
  /** Physical path, one character a byte. */
  readonly path: string;

  constructor(path: string, reason: string, cause?: unknown) {
    super(`${path}: ${reason}`, { cause });
    this.path = path;
  }

  /** The same error again, from its message, after it crossed a thread. */
  static revive(message: string, path: string): TreeError {
    return new TreeError(path, message.slice(path.length + 2));
  }
}

/** The path to hand to the file system for a path of one character a byte. */
export function fsPath(root: string, path: string): Buffer {
  return Buffer.from(path === '' ? root : `${root}/${path}`, 'latin1');
}

function explainSystemError(path: string, error: unknown): TreeError {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  const reasons: Record<string, string> = {
    ENOENT: 'no such file or directory',
    EACCES: 'permission denied',
    ELOOP: 'too many symbolic links',
    ENAMETOOLONG: 'the path is too long',
    EIO: 'input/output error',
  };
  return new TreeError(path, reasons[code] ?? code, error);
}

/** Calls a file system function; its error becomes a `TreeError` that names the path. */
export function withPath<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof TreeError || (error as NodeJS.ErrnoException).code === undefined) throw error;
    throw explainSystemError(path, error);
  }
}

/**
 * `root` and everything below it, depth first; a directory is closed by its `directory-end`.
 *
 * @param root physical path, one character a byte.
 * @throws {TreeError} for sockets, fifos, devices, and what cannot be read.
 */
export function* treeEntries(root: string, path = ''): Generator<TreeEntry, void, void> {
  const full = fsPath(root, path);
  const shown = full.toString('latin1');
  const stat = withPath(shown, () => lstatSync(full));
  if (stat.isSymbolicLink()) {
    yield { kind: 'symlink', path, target: withPath(shown, () => readlinkSync(full, { encoding: 'latin1' })) };
  } else if (stat.isFile()) {
    yield {
      kind: 'regular',
      path,
      // Nix looks at the owner's bit alone (libutil/archive.cc).
      executable: (stat.mode & 0o100) !== 0,
      size: stat.size,
      hardLink: stat.nlink > 1 ? `${stat.dev}:${stat.ino}` : undefined,
      mode: stat.mode & 0o7777,
    };
  } else if (stat.isDirectory()) {
    yield { kind: 'directory', path };
    const entries: Dirent<Buffer>[] = withPath(shown, () =>
      readdirSync(full, { withFileTypes: true, encoding: 'buffer' }),
    );
    const names = entries.map((entry) => entry.name).sort(Buffer.compare);
    for (const name of names) {
      yield* treeEntries(root, path === '' ? name.toString('latin1') : `${path}/${name.toString('latin1')}`);
    }
    yield { kind: 'directory-end', path };
  } else {
    throw new TreeError(
      shown,
      'is a socket, fifo or device; a store object holds only files, directories and symlinks',
    );
  }
}

/** Visits the entries of `treeEntries`. */
export function walkTree(root: string, visit: (entry: TreeEntry) => void): void {
  for (const entry of treeEntries(root)) visit(entry);
}
