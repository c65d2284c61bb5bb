/**
 * Store paths: `<store directory>/<digest>-<name>`.
 *
 * The alphabet and the characters of a name are those of Nix's libstore (`path.cc`, `base-nix-32`): names hold
 * letters, digits and `+-._?=`, at most 211 of them. Texts here are byte strings: one character is one byte.
 */

/** Nix's base-32 alphabet: no e, o, u, t. Nuked references use `e` on purpose, since no real digest can hold it. */
export const BASE32_ALPHABET = '0123456789abcdfghijklmnpqrsvwxyz';
export const DIGEST_LENGTH = 32;
/** What `nuke-references` puts in place of a digest. */
export const NUKED_DIGEST = 'e'.repeat(DIGEST_LENGTH);
const MAX_NAME_LENGTH = 211;

/** A store directory: an absolute path without trailing slash, and the bytes a scan looks for. */
export interface StoreDir {
  readonly path: string;
  /** `<path>/` as bytes. */
  readonly needle: Buffer;
}

/** A parsed base name of a store object. */
export interface StoreObjectName {
  readonly digest: string;
  readonly name: string;
  readonly baseName: string;
}

const isBase32 = new Uint8Array(256);
for (const character of BASE32_ALPHABET) isBase32[character.charCodeAt(0)] = 1;
const isDigestByte = Uint8Array.from(isBase32);
isDigestByte['e'.charCodeAt(0)] = 2;
const isNameByte = new Uint8Array(256);
for (const character of '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+-._?=') {
  isNameByte[character.charCodeAt(0)] = 1;
}

/** Whether the byte is a digit of Nix's base-32. */
export function isBase32Byte(byte: number): boolean {
  return isBase32[byte] === 1;
}

/** Whether the byte may stand in the name of a store object. */
export function isStoreNameByte(byte: number): boolean {
  return isNameByte[byte] === 1;
}

/**
 * Makes a store directory from an absolute path.
 *
 * @throws {RangeError} when the path is relative, is the root, or holds empty, `.` or `..` components.
 */
export function storeDir(path: string): StoreDir {
  const trimmed = path.replace(/\/+$/, '');
  const components = trimmed.split('/').slice(1);
  if (!trimmed.startsWith('/') || components.some((c) => c === '' || c === '.' || c === '..')) {
    throw new RangeError(
      `not a store directory: '${path}' (an absolute, normalised path is needed, such as /nix/store)`,
    );
  }
  return { path: trimmed, needle: Buffer.from(`${trimmed}/`, 'latin1') };
}

/**
 * Whether 32 bytes at `offset` are a digest: all base-32, or the nuked digest of 32 x `e`.
 * A mix of `e` and base-32 digits is neither.
 */
export function isDigestAt(bytes: Uint8Array, offset: number): boolean {
  if (offset < 0 || offset + DIGEST_LENGTH > bytes.length) return false;
  const kind = isDigestByte[bytes[offset] as number];
  if (kind === 0) return false;
  for (let i = offset + 1; i < offset + DIGEST_LENGTH; i++) {
    if (isDigestByte[bytes[i] as number] !== kind) return false;
  }
  return true;
}

/** Parses `<digest>-<name>`; undefined when it is not the base name of a store object. */
export function parseBaseName(baseName: string): StoreObjectName | undefined {
  const bytes = Buffer.from(baseName, 'latin1');
  if (bytes.length < DIGEST_LENGTH + 2 || bytes.length > DIGEST_LENGTH + 1 + MAX_NAME_LENGTH) return undefined;
  if (!isDigestAt(bytes, 0) || baseName[DIGEST_LENGTH] !== '-') return undefined;
  const name = baseName.slice(DIGEST_LENGTH + 1);
  for (let i = 0; i < name.length; i++) if (!isStoreNameByte(name.charCodeAt(i))) return undefined;
  return { digest: baseName.slice(0, DIGEST_LENGTH), name, baseName };
}

/** Splits an absolute path below the store directory into object and rest (`''` or `/...`); undefined when it is none. */
export function parseStorePath(
  path: string,
  dir: StoreDir,
): { readonly object: StoreObjectName; readonly rest: string } | undefined {
  if (!path.startsWith(`${dir.path}/`)) return undefined;
  const tail = path.slice(dir.path.length + 1);
  const slash = tail.indexOf('/');
  const object = parseBaseName(slash < 0 ? tail : tail.slice(0, slash));
  return object && { object, rest: slash < 0 ? '' : tail.slice(slash) };
}
