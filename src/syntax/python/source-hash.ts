/**
 * The hash of a source that bytecode is checked against (PEP 552; CPython Python/import.c, `_imp.source_hash`): SipHash
 * with the magic number as its key. Words of 64 bits are kept in two halves, for speed.
 */

import type { PythonVersion } from './versions.ts';

/** Numbers at even places are low halves, the next ones high halves. */
type State = Uint32Array;

const HIGH = 0xffffffff;

/** v[a] += v[b] */
function add(v: State, a: number, b: number): void {
  const low = (v[a] as number) + (v[b] as number);
  v[a + 1] = (v[a + 1] as number) + (v[b + 1] as number) + (low > HIGH ? 1 : 0);
  v[a] = low;
}

/** v[a] = v[a] rotated left by `bits`, which is below 32 */
function rotate(v: State, a: number, bits: number): void {
  const low = v[a] as number;
  const high = v[a + 1] as number;
  v[a] = (low << bits) | (high >>> (32 - bits));
  v[a + 1] = (high << bits) | (low >>> (32 - bits));
}

function exchangeHalves(v: State, a: number): void {
  const low = v[a] as number;
  v[a] = v[a + 1] as number;
  v[a + 1] = low;
}

/** v[a] ^= v[b] */
function mix(v: State, a: number, b: number): void {
  v[a] = (v[a] as number) ^ (v[b] as number);
  v[a + 1] = (v[a + 1] as number) ^ (v[b + 1] as number);
}

/** J.-P. Aumasson, D. J. Bernstein, "SipHash: a fast short-input PRF", figure 2.1 */
function round(v: State): void {
  add(v, 0, 2);
  rotate(v, 2, 13);
  mix(v, 2, 0);
  exchangeHalves(v, 0);
  add(v, 4, 6);
  rotate(v, 6, 16);
  mix(v, 6, 4);
  add(v, 0, 6);
  rotate(v, 6, 21);
  mix(v, 6, 0);
  add(v, 4, 2);
  rotate(v, 2, 17);
  mix(v, 2, 4);
  exchangeHalves(v, 4);
}

/** Eight bytes, as they stand in a `.pyc`. */
export function sourceHash(source: Buffer, { magic, hashRounds }: PythonVersion): Buffer {
  // The key is the whole first word of a file, its carriage return and line feed included.
  const key = magic + 0x0a0d0000;
  const v = Uint32Array.of(
    ...[0x70736575 ^ key, 0x736f6d65, 0x6e646f6d, 0x646f7261],
    ...[0x6e657261 ^ key, 0x6c796765, 0x79746573, 0x74656462],
  );
  const absorb = (low: number, high: number) => {
    v[6] = (v[6] as number) ^ low;
    v[7] = (v[7] as number) ^ high;
    for (let i = 0; i < hashRounds; i++) round(v);
    v[0] = (v[0] as number) ^ low;
    v[1] = (v[1] as number) ^ high;
  };
  const whole = source.length - (source.length % 8);
  for (let at = 0; at < whole; at += 8) absorb(source.readUInt32LE(at), source.readUInt32LE(at + 4));
  const last = Buffer.alloc(8);
  source.copy(last, 0, whole);
  last[7] = source.length & 0xff;
  absorb(last.readUInt32LE(0), last.readUInt32LE(4));
  v[4] = (v[4] as number) ^ 0xff;
  for (let i = 0; i < hashRounds + 2; i++) round(v);
  const hash = Buffer.alloc(8);
  hash.writeUInt32LE(((v[0] as number) ^ (v[2] as number) ^ (v[4] as number) ^ (v[6] as number)) >>> 0, 0);
  hash.writeUInt32LE(((v[1] as number) ^ (v[3] as number) ^ (v[5] as number) ^ (v[7] as number)) >>> 0, 4);
  return hash;
}
