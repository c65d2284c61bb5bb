/**
 * Reads the skeleton of an ELF file: header, program headers, section headers. Both classes and both byte orders.
 * Layout: gABI, "ELF Header", "Program Header", "Section Header". Every read is inside the file, or the file is malformed.
 */

import type { ByteSource } from '../../store/byte-source.ts';
import { SHT_NOBITS } from './constants.ts';

export interface Segment {
  readonly type: number;
  readonly flags: number;
  /** File offset, bytes. */
  readonly offset: number;
  readonly vaddr: number;
  readonly filesz: number;
  readonly memsz: number;
  readonly align: number;
}

export interface Section {
  readonly name: string;
  readonly nameOffset: number;
  readonly type: number;
  readonly flags: number;
  readonly addr: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
}

export interface ElfFile {
  readonly class: 32 | 64;
  readonly littleEndian: boolean;
  readonly type: number;
  readonly machine: number;
  readonly entry: number;
  readonly phoff: number;
  readonly shoff: number;
  readonly phentsize: number;
  readonly shentsize: number;
  readonly shstrndx: number;
  readonly segments: readonly Segment[];
  readonly sections: readonly Section[];
}

/** Why bytes that begin like ELF cannot be read. */
export interface Malformed {
  readonly malformed: { readonly offset: number; readonly reason: string };
}

const MAGIC = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);
const HEADER_SIZE = { 32: 52, 64: 64 } as const;
const SEGMENT_SIZE = { 32: 32, 64: 56 } as const;
const SECTION_SIZE = { 32: 40, 64: 64 } as const;
/** e_phnum's escape value; such files (more than 65534 segments) are not programs that anybody runs. */
const PN_XNUM = 0xffff;
/** e_shstrndx's escape value: the number stands in the first section header's sh_link. */
const SHN_XINDEX = 0xffff;
/** Section names are cut there, so that hostile ones do not fill the memory. */
const LONGEST_NAME = 256;

/** Reads numbers at offsets, in the file's class and byte order. Addresses above 2^53 are clipped, and fail later checks. */
export interface FieldReader {
  u16(at: number): number;
  u32(at: number): number;
  /** 32 or 64 bits by class. */
  word(at: number): number;
}

/** A reader over one buffer. */
export function fieldReader(
  bytes: Buffer,
  elf: { readonly class: 32 | 64; readonly littleEndian: boolean },
): FieldReader {
  const little = elf.littleEndian;
  const u32 = (at: number) => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  return {
    u16: (at) => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)),
    u32,
    word: (at) => (elf.class === 32 ? u32(at) : Number(little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at))),
  };
}

/** Whether bytes begin with ELF's magic. */
export function isElf(head: Buffer): boolean {
  return head.length >= 16 && head.subarray(0, 4).equals(MAGIC);
}

/** The NUL-terminated string at an offset of a buffer, `''` outside of it. */
export function cString(bytes: Buffer, at: number): string {
  if (at < 0 || at >= bytes.length) return '';
  const end = bytes.indexOf(0, at);
  return bytes.toString('latin1', at, end < 0 ? bytes.length : end);
}

function malformed(offset: number, reason: string): Malformed {
  return { malformed: { offset, reason } };
}

/** Reads the skeleton. Never throws on any content. */
export function parseElf(source: ByteSource): ElfFile | Malformed {
  const header = source.read(0, 64);
  if (!isElf(header)) return malformed(0, 'no ELF magic');
  const classByte = header[4];
  const order = header[5];
  if (classByte !== 1 && classByte !== 2) return malformed(4, `unknown class ${classByte}`);
  if (order !== 1 && order !== 2) return malformed(5, `unknown byte order ${order}`);
  const kind = { class: classByte === 1 ? 32 : 64, littleEndian: order === 1 } as const;
  if (header.length < HEADER_SIZE[kind.class]) return malformed(0, 'the file is shorter than an ELF header');
  const read = fieldReader(header, kind);
  const wide = kind.class === 64;
  const tail = wide ? 52 : 40;
  const base = {
    ...kind,
    type: read.u16(16),
    machine: read.u16(18),
    entry: read.word(24),
    phoff: read.word(wide ? 32 : 28),
    shoff: read.word(wide ? 40 : 32),
    phentsize: read.u16(tail + 2),
    shentsize: read.u16(tail + 6),
    shstrndx: read.u16(tail + 10),
  };
  const segments = readSegments(source, base, read.u16(tail + 4));
  if ('malformed' in segments) return segments;
  const sections = readSections(source, base, read.u16(tail + 8));
  if ('malformed' in sections) return sections;
  return { ...base, shstrndx: namesIndex(base, sections), segments, sections };
}

