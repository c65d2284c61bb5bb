/**
 * Reading NARs, strictly: what is not canonical is refused (libutil/archive.cc, parseDump). Offsets in messages are
 * bytes from the start of the archive.
 */

import type { ByteSource } from './byte-source.ts';

export type NarEntry =
  | { readonly kind: 'directory'; readonly path: string }
  | {
      readonly kind: 'regular';
      /** Relative to the root, `''` for the root itself; one character a byte. */
      readonly path: string;
      readonly executable: boolean;
      readonly size: number;
      /** Where the contents begin in the archive. */
      readonly offset: number;
    }
  | { readonly kind: 'symlink'; readonly path: string; readonly target: string }
  | { readonly kind: 'directory-end'; readonly path: string };

/** An archive that is no canonical NAR. */
export class NarError extends Error {
  override readonly name = 'NarError';
  readonly offset: number;

  constructor(offset: number, reason: string) {
    super(`malformed NAR at offset ${offset}: ${reason}`);
    this.offset = offset;
  }
}

/** Names and tokens are short; targets may have PATH_MAX bytes. */
const MAX_STRING = 4096;
/** Deeper trees cannot be made by path on Linux (PATH_MAX / 2). */
const MAX_DEPTH = 2048;

/**
 * Reads an archive and visits its entries in order, a directory closed by its `directory-end`.
 *
 * @throws {NarError} for anything that `nix-store --restore` would not take, and for bytes behind the end.
 */
export function readNar(source: ByteSource, visit: (entry: NarEntry) => void): void {
  let at = 0;
  const word = (): number => {
    const bytes = source.read(at, 8);
    if (bytes.length < 8) throw new NarError(at, 'the archive ends early');
    const value = bytes.readBigUInt64LE();
    if (value > BigInt(source.size))
      throw new NarError(at, `a length of ${value} bytes in an archive of ${source.size}`);
    at += 8;
    return Number(value);
  };
  const skipPadding = (length: number) => {
    const count = (8 - (length % 8)) % 8;
    const bytes = source.read(at, count);
    if (bytes.length < count) throw new NarError(at, 'the archive ends early');
    if (bytes.some((byte) => byte !== 0)) throw new NarError(at, 'padding that is not zero');
    at += count;
  };
  const text = (): string => {
    const start = at;
    const length = word();
    if (length > MAX_STRING) throw new NarError(start, `a name of ${length} bytes`);
    const bytes = source.read(at, length);
    if (bytes.length < length) throw new NarError(at, 'the archive ends early');
    at += length;
    skipPadding(length);
    return bytes.toString('latin1');
  };
  const expectToken = (...tokens: string[]) => {
    for (const token of tokens) {
      const start = at;
      const found = text();
      if (found !== token) throw new NarError(start, `'${found}' where '${token}' belongs`);
    }
  };

  const regular = (path: string) => {
    let executable = false;
    let start = at;
    let token = text();
    if (token === 'executable') {
      expectToken('');
      executable = true;
      start = at;
      token = text();
    }
    let size = 0;
    let offset = at;
    if (token === 'contents') {
      size = word();
      offset = at;
      if (offset + size > source.size) throw new NarError(offset, 'the archive ends inside a file');
      at += size;
      skipPadding(size);
      expectToken(')');
    } else if (token !== ')') {
      throw new NarError(start, `'${token}' in a regular file`);
    }
    visit({ kind: 'regular', path, executable, size, offset });
  };

  const directory = (path: string, depth: number) => {
    visit({ kind: 'directory', path });
    let last = '';
    for (;;) {
      const start = at;
      const token = text();
      if (token === ')') break;
      if (token !== 'entry') throw new NarError(start, `'${token}' in a directory`);
      expectToken('(', 'name');
      const name = text();
      if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name))
        throw new NarError(start, `the name '${name}'`);
      if (name <= last) throw new NarError(start, `the name '${name}' is out of order`);
      last = name;
      expectToken('node');
      node(path === '' ? name : `${path}/${name}`, depth + 1);
      expectToken(')');
    }
    visit({ kind: 'directory-end', path });
  };

  const node = (path: string, depth: number): void => {
    if (depth > MAX_DEPTH) throw new NarError(at, 'directories are nested too deeply');
    expectToken('(', 'type');
    const start = at;
    const type = text();
    if (type === 'regular') {
      regular(path);
    } else if (type === 'directory') {
      directory(path, depth);
    } else if (type === 'symlink') {
      expectToken('target');
      const target = text();
      expectToken(')');
      visit({ kind: 'symlink', path, target });
    } else {
      throw new NarError(start, `the file type '${type}'`);
    }
  };

  expectToken('nix-archive-1');
  node('', 0);
  if (at !== source.size) throw new NarError(at, `${source.size - at} bytes behind the end of the archive`);
}
