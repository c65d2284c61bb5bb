/** Room for strings that are longer than the ones they replace, in the order of least change. */

import { PF_X, PT_LOAD, SHT_NOBITS } from '../../syntax/elf/constants.ts';
import type { Dynamic } from '../../syntax/elf/dynamic.ts';
import type { ElfFile, Segment } from '../../syntax/elf/file.ts';
import { type ElfImage, SECTION_SIZE, SEGMENT_SIZE } from './image.ts';

/** Padding behind a segment that may become part of it. */
export interface Slack {
  readonly segment: Segment;
  /** File offset and virtual address of the first free byte. */
  readonly offset: number;
  readonly address: number;
  readonly executable: boolean;
}

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
 * Finds zero padding behind a read-only segment: linkers fill the file up to the next page (ld's -z separate-code). It
 * is mapped already, as part of the segment's last page; making the segment cover it costs nothing.
 *
 * The offset of a string from DT_STRTAB must be the same in the file and in memory, so that tools that read the table
 * from the file in one piece (readelf, patchelf) see the string too.
 */
export function findSlack(image: ElfImage, dynamic: Dynamic, bytes: number): Slack | undefined {
  const { elf, source } = image;
  const loads = elf.segments.filter(({ type }) => type === PT_LOAD);
  for (const [index, segment] of loads.entries()) {
    if (segment.filesz !== segment.memsz || segment.filesz === 0) continue;
    // Writable segments end in .bss or begin it; their padding is the program's own.
    if (segment.flags & 2) continue;
    if (segment.offset - segment.vaddr !== dynamic.strtabOffset - dynamic.strtab) continue;
    const offset = segment.offset + segment.filesz;
    const address = segment.vaddr + segment.filesz;
    if (address < dynamic.strtab || isUsed(elf, offset)) continue;
    const page = Math.max(segment.align, 1);
    const next = loads[index + 1];
    const mapped = Math.ceil(address / page) * page;
    const addressLimit = next === undefined ? mapped : Math.min(mapped, Math.floor(next.vaddr / page) * page);
    const room = Math.min(nextUsed(elf, offset, source.size) - offset, addressLimit - address);
    if (room < bytes || source.read(offset, bytes).some((byte) => byte !== 0)) continue;
    return { segment, offset, address, executable: (segment.flags & PF_X) !== 0 };
  }
  return undefined;
}
