/**
 * The last resort for a file whose string table found no room (lld, gold and aarch64 lay segments out without padding)
 * and which gets no loader stub: a new segment at the end, for a copy of the table.
 */

import { PF_R, PT_INTERP, PT_LOAD, PT_PHDR } from '../../syntax/elf/constants.ts';
import type { ProgramHeaders } from './headers.ts';
import { type ElfImage, endOfMemory, roundUp, SEGMENT_SIZE } from './image.ts';
import { type Refusal, refuse } from './refusal.ts';
import type { NewTable } from './string-table.ts';

/** Program headers that a file can count. */
const MAX_HEADERS = 0xfffe;
/** So much may be added to a file to keep its offsets and addresses in step, bytes. */
const MAX_FILLING = 1 << 20;

/**
 * Places the table. The new segment takes the program header of a library's PT_PHDR, which loaders do without
 * (glibc elf/dl-load.c, `_dl_map_object_from_fd`); where there is none, the headers move into the new segment too, as
 * patchelf does it.
 *
 * @param page the machine's page size, bytes
 * @returns why it cannot be done; nothing is changed then
 */
export function placeTableSegment(
  image: ElfImage,
  headers: ProgramHeaders,
  table: NewTable,
  page: number,
): Refusal | undefined {
  const { segments } = image.elf;
  const ownHeader = segments.find(({ type }) => type === PT_PHDR);
  const isProgram = segments.some(({ type }) => type === PT_INTERP);
  if (ownHeader !== undefined && !isProgram) {
    headers.remove(ownHeader);
    const offset = image.appendOffset(8);
    const address = roundUp(endOfMemory(segments), page) + (offset % page);
    addSegment(headers, offset, address, table.bytes.length, page);
    table.commit(offset, address);
    image.append(table.bytes, 8);
    return undefined;
  }
  if (segments.length >= MAX_HEADERS) return refuse('no-room', 'there is no room for one more program header');
  return moveHeaders(image, headers, table, page, isProgram);
}

function addSegment(headers: ProgramHeaders, offset: number, vaddr: number, size: number, align: number): void {
  headers.addLoad({ type: PT_LOAD, flags: PF_R, offset, vaddr, filesz: size, memsz: size, align });
}

/** Appends `[program headers][string table]` as a segment. */
function moveHeaders(
  image: ElfImage,
  headers: ProgramHeaders,
  table: NewTable,
  page: number,
  isProgram: boolean,
): Refusal | undefined {
  const { segments } = image.elf;
  const headerBytes = (segments.length + 1) * SEGMENT_SIZE;
  const size = headerBytes + table.bytes.length;
  const end = roundUp(endOfMemory(segments), page);
  let offset = image.appendOffset(8);
  let address = end + (offset % page);
  if (isProgram) {
    // Kernels before 5.18 tell a program that its headers lie at e_phoff behind its first byte in memory.
    const first = segments.find(({ type }) => type === PT_LOAD);
    const delta = first === undefined ? 0 : first.vaddr - first.offset;
    const filling = end - delta - offset;
    if (filling > MAX_FILLING) return refuse('no-room', 'there is no padding for longer strings');
    if (filling > 0) {
      image.append(Buffer.alloc(filling), 8);
      offset = image.appendOffset(8);
    }
    address = offset + delta;
  }
  addSegment(headers, offset, address, size, page);
  const ownHeader = segments.find(({ type }) => type === PT_PHDR);
  if (ownHeader !== undefined) headers.place(ownHeader, offset, address, headerBytes);
  table.commit(offset + headerBytes, address + headerBytes);
  image.append(Buffer.concat([headers.bytes(), table.bytes]), 8);
  image.addSection({ name: '.unmoor.phdr', addr: address, offset, size: headerBytes, executable: false });
  headers.moveTo(offset);
  image.patch64(32, offset);
  const count = Buffer.alloc(2);
  count.writeUInt16LE(segments.length + 1);
  image.patch(56, count);
  return undefined;
}
