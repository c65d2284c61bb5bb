/**
 * Zip files (PKWARE APPNOTE 6.3.10, sections 4.3 to 4.5), read strictly: what two readers could read in two ways is not
 * read at all. ZIP64 is read, not written. Without several disks and overlapping members.
 */

import { crc32 } from 'node:zlib';
import { inflate } from './deflate.ts';
import { damaged, MOST_MEMBERS, tooLarge, tooMany, type Unopened, unopened, unsupported } from './unopened.ts';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const DESCRIPTOR = 0x08074b50;
const LOCAL_SIZE = 30;
const CENTRAL_SIZE = 46;
const END_SIZE = 22;
const LOCATOR_SIZE = 20;
const ENCRYPTED = 1;
const HAS_DESCRIPTOR = 8;
const EXTRA_64 = 1;
/** In a field of 32 bits: look into the ZIP64 fields. */
const ELSEWHERE = 0xffffffff;
export const STORED = 0;
const DEFLATED = 8;

export interface ZipMember {
  /** One character a byte. */
  readonly name: string;
  readonly contents: Buffer;
  readonly method: number;
  /** Where its central header, local header and data begin, and the data end. */
  readonly central: number;
  readonly local: number;
  readonly start: number;
  readonly end: number;
  /** Where checksum and sizes stand behind the data, and where they end. */
  readonly descriptor: { readonly start: number; readonly end: number } | undefined;
}

export interface Zip {
  readonly bytes: Buffer;
  /** In the order of the data. */
  readonly members: readonly ZipMember[];
  /** Members that could not be read, though others can. */
  readonly skipped: readonly { readonly name: string; readonly why: Unopened }[];
  /** All local headers, in the order of the data: where they stand, and their central headers. */
  readonly places: readonly { readonly local: number; readonly central: number }[];
  readonly centralStart: number;
  readonly endRecord: number;
  readonly isZip64: boolean;
}

export function isZip(head: Buffer): boolean {
  return head.length >= LOCAL_SIZE && head.readUInt32LE(0) === LOCAL;
}

/** Reads a zip file and unpacks its members: at most `limit` bytes, all contents together. */
export function readZip(bytes: Buffer, limit: number): Zip | Unopened {
  try {
    return readStrictly(bytes, limit);
  } catch (error) {
    if (error instanceof RangeError) return damaged('a header of the zip file is cut off');
    throw error;
  }
}

interface Directory {
  readonly count: number;
  readonly start: number;
  /** Of the first record behind the central headers. */
  readonly end: number;
  readonly endRecord: number;
  readonly isZip64: boolean;
}

function readDirectory(bytes: Buffer): Directory | Unopened {
  const broken = damaged('the zip file has no end record that agrees with it');
  const endRecord = bytes.lastIndexOf('PK\x05\x06', bytes.length - END_SIZE, 'latin1');
  if (endRecord < 0 || bytes.readUInt32LE(endRecord) !== END) return broken;
  if (endRecord + END_SIZE + bytes.readUInt16LE(endRecord + 20) !== bytes.length) return broken;
  const count = bytes.readUInt16LE(endRecord + 10);
  const size = bytes.readUInt32LE(endRecord + 12);
  const start = bytes.readUInt32LE(endRecord + 16);
  const locator = endRecord - LOCATOR_SIZE;
  if (locator >= 0 && bytes.readUInt32LE(locator) === LOCATOR_64) {
    const end = Number(bytes.readBigUInt64LE(locator + 8));
    if (bytes.readUInt32LE(end) !== END_64) return broken;
    const [count64, size64, start64] = [32, 40, 48].map((at) => Number(bytes.readBigUInt64LE(end + at)));
    if (count64 === undefined || size64 === undefined || start64 === undefined) return broken;
    if (start64 + size64 !== end || end + 12 + Number(bytes.readBigUInt64LE(end + 4)) !== locator) return broken;
    const agrees = (short: number, most: number, long: number) => short === most || short === long;
    if (!agrees(count, 0xffff, count64) || !agrees(start, ELSEWHERE, start64) || !agrees(size, ELSEWHERE, size64)) {
      return broken;
    }
    return { count: count64, start: start64, end, endRecord, isZip64: true };
  }
  const isSingle = bytes.readUInt32LE(endRecord + 4) === 0 && bytes.readUInt16LE(endRecord + 8) === count;
  if (!isSingle) return unsupported('the zip file is one of several volumes');
  return start + size === endRecord ? { count, start, end: endRecord, endRecord, isZip64: false } : broken;
}

/** @throws {RangeError} where a header is cut off. */
function readStrictly(bytes: Buffer, limit: number): Zip | Unopened {
  const directory = readDirectory(bytes);
  if ('code' in directory) return directory;
  if (directory.count > MOST_MEMBERS) return tooMany;
  const entries: Entry[] = [];
  const names = new Set<string>();
  let at = directory.start;
  for (let i = 0; i < directory.count; i++) {
    const entry = readEntry(bytes, at, directory.start);
    if ('code' in entry) return entry;
    if (names.has(entry.name)) return damaged('two members of the zip file have one name');
    names.add(entry.name);
    entries.push(entry);
    at = entry.next;
  }
  if (at !== directory.end) return damaged('the central directory of the zip file does not agree with its size');
  entries.sort((a, b) => a.local - b.local);
  const areApart = entries.every((entry, i) => {
    return (entry.descriptor?.end ?? entry.end) <= (entries[i + 1]?.local ?? directory.start);
  });
  if (!areApart) return damaged('members of the zip file overlap');
  const members: ZipMember[] = [];
  const skipped: { name: string; why: Unopened }[] = [];
  let left = limit;
  for (const entry of entries) {
    const contents = unpack(bytes, entry, left);
    if ('code' in contents) {
      if (contents.code === 'damaged') return contents;
      skipped.push({ name: entry.name, why: contents });
      continue;
    }
    members.push({ ...entry, contents });
    left -= contents.length;
  }
  return {
    bytes,
    members,
    skipped,
    places: entries,
    centralStart: directory.start,
    endRecord: directory.endRecord,
    isZip64: directory.isZip64 || entries.some(({ isZip64 }) => isZip64),
  };
}

