/**
 * A set of digests to look for in bytes: Nix's reference scan. Like Nix (libstore/references.cc) it looks at the last
 * byte of each window of 32 first, so that most bytes of binary data are never read.
 */

import { DIGEST_LENGTH, isBase32Byte } from './store-path.ts';

const base32 = Uint8Array.from({ length: 256 }, (_, byte) => (isBase32Byte(byte) ? 1 : 0));

/** The first four bytes, as a number; a cheap first look. */
function keyAt(bytes: Buffer, at: number): number {
  return (
    ((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)
  );
}

export interface DigestSet {
  readonly size: number;
  has(digest: string): boolean;
  /** Adds those digests of this set to `found` that occur in the bytes. */
  findIn(bytes: Buffer, found: Set<string>): void;
}

/** Makes a set from digests of 32 base-32 characters each. */
export function digestSet(digests: Iterable<string>): DigestSet {
  const all = new Set(digests);
  const firsts = new Set<number>();
  for (const digest of all) firsts.add(keyAt(Buffer.from(digest, 'latin1'), 0));
  return {
    size: all.size,
    has: (digest) => all.has(digest),
    findIn(bytes, found) {
      if (all.size === 0) return;
      const end = bytes.length - DIGEST_LENGTH;
      let at = 0;
      while (at <= end) {
        let last = at + DIGEST_LENGTH - 1;
        while (last >= at && base32[bytes[last] as number] === 1) last--;
        if (last >= at) {
          at = last + 1;
          continue;
        }
        if (firsts.has(keyAt(bytes, at))) {
          const digest = bytes.toString('latin1', at, at + DIGEST_LENGTH);
          if (all.has(digest)) found.add(digest);
        }
        at++;
      }
    },
  };
}
