/**
 * The configuration behind the loader stub's code: how the patcher tells the stub what it displaced. The C side of the
 * layout is stub/config.h. Little-endian; offsets and lengths in bytes.
 */

/** Opens every configuration; the last byte is the layout's version. */
export const STUB_MAGIC = Buffer.from('UNMOOR\0\x01', 'latin1');
export const STUB_HEADER_SIZE = 56;

/** Open the store alias close-on-exec. */
export const FLAG_CLOSE_ON_EXEC = 1;
/** Do not open the store alias. */
export const FLAG_NO_ALIAS = 2;

export interface StubConfig {
  /** Virtual address of the stub's first byte, as written in its PT_LOAD. */
  readonly stubAddress: number;
  /** e_entry before. */
  readonly originalEntry: number;
  /** Virtual address of DT_DEBUG's value, 0 if there is none. */
  readonly debugAddress: number;
  /** Components to take off the program's physical path to get the store directory; the file name is one. */
  readonly stripComponents: number;
  readonly flags: number;
  readonly aliasDescriptor: number;
  /** `<digest>-<name>/lib/ld-linux….so.2`, below the store directory; one character a byte. */
  readonly loader: string;
}

/** The configuration's bytes; their number is a multiple of 16. */
export function encodeStubConfig(config: StubConfig): Buffer {
  const loader = Buffer.from(`${config.loader}\0`, 'latin1');
  const bytes = Buffer.alloc(Math.ceil((STUB_HEADER_SIZE + loader.length) / 16) * 16);
  STUB_MAGIC.copy(bytes);
  bytes.writeBigUInt64LE(BigInt(config.stubAddress), 8);
  bytes.writeBigUInt64LE(BigInt(config.originalEntry), 16);
  bytes.writeBigUInt64LE(BigInt(config.debugAddress), 24);
  bytes.writeUInt32LE(config.stripComponents, 32);
  bytes.writeUInt32LE(config.flags, 36);
  bytes.writeUInt32LE(config.aliasDescriptor, 40);
  bytes.writeUInt32LE(STUB_HEADER_SIZE, 44);
  bytes.writeUInt32LE(bytes.length, 48);
  loader.copy(bytes, STUB_HEADER_SIZE);
  return bytes;
}

/** Reads a configuration; undefined when the bytes hold none. */
export function decodeStubConfig(bytes: Buffer): StubConfig | undefined {
  if (bytes.length < STUB_HEADER_SIZE || !bytes.subarray(0, 8).equals(STUB_MAGIC)) return undefined;
  const loaderOffset = bytes.readUInt32LE(44);
  const length = bytes.readUInt32LE(48);
  if (length > bytes.length || loaderOffset < STUB_HEADER_SIZE || loaderOffset >= length) return undefined;
  const end = bytes.indexOf(0, loaderOffset);
  if (end < 0 || end >= length) return undefined;
  return {
    stubAddress: Number(bytes.readBigUInt64LE(8)),
    originalEntry: Number(bytes.readBigUInt64LE(16)),
    debugAddress: Number(bytes.readBigUInt64LE(24)),
    stripComponents: bytes.readUInt32LE(32),
    flags: bytes.readUInt32LE(36),
    aliasDescriptor: bytes.readUInt32LE(40),
    loader: bytes.toString('latin1', loaderOffset, end),
  };
}
