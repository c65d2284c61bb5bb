/** CRC-64 of ECMA-182, reflected, as xz uses it (XZ Utils, "The .xz File Format", section 6). Halves of 32 bits: BigInt is slow. */

const HIGH = 0xc96c5795;
const LOW = 0xd7870f42;

const table = new Uint32Array(512);
for (let byte = 0; byte < 256; byte++) {
  let high = 0;
  let low = byte;
  for (let i = 0; i < 8; i++) {
    const carry = low & 1;
    low = (low >>> 1) | ((high & 1) << 31);
    high >>>= 1;
    if (carry === 1) {
      high ^= HIGH;
      low ^= LOW;
    }
  }
  table[2 * byte] = low;
  table[2 * byte + 1] = high;
}

/** Eight bytes, little-endian. */
export function crc64(bytes: Buffer): Buffer {
  let high = -1;
  let low = -1;
  for (let i = 0; i < bytes.length; i++) {
    const at = ((low ^ (bytes[i] as number)) & 0xff) << 1;
    low = ((low >>> 8) | (high << 24)) ^ (table[at] as number);
    high = (high >>> 8) ^ (table[at + 1] as number);
  }
  const result = Buffer.alloc(8);
  result.writeUInt32LE(~low >>> 0, 0);
  result.writeUInt32LE(~high >>> 0, 4);
  return result;
}