type Base = Omit<ElfFile, 'segments' | 'sections'>;

function readSegments(source: ByteSource, base: Base, count: number): Segment[] | Malformed {
  if (count === 0) return [];
  if (count === PN_XNUM) return malformed(base.phoff, 'more than 65534 program headers');
  if (base.phentsize !== SEGMENT_SIZE[base.class]) return malformed(0, `program headers of ${base.phentsize} bytes`);
  const table = source.read(base.phoff, count * base.phentsize);
  if (table.length !== count * base.phentsize) return malformed(base.phoff, 'the program headers end behind the file');
  const read = fieldReader(table, base);
  return Array.from({ length: count }, (_, i) => {
    const at = i * base.phentsize;
    return base.class === 64
      ? {
          type: read.u32(at),
          flags: read.u32(at + 4),
          offset: read.word(at + 8),
          vaddr: read.word(at + 16),
          filesz: read.word(at + 32),
          memsz: read.word(at + 40),
          align: read.word(at + 48),
        }
      : {
          type: read.u32(at),
          flags: read.u32(at + 24),
          offset: read.u32(at + 4),
          vaddr: read.u32(at + 8),
          filesz: read.u32(at + 16),
          memsz: read.u32(at + 20),
          align: read.u32(at + 28),
        };
  });
}

function readSections(source: ByteSource, base: Base, shnum: number): Section[] | Malformed {
  if (base.shoff === 0) return [];
  if (base.shentsize !== SECTION_SIZE[base.class]) {
    return shnum === 0 ? [] : malformed(0, `section headers of ${base.shentsize} bytes`);
  }
  const wide = base.class === 64;
  let count = shnum;
  if (count === 0) {
    // More than 65279 sections: the first header's sh_size counts them.
    const first = source.read(base.shoff, base.shentsize);
    if (first.length === base.shentsize) count = fieldReader(first, base).word(wide ? 32 : 20);
  }
  const length = count * base.shentsize;
  if (shnum === 0 && length > source.size - base.shoff) return [];
  if (length > source.size - base.shoff) return malformed(base.shoff, 'the section headers end behind the file');
  const table = source.read(base.shoff, length);
  const read = fieldReader(table, base);
  const raw = Array.from({ length: count }, (_, i) => {
    const at = i * base.shentsize;
    return {
      nameOffset: read.u32(at),
      type: read.u32(at + 4),
      flags: read.word(at + 8),
      addr: read.word(at + (wide ? 16 : 12)),
      offset: read.word(at + (wide ? 24 : 16)),
      size: read.word(at + (wide ? 32 : 20)),
      link: read.u32(at + (wide ? 40 : 24)),
    };
  });
  const names = raw[namesIndex(base, raw)];
  const nameBytes =
    names && names.type !== SHT_NOBITS ? source.read(names.offset, Math.min(names.size, 1 << 20)) : Buffer.alloc(0);
  return raw.map((section) => {
    const at = section.nameOffset;
    return { ...section, name: cString(nameBytes.subarray(at, at + LONGEST_NAME), 0) };
  });
}

/** Which section holds the names of all. */
function namesIndex(base: Base, sections: readonly { readonly link: number }[]): number {
  return base.shstrndx === SHN_XINDEX ? (sections[0]?.link ?? 0) : base.shstrndx;
}

/** File offset of a virtual address, through the PT_LOADs, as the loader maps them; undefined when no file bytes are there. */
export function offsetOfAddress(segments: readonly Segment[], address: number): number | undefined {
  const segment = segments.find(
    ({ type, vaddr, filesz }) => type === 1 && address >= vaddr && address < vaddr + filesz,
  );
  return segment && segment.offset + (address - segment.vaddr);
}

/** Whether the file is a module of the Linux kernel (its build leaves this section; kernel/module). */
export function isKernelModule(elf: ElfFile): boolean {
  return elf.sections.some(({ name }) => name === '.gnu.linkonce.this_module');
}
