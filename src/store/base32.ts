/** Nix's base-32 and the folding of hashes to a digest's 160 bits (Nix libutil/hash.cc: printHash32, compressHash). */

import { BASE32_ALPHABET } from './store-path.ts';

/** Encodes bytes: the last five bits first. 20 bytes make 32 characters. */
export function toBase32(bytes: Uint8Array): string {
  const length = Math.ceil((bytes.length * 8) / 5);
  let text = '';
  for (let n = length - 1; n >= 0; n--) {
    const bit = n * 5;
    const byte = Math.floor(bit / 8);
    const shift = bit % 8;
    const value = ((bytes[byte] ?? 0) >> shift) | ((bytes[byte + 1] ?? 0) << (8 - shift));
    text += BASE32_ALPHABET[value & 31];
  }
  return text;
}

/** Folds a hash to `size` bytes by exclusive or. */
export function compressHash(hash: Uint8Array, size = 20): Uint8Array {
  const folded = new Uint8Array(size);
  for (const [i, byte] of hash.entries()) folded[i % size] = (folded[i % size] as number) ^ byte;
  return folded;
}

/**
 * Decodes what `toBase32` encoded.
 *
 * @param size bytes of the result
 * @throws {RangeError} for a character that is no base-32 digit.
 */
export function fromBase32(text: string, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (const [i, character] of [...text].reverse().entries()) {
    const digit = BASE32_ALPHABET.indexOf(character);
    if (digit < 0) throw new RangeError(`'${character}' is no digit of base-32`);
    const bit = i * 5;
    const byte = Math.floor(bit / 8);
    const shift = bit % 8;
    bytes[byte] = (bytes[byte] ?? 0) | ((digit << shift) & 0xff);
    if (byte + 1 < size) bytes[byte + 1] = (bytes[byte + 1] as number) | (digit >> (8 - shift));
  }
  return bytes;
}
