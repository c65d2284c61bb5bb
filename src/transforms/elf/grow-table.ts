/**
 * Makes .dynstr longer where it stands. GNU ld puts it before the tables of versions and relocations, at whose end the
 * page is filled up with zeros; those tables move up into the zeros. Only the dynamic section knows where they are, and
 * it is told. All tools then see one string table, in its section, as before.
 */

import {
  DT_GNU_HASH,
  DT_HASH,
  DT_JMPREL,
  DT_REL,
  DT_RELA,
  DT_RELR,
  DT_SYMTAB,
  DT_VERDEF,
  DT_VERNEED,
  DT_VERSYM,
  PT_LOAD,
  PT_PHDR,
  SHF_ALLOC,
  SHT_DYNSYM,
  SHT_GNU_HASH,
  SHT_GNU_VERDEF,
  SHT_GNU_VERNEED,
  SHT_GNU_VERSYM,
  SHT_HASH,
  SHT_REL,
  SHT_RELA,
  SHT_RELR,
} from '../../syntax/elf/constants.ts';
import { type Dynamic, stringTableSection } from '../../syntax/elf/dynamic.ts';
import type { ElfFile, Section, Segment } from '../../syntax/elf/file.ts';
import type { ProgramHeaders } from './headers.ts';
import { type ElfImage, roundUp, SECTION_SIZE, SEGMENT_SIZE } from './image.ts';
import { hasPadding } from './room.ts';

/** Sections that nothing but the dynamic section points to. */
const MOVABLE = new Set([
  SHT_RELA,
  SHT_HASH,
  SHT_REL,
  SHT_DYNSYM,
  SHT_RELR,
  SHT_GNU_HASH,
  SHT_GNU_VERDEF,
  SHT_GNU_VERNEED,
  SHT_GNU_VERSYM,
]);

/** Dynamic entries that hold the address of such a section. */
const POINTERS = new Set([
  DT_HASH,
  DT_SYMTAB,
  DT_RELA,
  DT_REL,
  DT_JMPREL,
  DT_RELR,
  DT_GNU_HASH,
  DT_VERSYM,
  DT_VERDEF,
  DT_VERNEED,
]);

/** No table needs more than 8; addresses keep their remainder by this. */
const STEP = 16;

/** What stands behind .dynstr in its segment. */
interface Layout {
  readonly table: Section;
  readonly segment: Segment;
  readonly moved: readonly Section[];
}

/** The tables behind .dynstr up to the end of its segment; undefined when anything else stands there. */
function layoutOf(elf: ElfFile, dynamic: Dynamic): Layout | undefined {
  const { strtab, strtabOffset, strtabSize } = dynamic;
  const table = stringTableSection(elf, dynamic);
  const segment = elf.segments.find(({ type, vaddr, filesz }) => {
    return type === PT_LOAD && strtab >= vaddr && strtab < vaddr + filesz;
  });
  if (table === undefined || segment === undefined) return undefined;
  if (table.offset !== strtabOffset || table.size !== strtabSize) return undefined;
  const start = table.offset + table.size;
  const end = segment.offset + segment.filesz;
  if (start > end) return undefined;
  const delta = segment.vaddr - segment.offset;
  const moved = elf.sections.filter(({ flags, size, addr, offset }) => {
    const isThere = offset < end && offset + size > start;
    return size > 0 && isThere && (flags & SHF_ALLOC || addr - offset === delta);
  });
  const isMovable = (section: Section) =>
    MOVABLE.has(section.type) &&
    section.offset >= start &&
    section.offset + section.size <= end &&
    section.addr - section.offset === delta;
  return moved.every(isMovable) && !isPointedInto(elf, start, end) ? { table, segment, moved } : undefined;
}

/** Whether a header other than a PT_LOAD is about bytes of `[start, end)`. */
function isPointedInto(elf: ElfFile, start: number, end: number): boolean {
  const meets = (offset: number, size: number) => offset < end && offset + size > start;
  return (
    meets(elf.phoff, elf.segments.length * SEGMENT_SIZE) ||
    meets(elf.shoff, elf.sections.length * SECTION_SIZE) ||
    elf.segments.some((s) => s.type !== PT_LOAD && s.type !== PT_PHDR && s.filesz > 0 && meets(s.offset, s.filesz))
  );
}

/** Whether a dynamic symbol is defined in one of the sections; code may then reach it without the dynamic section. */
function holdsSymbols(image: ElfImage, sections: readonly Section[]): boolean {
  const { elf, source } = image;
  const symbols = elf.sections.find(({ type }) => type === SHT_DYNSYM);
  if (symbols === undefined) return false;
  const bytes = source.read(symbols.offset, symbols.size);
  const indexes = new Set(sections.map((section) => elf.sections.indexOf(section)));
  for (let at = 0; at + 24 <= bytes.length; at += 24) if (indexes.has(bytes.readUInt16LE(at + 6))) return true;
  return false;
}

/**
 * Appends bytes to the string table in place.
 *
 * @param page the machine's page size, bytes
 * @returns whether there was room; nothing is changed if not
 */
export function growTable(
  image: ElfImage,
  headers: ProgramHeaders,
  dynamic: Dynamic,
  bytes: Buffer,
  page: number,
): boolean {
  const layout = layoutOf(image.elf, dynamic);
  if (layout === undefined) return false;
  const { table, segment, moved } = layout;
  const shift = roundUp(bytes.length, STEP);
  if (!hasPadding(image, segment, shift, page) || holdsSymbols(image, moved)) return false;

  const start = table.offset + table.size;
  const end = segment.offset + segment.filesz;
  const first = segment.vaddr + (start - segment.offset);
  const last = segment.vaddr + segment.filesz;
  const pieces = [bytes, Buffer.alloc(shift - bytes.length), image.source.read(start, end - start)];
  image.patch(start, Buffer.concat(pieces));
  headers.grow(segment, shift);
  image.moveSection({ section: table, addr: table.addr, offset: table.offset, size: table.size + bytes.length });
  for (const section of moved) {
    image.moveSection({ section, addr: section.addr + shift, offset: section.offset + shift, size: section.size });
  }
  for (const { tag, value, valueOffset } of dynamic.entries) {
    if (POINTERS.has(tag) && value >= first && value < last) image.patch64(valueOffset, value + shift);
  }
  return true;
}
