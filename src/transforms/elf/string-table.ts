/**
 * New strings for the dynamic string table. It stays one stretch of bytes with one section header over it: binutils
 * looks dynamic strings up by section (bfd/elf.c, `bfd_elf_string_from_elf_section`), and GNU ld refuses to link against
 * a library whose strings lie outside.
 */

import { DT_STRSZ, DT_STRTAB } from '../../syntax/elf/constants.ts';
import { type Dynamic, stringTableSection } from '../../syntax/elf/dynamic.ts';
import { growTable } from './grow-table.ts';
import type { ProgramHeaders } from './headers.ts';
import type { ElfImage } from './image.ts';
import { hasPadding } from './room.ts';

/** A longer copy of the table that found no room: the caller places its bytes in a new segment and commits to where. */
export interface NewTable {
  readonly bytes: Buffer;
  /** To be called before the program headers are written. */
  commit(offset: number, address: number): void;
}

export interface NewStrings {
  /** NUL-terminated strings; they come to lie `dynamic.strtabSize` bytes behind the table's first byte. */
  readonly texts: Buffer;
  /** Changes the old strings, in a copy of the table; the length stays. */
  amend(table: Buffer): void;
  /** Told where the table begins in the end. */
  placed(offset: number, address: number): void;
}

/**
 * Appends strings to the table, in the order of least change: where it stands; in a copy in the padding behind a
 * segment; else the copy is handed back.
 *
 * @param page the machine's page size, bytes
 */
export function appendStrings(
  image: ElfImage,
  headers: ProgramHeaders,
  dynamic: Dynamic,
  strings: NewStrings,
  page: number,
): NewTable | undefined {
  const patchEntry = (tag: number, value: number) => {
    for (const entry of dynamic.entries) if (entry.tag === tag) image.patch64(entry.valueOffset, value);
  };
  if (growTable(image, headers, dynamic, strings.texts, page)) {
    patchEntry(DT_STRSZ, dynamic.strtabSize + strings.texts.length);
    strings.placed(dynamic.strtabOffset, dynamic.strtab);
    return undefined;
  }
  const old = Buffer.from(image.source.read(dynamic.strtabOffset, dynamic.strtabSize));
  strings.amend(old);
  const bytes = Buffer.concat([old, strings.texts]);
  const table: NewTable = {
    bytes,
    commit(offset, address) {
      patchEntry(DT_STRTAB, address);
      patchEntry(DT_STRSZ, bytes.length);
      const section = stringTableSection(image.elf, dynamic);
      if (section !== undefined) image.moveSection({ section, addr: address, offset, size: bytes.length });
      strings.placed(offset, address);
    },
  };
  return intoPadding(image, headers, table, page) ? undefined : table;
}

/** Puts a table into the padding behind a read-only segment, if it fits there. */
function intoPadding(image: ElfImage, headers: ProgramHeaders, table: NewTable, page: number): boolean {
  const segment = image.elf.segments.find((s) => hasPadding(image, s, table.bytes.length, page));
  if (segment === undefined) return false;
  const offset = segment.offset + segment.filesz;
  image.patch(offset, table.bytes);
  headers.grow(segment, table.bytes.length);
  table.commit(offset, segment.vaddr + segment.filesz);
  return true;
}
