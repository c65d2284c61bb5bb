/** The program header table in the course of its rewriting: raw records of 56 bytes, ELF64 little-endian. */

import { PT_LOAD } from '../../syntax/elf/constants.ts';
import type { Segment } from '../../syntax/elf/file.ts';
import { type ElfImage, SEGMENT_SIZE } from './image.ts';

export interface ProgramHeaders {
  /** Makes a segment longer, in the file and in memory alike. */
  grow(segment: Segment, bytes: number): void;
  /** Takes a record out. */
  remove(segment: Segment): void;
  /** Puts a new PT_LOAD behind the last one: the kernel and ld.so want them in order of address. */
  addLoad(segment: Segment): void;
  /** Changes which bytes a record is about. */
  place(segment: Segment, offset: number, address: number, size: number): void;
  bytes(): Buffer;
  /** Says that the caller has written the table elsewhere in the file. */
  moveTo(offset: number): void;
  /** Where the table stands in the file. */
  offset(): number;
}

function encode(segment: Segment): Buffer {
  const record = Buffer.alloc(SEGMENT_SIZE);
  record.writeUInt32LE(segment.type, 0);
  record.writeUInt32LE(segment.flags, 4);
  record.writeBigUInt64LE(BigInt(segment.offset), 8);
  record.writeBigUInt64LE(BigInt(segment.vaddr), 16);
  record.writeBigUInt64LE(BigInt(segment.vaddr), 24);
  record.writeBigUInt64LE(BigInt(segment.filesz), 32);
  record.writeBigUInt64LE(BigInt(segment.memsz), 40);
  record.writeBigUInt64LE(BigInt(segment.align), 48);
  return record;
}

/** Starts from the file's table. */
export function programHeaders(image: ElfImage): ProgramHeaders {
  const { elf, source } = image;
  const table = source.read(elf.phoff, elf.segments.length * SEGMENT_SIZE);
  const records = new Map<Segment, Buffer>();
  let order: Segment[] = [...elf.segments];
  let at = elf.phoff;
  for (const [index, segment] of elf.segments.entries()) {
    records.set(segment, Buffer.from(table.subarray(index * SEGMENT_SIZE, (index + 1) * SEGMENT_SIZE)));
  }
  const record = (segment: Segment) => records.get(segment) as Buffer;
  return {
    grow(segment, bytes) {
      const raw = record(segment);
      raw.writeBigUInt64LE(BigInt(segment.filesz + bytes), 32);
      raw.writeBigUInt64LE(BigInt(segment.memsz + bytes), 40);
    },
    remove(segment) {
      order = order.filter((other) => other !== segment);
    },
    addLoad(segment) {
      const last = order.findLastIndex(({ type }) => type === PT_LOAD);
      records.set(segment, encode(segment));
      order.splice(last + 1, 0, segment);
    },
    place(segment, offset, address, size) {
      const raw = record(segment);
      raw.writeBigUInt64LE(BigInt(offset), 8);
      raw.writeBigUInt64LE(BigInt(address), 16);
      raw.writeBigUInt64LE(BigInt(address), 24);
      raw.writeBigUInt64LE(BigInt(size), 32);
      raw.writeBigUInt64LE(BigInt(size), 40);
    },
    bytes: () => Buffer.concat(order.map(record)),
    moveTo(offset) {
      at = offset;
    },
    offset: () => at,
  };
}
