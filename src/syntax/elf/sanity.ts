/** What must be true of an ELF file before its structure may be changed; loaders are laxer, and that is their business. */

import { PT_DYNAMIC, PT_INTERP, PT_LOAD } from './constants.ts';
import type { ElfFile } from './file.ts';

/** User addresses and file sizes lie far below; sums of a few of them stay exact. */
const LIMIT = 2 ** 47;
/** SHN_LORESERVE: section numbers from here on have other meanings; a few are left for new sections. */
const MAX_SECTIONS = 0xff00 - 16;

/**
 * The first thing that is wrong with the headers, undefined when they can be relied on.
 *
 * @param size bytes of the file
 */
export function headerDefect(elf: ElfFile, size: number): string | undefined {
  if (elf.entry >= LIMIT || elf.phoff >= LIMIT || elf.shoff >= LIMIT) return 'an offset in the header is out of bounds';
  if (elf.sections.length > MAX_SECTIONS) return `there are ${elf.sections.length} sections`;
  let end = 0;
  let loads = 0;
  for (const [index, segment] of elf.segments.entries()) {
    const { type, offset, vaddr, filesz, memsz, align } = segment;
    if (type !== PT_LOAD && type !== PT_DYNAMIC && type !== PT_INTERP) continue;
    if (vaddr + memsz >= LIMIT || align >= LIMIT) return `program header ${index} has an address out of bounds`;
    if (offset + filesz > size) return `program header ${index} ends behind the file`;
    if (type !== PT_LOAD) continue;
    if (filesz > memsz) return `program header ${index} is larger in the file than in memory`;
    if (vaddr < end) return `program header ${index} overlaps the one before, or stands out of order`;
    if (align > 1 && (vaddr - offset) % align !== 0) return `program header ${index} is misaligned`;
    end = vaddr + memsz;
    loads++;
  }
  if (loads === 0) return 'nothing is loaded';
  if (elf.segments.filter(({ type }) => type === PT_INTERP).length > 1) return 'there are two interpreters';
  if (elf.segments.filter(({ type }) => type === PT_DYNAMIC).length > 1) return 'there are two dynamic sections';
  return undefined;
}