interface Entry extends Omit<ZipMember, 'contents'> {
  readonly flags: number;
  readonly crc: number;
  readonly size: number;
  readonly isZip64: boolean;
  /** Where the next central header begins. */
  readonly next: number;
}

const disagree = damaged('headers of the zip file do not agree with each other');

/** The values of the ZIP64 extra field, for those of the given ones that are not in the header itself. */
function wideValues(bytes: Buffer, start: number, end: number, values: readonly number[]): number[] | undefined {
  if (!values.includes(ELSEWHERE)) return [...values];
  for (let at = start; at + 4 <= end; ) {
    const length = bytes.readUInt16LE(at + 2);
    let from = at + 4;
    at = from + length;
    if (bytes.readUInt16LE(from - 4) !== EXTRA_64) continue;
    const wide: number[] = [];
    for (const value of values) {
      if (value !== ELSEWHERE) wide.push(value);
      else if (from + 8 > at || at > end) return undefined;
      else {
        wide.push(Number(bytes.readBigUInt64LE(from)));
        from += 8;
      }
    }
    return wide;
  }
  return undefined;
}

function readEntry(bytes: Buffer, central: number, centralStart: number): Entry | Unopened {
  if (bytes.readUInt32LE(central) !== CENTRAL) return disagree;
  const flags = bytes.readUInt16LE(central + 8);
  const method = bytes.readUInt16LE(central + 10);
  const crc = bytes.readUInt32LE(central + 16);
  const nameEnd = central + CENTRAL_SIZE + bytes.readUInt16LE(central + 28);
  const extraEnd = nameEnd + bytes.readUInt16LE(central + 30);
  const narrow = [24, 20, 42].map((field) => bytes.readUInt32LE(central + field));
  const [size, packedSize, local] = wideValues(bytes, nameEnd, extraEnd, narrow) ?? [];
  if (size === undefined || packedSize === undefined || local === undefined) return disagree;
  const name = bytes.toString('latin1', central + CENTRAL_SIZE, nameEnd);
  if (bytes.readUInt32LE(local) !== LOCAL || bytes.readUInt16LE(local + 26) !== name.length) return disagree;
  if (bytes.readUInt16LE(local + 6) !== flags || bytes.readUInt16LE(local + 8) !== method) return disagree;
  const localNameEnd = local + LOCAL_SIZE + name.length;
  if (bytes.toString('latin1', local + LOCAL_SIZE, localNameEnd) !== name) return disagree;
  const start = localNameEnd + bytes.readUInt16LE(local + 28);
  const end = start + packedSize;
  if (end > centralStart) return disagree;
  const sums = [crc, packedSize, size];
  const localNarrow = [22, 18].map((field) => bytes.readUInt32LE(local + field));
  const localSizes = wideValues(bytes, localNameEnd, start, localNarrow);
  const isWide = narrow.includes(ELSEWHERE) || localNarrow.includes(ELSEWHERE);
  let descriptor: Entry['descriptor'];
  if (flags & HAS_DESCRIPTOR) {
    descriptor = descriptorAt(bytes, end, sums);
    if (descriptor === undefined) return disagree;
  } else if (bytes.readUInt32LE(local + 14) !== crc || localSizes?.[0] !== size || localSizes[1] !== packedSize) {
    return disagree;
  }
  const next = extraEnd + bytes.readUInt16LE(central + 32);
  const wideDescriptor = descriptor !== undefined && descriptor.end - descriptor.start > 12;
  const isZip64 = isWide || wideDescriptor;
  return { name, method, central, local, start, end, descriptor, flags, crc, size, isZip64, next };
}

/** Checksum, packed size and size behind the data; a signature before them may be left out, sizes may have 8 bytes. */
function descriptorAt(bytes: Buffer, at: number, [crc = 0, packedSize = 0, size = 0]: readonly number[]) {
  for (const start of [at + 4, at]) {
    if (start > at && bytes.readUInt32LE(at) !== DESCRIPTOR) continue;
    if (bytes.readUInt32LE(start) !== crc) continue;
    if (bytes.readUInt32LE(start + 4) === packedSize && bytes.readUInt32LE(start + 8) === size) {
      return { start, end: start + 12 };
    }
    const isWide = Number(bytes.readBigUInt64LE(start + 4)) === packedSize;
    if (isWide && Number(bytes.readBigUInt64LE(start + 12)) === size) return { start, end: start + 20 };
  }
  return undefined;
}

function unpack(bytes: Buffer, { flags, method, size, crc, start, end }: Entry, limit: number): Buffer | Unopened {
  if (flags & ENCRYPTED) return unopened('encrypted', 'it is encrypted');
  if (method !== STORED && method !== DEFLATED) return unsupported(`the compression method ${method} is not known`);
  if (size > limit) return tooLarge;
  const data = bytes.subarray(start, end);
  const wrong = damaged('contents in the zip file do not agree with their size or checksum');
  if (method === STORED) return data.length === size && crc32(data) === crc ? data : wrong;
  const inflated = inflate(data, size);
  if ('code' in inflated) return wrong;
  const { contents, used } = inflated;
  return used === data.length && contents.length === size && crc32(contents) === crc ? contents : wrong;
}
