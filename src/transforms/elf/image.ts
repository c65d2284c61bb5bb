/**
 * An ELF64 little-endian file in the course of its rewriting. Nothing that is loaded moves: bytes are patched in
 * place, and new ones are put into padding or behind the end of the file, with a section header over each new stretch
 * so that strip and objcopy keep it.
 */

import type { ByteSource } from '../../store/byte-source.ts';
import { PT_LOAD, SHF_ALLOC, SHF_EXECINSTR, SHT_NOBITS, SHT_PROGBITS } from '../../syntax/elf/constants.ts';
import type { ElfFile, Section, Segment } from '../../syntax/elf/file.ts';
import type { Edit } from '../transform.ts';

export const SEGMENT_SIZE = 56;
export const SECTION_SIZE = 64;

/** A new stretch of loaded bytes that needs a section header. */
export interface NewSection {
  readonly name: string;
  readonly addr: number;
  readonly offset: number;
  readonly size: number;
  readonly executable: boolean;
}

/** Changed fields of an existing section header. */
export interface MovedSection {
  readonly section: Section;
  readonly addr: number;
  readonly offset: number;
  readonly size: number;
}

export interface ElfImage {
  readonly source: ByteSource;
  readonly elf: ElfFile;
  /** Overwrites bytes of the file. Later patches win over earlier ones where they overlap wholly. */
  patch(offset: number, bytes: Buffer): void;
  patch64(offset: number, value: number): void;
  /** Where the next appended byte goes, after rounding up. */
  appendOffset(alignment: number): number;
  /** Appends bytes at `appendOffset(alignment)`; returns their file offset. */
  append(bytes: Buffer, alignment: number): number;
  addSection(section: NewSection): void;
  moveSection(section: MovedSection): void;
  /** The finished edits, sorted and disjoint. */
  edits(): Edit[];
}

const word = (value: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};

/** First virtual address behind everything that is loaded. */
export function endOfMemory(segments: readonly Segment[]): number {
  return Math.max(0, ...segments.filter(({ type }) => type === PT_LOAD).map(({ vaddr, memsz }) => vaddr + memsz));
}

/** Rounds up to a multiple of a power of two. */
export function roundUp(value: number, alignment: number): number {
  return Math.ceil(value / alignment) * alignment;
}

/** Whether the section header table is the last thing in the file, so that it can simply be written anew. */
function tableIsLast(elf: ElfFile, size: number): boolean {
  return elf.sections.length > 0 && elf.shoff + elf.sections.length * SECTION_SIZE === size;
}

/** Last byte that any header accounts for; what lies behind is somebody's payload. */
export function endOfContents(elf: ElfFile): number {
  const ends = [
    elf.shoff + elf.sections.length * SECTION_SIZE,
    elf.phoff + elf.segments.length * SEGMENT_SIZE,
    ...elf.segments.map(({ offset, filesz }) => offset + filesz),
    ...elf.sections.filter(({ type }) => type !== SHT_NOBITS).map(({ offset, size }) => offset + size),
  ];
  return Math.max(...ends);
}

/** @param name where the section's name stands in .shstrtab */
function sectionHeader(section: NewSection, name: number): Buffer {
  const header = Buffer.alloc(SECTION_SIZE);
  header.writeUInt32LE(name, 0);
  header.writeUInt32LE(SHT_PROGBITS, 4);
  header.writeBigUInt64LE(BigInt(SHF_ALLOC | (section.executable ? SHF_EXECINSTR : 0)), 8);
  header.writeBigUInt64LE(BigInt(section.addr), 16);
  header.writeBigUInt64LE(BigInt(section.offset), 24);
  header.writeBigUInt64LE(BigInt(section.size), 32);
  header.writeBigUInt64LE(1n, 48);
  return header;
}

