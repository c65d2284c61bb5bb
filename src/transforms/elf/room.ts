/** Padding that linkers leave behind a segment, to the end of its last page; it is mapped anyway. */

import { PT_LOAD, SHT_NOBITS } from '../../syntax/elf/constants.ts';
import type { ElfFile, Segment } from '../../syntax/elf/file.ts';
import { type ElfImage, SECTION_SIZE, SEGMENT_SIZE } from './image.ts';

const PF_W = 2;

/** The first offset at or behind `offset` that any header accounts for. */
function nextUsed(elf: ElfFile, offset: number, size: number): number {
  const starts = [
    size,
    ...(elf.shoff >= offset ? [elf.shoff] : []),
    ...(elf.phoff >= offset ? [elf.phoff] : []),
    ...elf.segments.filter((s) => s.filesz > 0 && s.offset >= offset).map((s) => s.offset),
    ...elf.sections.filter((s) => s.type !== SHT_NOBITS && s.size > 0 && s.offset >= offset).map((s) => s.offset),
  ];
  return Math.min(...starts);
}

/** Whether any header's bytes contain the offset. */
function isUsed(elf: ElfFile, offset: number): boolean {
  const inside = (start: number, size: number) => offset >= start && offset < start + size;
  return (
    inside(elf.shoff, elf.sections.length * SECTION_SIZE) ||
    inside(elf.phoff, elf.segments.length * SEGMENT_SIZE) ||
    elf.segments.some((s) => inside(s.offset, s.filesz)) ||
    elf.sections.some((s) => s.type !== SHT_NOBITS && inside(s.offset, s.size))
  );
}

/**
 * Whether a read-only segment can be made `bytes` longer, over zeros that nothing else uses, without needing a page
 * more. Writable segments are never extended: what follows them is the program's .bss.
 *
 * @param page the machine's page size, bytes
 */
export function hasPadding(image: ElfImage, segment: Segment, bytes: number, page: number): boolean {
  const { elf, source } = image;
  if (segment.type !== PT_LOAD || segment.flags & PF_W) return false;
  if (segment.filesz !== segment.memsz || segment.filesz === 0) return false;
  const offset = segment.offset + segment.filesz;
  const address = segment.vaddr + segment.filesz;
  if (isUsed(elf, offset)) return false;
  const next = elf.segments.find(({ type, vaddr }) => type === PT_LOAD && vaddr >= address);
  const pageEnd = Math.ceil(address / page) * page;
  const limit = next === undefined ? pageEnd : Math.min(pageEnd, Math.floor(next.vaddr / page) * page);
  if (Math.min(nextUsed(elf, offset, source.size) - offset, limit - address) < bytes) return false;
  return source.read(offset, bytes).every((byte) => byte === 0);
}
