/**
 * A second reading of ELF64 little-endian files, for the checks after a rewriting. It shares no code with the first
 * one and goes by segments alone, as the kernel and ld.so do (Linux fs/binfmt_elf.c, glibc elf/dl-load.c).
 */

export interface LoadedView {
  readonly violations: readonly string[];
  readonly searchPaths: readonly string[];
  readonly needed: readonly string[];
  readonly interpreter: string | undefined;
}

interface Header {
  readonly type: number;
  readonly flags: number;
  readonly offset: bigint;
  readonly address: bigint;
  readonly fileSize: bigint;
  readonly memorySize: bigint;
  readonly align: bigint;
}

/** Reads `length` bytes at an offset; fewer at the file's end. */
export type ReadAt = (offset: number, length: number) => Buffer;

const LOAD = 1;
const DYNAMIC = 2;
const INTERPRETER = 3;

/** Reads a file as its loader would, and says what that loader would stumble over. */
export function secondReading(read: ReadAt, size: number): LoadedView {
  const violations: string[] = [];
  const header = read(0, 64);
  if (header.length < 64 || header.readUInt32BE(0) !== 0x7f454c46 || header[4] !== 2 || header[5] !== 1) {
    return { violations: ['no ELF64 little-endian header'], searchPaths: [], needed: [], interpreter: undefined };
  }
  const tableAt = Number(header.readBigUInt64LE(32));
  const count = header.readUInt16LE(56);
  const raw = read(tableAt, count * 56);
  if (raw.length !== count * 56) violations.push('the program headers end behind the file');
  const headers: Header[] = [];
  for (let at = 0; at + 56 <= raw.length; at += 56) {
    headers.push({
      type: raw.readUInt32LE(at),
      flags: raw.readUInt32LE(at + 4),
      offset: raw.readBigUInt64LE(at + 8),
      address: raw.readBigUInt64LE(at + 16),
      fileSize: raw.readBigUInt64LE(at + 32),
      memorySize: raw.readBigUInt64LE(at + 40),
      align: raw.readBigUInt64LE(at + 48),
    });
  }
  const loads = headers.filter(({ type }) => type === LOAD);
  checkLoads(loads, BigInt(size), violations);
  checkEntry(header.readBigUInt64LE(24), loads, violations);
  checkSections(header, size, violations);
  const strings = dynamicStrings(read, headers, loads, violations);
  const interpreter = headers.find(({ type }) => type === INTERPRETER);
  return {
    violations,
    ...strings,
    interpreter: interpreter && textAt(read(Number(interpreter.offset), Number(interpreter.fileSize)), 0),
  };
}

function checkLoads(loads: readonly Header[], size: bigint, violations: string[]): void {
  let end = 0n;
  for (const [index, load] of loads.entries()) {
    const name = `PT_LOAD ${index}`;
    if (load.fileSize > load.memorySize) violations.push(`${name} is larger in the file than in memory`);
    if (load.offset + load.fileSize > size) violations.push(`${name} ends behind the file`);
    if (load.align > 1n && (load.offset - load.address) % load.align !== 0n) violations.push(`${name} is misaligned`);
    if (index > 0 && load.address < end) violations.push(`${name} overlaps the one before, or stands out of order`);
    end = load.address + load.memorySize;
  }
}

function checkEntry(entry: bigint, loads: readonly Header[], violations: string[]): void {
  const inside = loads.some(
    ({ flags, address, memorySize }) => (flags & 1) !== 0 && entry >= address && entry < address + memorySize,
  );
  if (entry !== 0n && !inside) violations.push('the entry point lies in no executable segment');
}

function checkSections(header: Buffer, size: number, violations: string[]): void {
  const at = Number(header.readBigUInt64LE(40));
  const count = header.readUInt16LE(60);
  if (at !== 0 && at + count * header.readUInt16LE(58) > size)
    violations.push('the section headers end behind the file');
}

function textAt(bytes: Buffer, at: number): string | undefined {
  const end = bytes.indexOf(0, at);
  return at < 0 || end < 0 ? undefined : bytes.toString('latin1', at, end);
}

function dynamicStrings(
  read: ReadAt,
  headers: readonly Header[],
  loads: readonly Header[],
  violations: string[],
): Pick<LoadedView, 'searchPaths' | 'needed'> {
  const none = { searchPaths: [], needed: [] };
  const segment = headers.find(({ type }) => type === DYNAMIC);
  if (segment === undefined) return none;
  const holder = loads.find(
    (l) => segment.address >= l.address && segment.address + segment.fileSize <= l.address + l.memorySize,
  );
  if (holder === undefined) violations.push('PT_DYNAMIC lies in no segment');
  const bytes = read(Number(segment.offset), Number(segment.fileSize));
  const values: { tag: bigint; value: bigint }[] = [];
  for (let at = 0; at + 16 <= bytes.length; at += 16) {
    const tag = bytes.readBigUInt64LE(at);
    if (tag === 0n) break;
    values.push({ tag, value: bytes.readBigUInt64LE(at + 8) });
  }
  const table = values.find(({ tag }) => tag === 5n)?.value;
  const tableSize = values.find(({ tag }) => tag === 10n)?.value ?? 0n;
  if (table === undefined) return none;
  const load = loads.find((l) => table >= l.address && table + 1n <= l.address + l.fileSize);
  if (load === undefined) {
    violations.push('DT_STRTAB lies in no segment');
    return none;
  }
  const strings = read(Number(load.offset + table - load.address), Number(tableSize));
  const named = (...tags: bigint[]) =>
    values
      .filter(({ tag }) => tags.includes(tag))
      .map(({ tag, value }) => {
        const text = value < tableSize ? textAt(strings, Number(value)) : undefined;
        if (text === undefined) violations.push(`the string of dynamic tag ${tag} lies outside of DT_STRTAB`);
        return text ?? '';
      });
  named(14n);
  return { searchPaths: named(15n, 29n).flatMap((path) => path.split(':')), needed: named(1n) };
}