/** Starts a rewriting. */
export function elfImage(source: ByteSource, elf: ElfFile): ElfImage {
  const patches: { readonly offset: number; readonly bytes: Buffer }[] = [];
  const start = tableIsLast(elf, source.size) ? elf.shoff : source.size;
  const appended: Buffer[] = [];
  let end = start;
  const added: NewSection[] = [];
  const moved: MovedSection[] = [];

  const append = (bytes: Buffer, alignment: number): number => {
    const at = roundUp(end, alignment);
    if (at > end) appended.push(Buffer.alloc(at - end));
    appended.push(bytes);
    end = at + bytes.length;
    return at;
  };
  const patch = (offset: number, bytes: Buffer) => {
    patches.push({ offset, bytes });
  };
  const patch64 = (offset: number, value: number) => patch(offset, word(value));

  /** The section header table with the changed fields. */
  const sectionTable = (): Buffer => {
    const table = Buffer.from(source.read(elf.shoff, elf.sections.length * SECTION_SIZE));
    for (const { section, addr, offset, size } of moved) {
      const at = elf.sections.indexOf(section) * SECTION_SIZE;
      table.writeBigUInt64LE(BigInt(addr), at + 16);
      table.writeBigUInt64LE(BigInt(offset), at + 24);
      table.writeBigUInt64LE(BigInt(size), at + 32);
    }
    return table;
  };

  /** Appends the section header table, with the added sections at its end and their names in a new .shstrtab. */
  const appendSections = () => {
    if (elf.sections.length === 0) return;
    const names = elf.sections[elf.shstrndx];
    const table = sectionTable();
    let strings = names === undefined ? Buffer.alloc(1) : Buffer.from(source.read(names.offset, names.size));
    const headers = added.map((section) => {
      const header = sectionHeader(section, strings.length);
      strings = Buffer.concat([strings, Buffer.from(`${section.name}\0`, 'latin1')]);
      return header;
    });
    if (names !== undefined && added.length > 0) {
      const offset = append(strings, 1);
      table.writeBigUInt64LE(BigInt(offset), elf.shstrndx * SECTION_SIZE + 24);
      table.writeBigUInt64LE(BigInt(strings.length), elf.shstrndx * SECTION_SIZE + 32);
    }
    patch64(40, append(Buffer.concat([table, ...headers]), 8));
    const count = Buffer.alloc(2);
    count.writeUInt16LE(elf.sections.length + headers.length);
    patch(60, count);
  };

  return {
    source,
    elf,
    patch,
    patch64,
    appendOffset: (alignment) => roundUp(end, alignment),
    append,
    addSection: (section) => added.push(section),
    moveSection: (section) => moved.push(section),
    edits() {
      if (appended.length > 0 || added.length > 0) appendSections();
      else if (moved.length > 0) patch(elf.shoff, sectionTable());
      const edits = mergePatches(source, patches);
      if (appended.length > 0) {
        edits.push({
          offset: start,
          expected: Buffer.from(source.read(start, source.size - start)),
          replacement: Buffer.concat(appended),
        });
      }
      return edits;
    },
  };
}

/** Patches to disjoint edits: they are laid over the file's bytes in order, touching ones become one edit. */
function mergePatches(
  source: ByteSource,
  patches: readonly { readonly offset: number; readonly bytes: Buffer }[],
): Edit[] {
  const ranges: { start: number; end: number }[] = [];
  for (const { offset, bytes } of [...patches].sort((a, b) => a.offset - b.offset)) {
    const last = ranges.at(-1);
    if (last !== undefined && offset <= last.end) last.end = Math.max(last.end, offset + bytes.length);
    else ranges.push({ start: offset, end: offset + bytes.length });
  }
  const edits = ranges.map(({ start, end }) => {
    const expected = Buffer.from(source.read(start, end - start));
    return { offset: start, expected, replacement: Buffer.from(expected) };
  });
  for (const { offset, bytes } of patches) {
    const edit = editAt(edits, offset);
    if (edit !== undefined) bytes.copy(edit.replacement, offset - edit.offset);
  }
  return edits.filter(({ expected, replacement }) => !expected.equals(replacement));
}

/** The last edit that starts at or before an offset; edits are sorted. */
function editAt(edits: readonly Edit[], offset: number): Edit | undefined {
  let low = 0;
  let high = edits.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edits[middle] as Edit).offset <= offset) low = middle + 1;
    else high = middle;
  }
  return edits[low - 1];
}
