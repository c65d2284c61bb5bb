/**
 * tar archives (POSIX.1-2008, pax, "ustar Interchange Format" and "pax Interchange Format"; GNU tar manual, "Basic Tar Format"):
 * names of any length in either way, read strictly. Contents stand in them as they are.
 */

import { damaged, MOST_MEMBERS, tooMany, type Unopened, unsupported } from './unopened.ts';

const BLOCK = 512;
const SIZE_AT = 124;
const SIZE_LENGTH = 12;
const CHECKSUM_AT = 148;
const TYPE_AT = 156;
/** Longer texts of pax headers and GNU names are taken for damage, bytes. */
const MOST_HEADER = 1 << 20;

export interface TarMember {
  /** One character a byte. */
  readonly name: string;
  readonly contents: Buffer;
  /** Where its own header and its contents begin, and its contents end. */
  readonly header: number;
  readonly start: number;
  readonly end: number;
  /** Why its size may not change. */
  readonly fixed: string | undefined;
}

export interface Tar {
  readonly members: readonly TarMember[];
  /** Names of members whose contents are not in one piece. */
  readonly sparse: readonly string[];
}

/** Old archives without the magic are not told. */
export function isTar(head: Buffer): boolean {
  return head.length >= BLOCK && /^ustar[ \0]/.test(head.toString('latin1', 257, 263));
}

function checksum(bytes: Buffer, header: number): number {
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) {
    sum += i >= CHECKSUM_AT && i < CHECKSUM_AT + 8 ? 0x20 : (bytes[header + i] as number);
  }
  return sum;
}

function checksumAgrees(bytes: Buffer, header: number): boolean {
  return number(bytes, header + CHECKSUM_AT, 8) === checksum(bytes, header);
}

/** A number in octal digits or, with the first bit set, in base 256; undefined when it is neither. */
function number(bytes: Buffer, at: number, length: number): number | undefined {
  if (((bytes[at] as number) & 0x80) !== 0) {
    if (bytes[at] !== 0x80) return undefined;
    let value = 0;
    for (let i = 1; i < length; i++) value = value * 256 + (bytes[at + i] as number);
    return Number.isSafeInteger(value) ? value : undefined;
  }
  const [, digits] = /^ *([0-7]*)[ \0]*$/.exec(bytes.toString('latin1', at, at + length)) ?? [];
  return digits === undefined ? undefined : Number.parseInt(digits || '0', 8);
}

function text(bytes: Buffer, at: number, length: number): string {
  const end = bytes.subarray(at, at + length).indexOf(0);
  return bytes.toString('latin1', at, at + (end < 0 ? length : end));
}

/** Records `<length> <key>=<value>\n` of a pax header; undefined when they are not that. */
function paxRecords(data: Buffer): ReadonlyMap<string, string> | undefined {
  const records = new Map<string, string>();
  for (let at = 0; at < data.length; ) {
    const [prefix, digits] = /^([0-9]{1,7}) /.exec(data.toString('latin1', at, at + 8)) ?? [];
    if (prefix === undefined) return undefined;
    const end = at + Number(digits);
    const record = data.toString('latin1', at + prefix.length, end - 1);
    const equals = record.indexOf('=');
    if (end > data.length || end <= at + prefix.length || data[end - 1] !== 0x0a || equals < 0) return undefined;
    records.set(record.slice(0, equals), record.slice(equals + 1));
    at = end;
  }
  return records;
}

/** What headers before a member's own one say of it. */
interface Ahead {
  readonly longName?: string;
  readonly records?: ReadonlyMap<string, string>;
}

const broken = damaged('a header of the tar archive is broken');
const isZero = (bytes: Buffer, at: number) => bytes.subarray(at, at + BLOCK).every((byte) => byte === 0);
const NO_DATA = '123456';

