/**
 * The last resort for a library whose string table found no room (aarch64 and lld lay segments out without padding): a
 * new segment at the end, that holds the copied string table and, since it needs one more program header, the program
 * header table too. ld.so reads that table wherever e_phoff says (glibc elf/dl-load.c, open_verify).
 */

import { PF_R, PT_INTERP, PT_LOAD, PT_PHDR } from '../../syntax/elf/constants.ts';
import type { NewTable } from './dynamic-strings.ts';
import type { ProgramHeaders } from './headers.ts';
import { type ElfImage, endOfMemory, roundUp, SEGMENT_SIZE } from './image.ts';
import { type Machine, PAGE_SIZE } from './machine.ts';
import { type Refusal, refuse } from './refusal.ts';

/** Program headers that a file can count. */
const MAX_HEADERS = 0xfffe;

/** Why the program header table cannot move; undefined when it can. */
export function tableRefusal(image: ElfImage): Refusal | undefined {
  const { segments } = image.elf;
  if (segments.some(({ type }) => type === PT_INTERP || type === PT_PHDR)) {
    return refuse(
      'no-room',
      'there is no padding for longer strings, and kernels before 5.18 need the program headers where they are',
    );
  }
  return segments.length >= MAX_HEADERS ? refuse('no-room', 'there is no room for one more program header') : undefined;
}

/** Appends `[program headers][string table]` as a new read-only segment, and writes the headers there. */
export function placeTableSegment(image: ElfImage, headers: ProgramHeaders, machine: Machine, table: NewTable): void {
  const { elf } = image;
  const page = PAGE_SIZE[machine];
  const headerBytes = (elf.segments.length + 1) * SEGMENT_SIZE;
  const offset = image.appendOffset(8);
  const address = roundUp(endOfMemory(elf.segments), page) + (offset % page);
  const size = headerBytes + table.bytes.length;
  headers.addLoad({ type: PT_LOAD, flags: PF_R, offset, vaddr: address, filesz: size, memsz: size, align: page });
  image.append(Buffer.concat([headers.bytes(), table.bytes]), 8);
  image.addSection({ name: '.unmoor.phdr', addr: address, offset, size: headerBytes, executable: false });
  table.commit(offset + headerBytes, address + headerBytes);
  image.patch64(32, offset);
  const count = Buffer.alloc(2);
  count.writeUInt16LE(elf.segments.length + 1);
  image.patch(56, count);
}
