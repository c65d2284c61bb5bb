/**
 * Where a processed object goes: nowhere (an audit), or into a new directory (a relocation). Written files get Nix's
 * canonical metadata: mtime 1, mode 0444 or 0555 (Nix: libstore/local-store.cc, canonicalisePathMetaData).
 */

import {
  chmodSync,
  closeSync,
  fchmodSync,
  futimesSync,
  linkSync,
  lutimesSync,
  mkdirSync,
  openSync,
  symlinkSync,
  utimesSync,
  writeSync,
} from 'node:fs';

export interface FileSink {
  write(chunk: Buffer): void;
  close(): void;
}

export interface ObjectSink {
  directory(path: string): void;
  /** Opens a new regular file. */
  regular(path: string, executable: boolean): FileSink;
  /** Makes `path` a hard link to `existing`, which this sink has written before. */
  hardLink(path: string, existing: string): void;
  symlink(path: string, target: string): void;
  /** Call last: directories get their final mode and mtime. */
  finish(): void;
}

/** Seconds since the epoch. */
export const CANONICAL_MTIME = 1;

const nowhere: FileSink = { write() {}, close() {} };

/** Throws everything away. */
export const discard: ObjectSink = {
  directory() {},
  regular: () => nowhere,
  hardLink() {},
  symlink() {},
  finish() {},
};

/** Writes below `root` (which is made); paths are relative to it, one character a byte. */
export function directorySink(root: string): ObjectSink {
  const at = (path: string) => Buffer.from(path === '' ? root : `${root}/${path}`, 'latin1');
  const directories: Buffer[] = [];
  return {
    directory(path) {
      const full = at(path);
      mkdirSync(full, 0o755);
      directories.push(full);
    },
    regular(path, executable) {
      const fd = openSync(at(path), 'wx', 0o600);
      return {
        write(chunk) {
          for (let done = 0; done < chunk.length; ) done += writeSync(fd, chunk, done);
        },
        close() {
          fchmodSync(fd, executable ? 0o555 : 0o444);
          futimesSync(fd, CANONICAL_MTIME, CANONICAL_MTIME);
          closeSync(fd);
        },
      };
    },
    hardLink(path, existing) {
      linkSync(at(existing), at(path));
    },
    symlink(path, target) {
      const full = at(path);
      symlinkSync(Buffer.from(target, 'latin1'), full);
      lutimesSync(full, CANONICAL_MTIME, CANONICAL_MTIME);
    },
    finish() {
      for (const directory of directories.reverse()) {
        chmodSync(directory, 0o555);
        utimesSync(directory, CANONICAL_MTIME, CANONICAL_MTIME);
      }
    },
  };
}