/** Reads the headers. */
export function readTar(bytes: Buffer): Tar | Unopened {
  const members: TarMember[] = [];
  const sparse: string[] = [];
  let ahead: Ahead = {};
  for (let header = 0; ; ) {
    if (header === bytes.length) return { members, sparse };
    if (members.length > MOST_MEMBERS) return tooMany;
    if (header + BLOCK > bytes.length) return damaged('the tar archive is cut off');
    if (isZero(bytes, header)) {
      const rest = bytes.subarray(header);
      return rest.some((byte) => byte !== 0)
        ? damaged('other bytes follow the end of the tar archive')
        : { members, sparse };
    }
    const own = number(bytes, header + SIZE_AT, SIZE_LENGTH);
    if (own === undefined || !checksumAgrees(bytes, header)) return broken;
    const type = String.fromCharCode(bytes[header + TYPE_AT] as number);
    const paxSize = ahead.records?.get('size');
    if (paxSize !== undefined && !/^[0-9]{1,15}$/.test(paxSize)) return broken;
    const size = NO_DATA.includes(type) ? 0 : paxSize === undefined ? own : Number(paxSize);
    const start = header + BLOCK;
    const end = start + size;
    if (end > bytes.length) return damaged('the tar archive is cut off');
    const data = bytes.subarray(start, end);
    if ('xgLK'.includes(type)) {
      if (size > MOST_HEADER) return broken;
      if (type === 'L') ahead = { ...ahead, longName: text(data, 0, size) };
      if (type === 'x' || type === 'g') {
        const records = paxRecords(data);
        if (records === undefined) return broken;
        if (type === 'g' && (records.has('size') || records.has('path'))) {
          return unsupported('the tar archive has global headers with names or sizes');
        }
        if (type === 'x') ahead = { ...ahead, records };
      }
    } else {
      const name = ahead.longName ?? ahead.records?.get('path') ?? ownName(bytes, header);
      const isSparse = type === 'S' || [...(ahead.records?.keys() ?? [])].some((key) => key.startsWith('GNU.sparse.'));
      if (type === 'S' && (bytes[header + 482] ?? 0) !== 0) {
        return unsupported('the tar archive has sparse files with long maps');
      }
      if (type === 'M' || type === 'V') return unsupported('the tar archive is one of several volumes');
      if (isSparse) sparse.push(name);
      else if (size > 0) {
        const fixed = paxSize === undefined ? undefined : 'its size stands in a pax header';
        members.push({ name, contents: data, header, start, end, fixed });
      }
      ahead = {};
    }
    header = Math.min(bytes.length, start + Math.ceil(size / BLOCK) * BLOCK);
  }
}

/** The name in the header itself; ustar archives have a prefix for long ones. */
function ownName(bytes: Buffer, header: number): string {
  const name = text(bytes, header, 100);
  const isUstar = bytes.toString('latin1', header + 257, header + 263) === 'ustar\0';
  const prefix = isUstar ? text(bytes, header + 345, 155) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

/**
 * The archive again with other contents of some members: order, owners, modes and times stay, sizes and checksums are made
 * right.
 *
 * @returns why that cannot be done, where it cannot
 */
export function writeTar(bytes: Buffer, changed: ReadonlyMap<TarMember, Buffer>): Buffer | string {
  const parts: Buffer[] = [];
  let at = 0;
  for (const [member, contents] of [...changed].sort(([a], [b]) => a.start - b.start)) {
    const header = Buffer.from(bytes.subarray(member.header, member.start));
    const isMoved = contents.length !== member.end - member.start;
    if (isMoved) {
      if (member.fixed !== undefined) return member.fixed;
      if (contents.length >= 8 ** (SIZE_LENGTH - 1)) return 'the new size has no room in its header';
      header.write(`${contents.length.toString(8).padStart(SIZE_LENGTH - 1, '0')}\0`, SIZE_AT, 'latin1');
      const sum = checksum(header, 0).toString(8).padStart(6, '0');
      header.write(`${sum}\0 `, CHECKSUM_AT, 'latin1');
    }
    parts.push(bytes.subarray(at, member.header), header, contents);
    at = member.end;
    if (!isMoved) continue;
    const padding = (size: number) => Math.ceil(size / BLOCK) * BLOCK - size;
    parts.push(Buffer.alloc(padding(contents.length)));
    at = Math.min(bytes.length, at + padding(member.end - member.start));
  }
  return Buffer.concat([...parts, bytes.subarray(at)]);
}
