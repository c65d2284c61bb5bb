/**
 * Zip files (PKWARE APPNOTE 6.3.10, sections 4.3 and 4.4), read strictly: what two readers could read in two ways is not
 * read at all. Without ZIP64, encryption, several disks and overlapping members.
 */

import { crc32 } from 'node:zlib';
import { deflate, inflateWhole } from './gzip.ts';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const DESCRIPTOR = 0x08074b50;
const LOCAL_SIZE = 30;
const CENTRAL_SIZE = 46;
const END_SIZE = 22;
const DESCRIPTOR_SIZE = 16;
const ENCRYPTED = 1;
const HAS_DESCRIPTOR = 8;
const STORED = 0;
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
  readonly hasDescriptor: boolean;
}

export interface Zip {
  readonly bytes: Buffer;
  /** In the order of the data. */
  readonly members: readonly ZipMember[];
  readonly centralStart: number;
  readonly endRecord: number;
}

export function isZip(head: Buffer): boolean {
  return head.length >= LOCAL_SIZE && head.readUInt32LE(0) === LOCAL;
}

/**
 * Reads a zip file and unpacks all members.
 *
 * @param limit most bytes of all contents together
 * @returns undefined for what is broken, ambiguous, larger, or uses what is not supported
 */
export function readZip(bytes: Buffer, limit: number): Zip | undefined {
  try {
    return readStrictly(bytes, limit);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** @throws {RangeError} where a header is cut off. */
function readStrictly(bytes: Buffer, limit: number): Zip | undefined {
  const endRecord = bytes.lastIndexOf('PK\x05\x06', bytes.length - END_SIZE, 'latin1');
  if (endRecord < 0 || bytes.readUInt32LE(endRecord) !== END) return undefined;
  if (endRecord + END_SIZE + bytes.readUInt16LE(endRecord + 20) !== bytes.length) return undefined;
  const count = bytes.readUInt16LE(endRecord + 10);
  const centralStart = bytes.readUInt32LE(endRecord + 16);
  const isSingle = bytes.readUInt32LE(endRecord + 4) === 0 && bytes.readUInt16LE(endRecord + 8) === count;
  if (!isSingle || centralStart + bytes.readUInt32LE(endRecord + 12) !== endRecord) return undefined;
  const members: ZipMember[] = [];
  const names = new Set<string>();
  let left = limit;
  let at = centralStart;
  for (let i = 0; i < count; i++) {
    const member = readMember(bytes, at, centralStart, left);
    if (member === undefined || names.has(member.name)) return undefined;
    names.add(member.name);
    members.push(member);
    left -= member.contents.length;
    at += CENTRAL_SIZE + member.name.length + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  members.sort((a, b) => a.local - b.local);
  const areApart = members.every((member, i) => {
    const end = member.end + (member.hasDescriptor ? DESCRIPTOR_SIZE : 0);
    return end <= (members[i + 1]?.local ?? centralStart);
  });
  return at === endRecord && areApart ? { bytes, members, centralStart, endRecord } : undefined;
}

function readMember(bytes: Buffer, central: number, centralStart: number, limit: number): ZipMember | undefined {
  if (bytes.readUInt32LE(central) !== CENTRAL) return undefined;
  const flags = bytes.readUInt16LE(central + 8);
  const method = bytes.readUInt16LE(central + 10);
  const crc = bytes.readUInt32LE(central + 16);
  const packedSize = bytes.readUInt32LE(central + 20);
  const size = bytes.readUInt32LE(central + 24);
  const nameLength = bytes.readUInt16LE(central + 28);
  const local = bytes.readUInt32LE(central + 42);
  const name = bytes.toString('latin1', central + CENTRAL_SIZE, central + CENTRAL_SIZE + nameLength);
  if (flags & ENCRYPTED || (method !== STORED && method !== DEFLATED) || size > limit) return undefined;
  if (bytes.readUInt32LE(local) !== LOCAL || bytes.readUInt16LE(local + 26) !== nameLength) return undefined;
  if (bytes.readUInt16LE(local + 6) !== flags || bytes.readUInt16LE(local + 8) !== method) return undefined;
  if (bytes.toString('latin1', local + LOCAL_SIZE, local + LOCAL_SIZE + nameLength) !== name) return undefined;
  const start = local + LOCAL_SIZE + nameLength + bytes.readUInt16LE(local + 28);
  const end = start + packedSize;
  if (end > centralStart) return undefined;
  const hasDescriptor = (flags & HAS_DESCRIPTOR) !== 0;
  if (hasDescriptor && bytes.readUInt32LE(end) !== DESCRIPTOR) return undefined;
  const sums = hasDescriptor ? end + 4 : local + 14;
  const agrees = [crc, packedSize, size].every((value, i) => bytes.readUInt32LE(sums + 4 * i) === value);
  if (!agrees) return undefined;
  const data = bytes.subarray(start, end);
  const contents = method === STORED ? data : inflateWhole(data, size);
  if (contents === undefined || contents.length !== size || crc32(contents) !== crc) return undefined;
  return { name, contents, method, central, local, start, end, hasDescriptor };
}

/** The file again with other contents of some members; every byte that need not change stays. */
export function writeZip(
  { bytes, members, centralStart, endRecord }: Zip,
  changed: ReadonlyMap<ZipMember, Buffer>,
): Buffer {
  const parts: Buffer[] = [];
  const tail = Buffer.from(bytes.subarray(centralStart));
  let from = 0;
  let shift = 0;
  for (const member of members) {
    tail.writeUInt32LE(member.local + shift, member.central - centralStart + 42);
    const contents = changed.get(member);
    if (contents === undefined) continue;
    const data = member.method === STORED ? contents : deflate(contents);
    const sums = Buffer.alloc(12);
    sums.writeUInt32LE(crc32(contents), 0);
    sums.writeUInt32LE(data.length, 4);
    sums.writeUInt32LE(contents.length, 8);
    sums.copy(tail, member.central - centralStart + 16);
    const header = Buffer.from(bytes.subarray(from, member.start));
    if (!member.hasDescriptor) sums.copy(header, member.local + 14 - from);
    parts.push(header, data);
    from = member.end;
    if (member.hasDescriptor) {
      parts.push(bytes.subarray(from, from + 4), sums);
      from += DESCRIPTOR_SIZE;
    }
    shift += data.length - (member.end - member.start);
  }
  tail.writeUInt32LE(centralStart + shift, endRecord - centralStart + 16);
  return Buffer.concat([...parts, bytes.subarray(from, centralStart), tail]);
}
