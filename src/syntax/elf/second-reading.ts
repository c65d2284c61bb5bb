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
const DYNAMIC_SECTION = 6;
/** No real dynamic section or string is longer, bytes. */
const MAX_DYNAMIC = 1 << 16;
const MAX_STRING = 1 << 16;

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
  const { table, ...strings } = dynamicStrings(read, headers, loads, violations);
  checkSections(read, header, size, table, violations);
  const interpreter = headers.find(({ type }) => type === INTERPRETER);
  return {
    violations,
    ...strings,
    interpreter:
      interpreter && textAt(read(Number(interpreter.offset), Math.min(Number(interpreter.fileSize), MAX_STRING)), 0),
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

/** The section headers, for tools that go by them: binutils takes dynamic strings from .dynamic's linked section. */
function checkSections(
  read: ReadAt,
  header: Buffer,
  size: number,
  table: StringTable | undefined,
  violations: string[],
): void {
  const at = Number(header.readBigUInt64LE(40));
  const count = header.readUInt16LE(60);
  const entrySize = header.readUInt16LE(58);
  if (at === 0 || count === 0) return;
  if (at + count * entrySize > size) {
    violations.push('the section headers end behind the file');
    return;
  }
  if (entrySize !== 64) return;
  const section = (index: number) => read(at + index * 64, 64);
  for (let index = 0; index < count; index++) {
    const raw = section(index);
    const linked = raw.readUInt32LE(40);
    if (raw.readUInt32LE(4) !== DYNAMIC_SECTION || table === undefined || linked >= count) continue;
    const strings = section(linked);
    if (strings.readBigUInt64LE(16) !== table.address || strings.readBigUInt64LE(32) < table.size) {
      violations.push('the section headers tell of another string table than DT_STRTAB');
    }
  }
}

/** DT_STRTAB and DT_STRSZ. */
interface StringTable {
  readonly address: bigint;
  readonly size: bigint;
}

function textAt(bytes: Buffer, at: number): string | undefined {
  const end = bytes.indexOf(0, at);
  return at < 0 || end < 0 ? undefined : bytes.toString('latin1', at, end);
}

/** The entries of PT_DYNAMIC up to DT_NULL. */
function dynamicValues(read: ReadAt, segment: Header): { readonly tag: bigint; readonly value: bigint }[] {
  const bytes = read(Number(segment.offset), Math.min(Number(segment.fileSize), MAX_DYNAMIC));
  const values: { tag: bigint; value: bigint }[] = [];
  for (let at = 0; at + 16 <= bytes.length; at += 16) {
    const tag = bytes.readBigUInt64LE(at);
    if (tag === 0n) break;
    values.push({ tag, value: bytes.readBigUInt64LE(at + 8) });
  }
  return values;
}

function dynamicStrings(
  read: ReadAt,
  headers: readonly Header[],
  loads: readonly Header[],
  violations: string[],
): Pick<LoadedView, 'searchPaths' | 'needed'> & { readonly table: StringTable | undefined } {
  const none = { searchPaths: [], needed: [], table: undefined };
  const segment = headers.find(({ type }) => type === DYNAMIC);
  if (segment === undefined) return none;
  const holder = loads.find(
    (l) => segment.address >= l.address && segment.address + segment.fileSize <= l.address + l.memorySize,
  );
  if (holder === undefined) violations.push('PT_DYNAMIC lies in no segment');
  else if (segment.offset - holder.offset !== segment.address - holder.address) {
    violations.push('PT_DYNAMIC lies elsewhere in the file than in memory');
  }
  const values = dynamicValues(read, segment);
  const table = values.find(({ tag }) => tag === 5n)?.value;
  const tableSize = values.find(({ tag }) => tag === 10n)?.value ?? 0n;
  if (table === undefined) return none;
  if (!loads.some((l) => table >= l.address && table < l.address + l.fileSize)) {
    violations.push('DT_STRTAB lies in no segment');
    return none;
  }
  const stringAt = (value: bigint): string | undefined => {
    if (value >= tableSize) return undefined;
    const address = table + value;
    const load = loads.find((l) => address >= l.address && address < l.address + l.fileSize);
    if (load === undefined) return undefined;
    const room = [load.address + load.fileSize - address, tableSize - value, BigInt(MAX_STRING)];
    const length = room.reduce((least, size) => (size < least ? size : least));
    return textAt(read(Number(load.offset + address - load.address), Number(length)), 0);
  };
  const named = (...tags: bigint[]) =>
    values
      .filter(({ tag }) => tags.includes(tag))
      .map(({ tag, value }) => {
        const text = stringAt(value);
        if (text === undefined) violations.push(`the string of dynamic tag ${tag} lies outside of DT_STRTAB`);
        return text ?? '';
      });
  named(14n);
  return {
    searchPaths: named(15n, 29n).flatMap((path) => path.split(':')),
    needed: named(1n),
    table: { address: table, size: tableSize },
  };
}
