/** The dynamic section: entries, and the strings they name (gABI, "Dynamic Section"; glibc elf/dl-load.c). */

import type { ByteSource } from '../../store/byte-source.ts';
import { DT_NULL, DT_STRSZ, DT_STRTAB, PT_DYNAMIC, SHT_DYNAMIC, SHT_STRTAB } from './constants.ts';
import { cString, type ElfFile, fieldReader, offsetOfAddress, type Section } from './file.ts';

export interface DynamicEntry {
  readonly tag: number;
  readonly value: number;
  /** File offset of the entry's value. */
  readonly valueOffset: number;
  /** Virtual address of the entry's value. */
  readonly valueAddress: number;
}

export interface Dynamic {
  readonly entries: readonly DynamicEntry[];
  /** DT_STRTAB, a virtual address. */
  readonly strtab: number;
  /** File offset of DT_STRTAB. */
  readonly strtabOffset: number;
  /** DT_STRSZ, clipped to the file. */
  readonly strtabSize: number;
}

/** A dynamic section larger than this is hostile, bytes. */
const MAX_DYNAMIC = 1 << 16;

/** Reads the dynamic section; undefined when there is none, or it cannot be read. */
export function readDynamic(source: ByteSource, elf: ElfFile): Dynamic | undefined {
  const segment = elf.segments.find(({ type }) => type === PT_DYNAMIC);
  if (segment === undefined || segment.filesz > MAX_DYNAMIC) return undefined;
  const bytes = source.read(segment.offset, segment.filesz);
  const read = fieldReader(bytes, elf);
  const wordSize = elf.class / 8;
  const entries: DynamicEntry[] = [];
  for (let at = 0; at + 2 * wordSize <= bytes.length; at += 2 * wordSize) {
    const tag = read.word(at);
    if (tag === DT_NULL) break;
    entries.push({
      tag,
      value: read.word(at + wordSize),
      valueOffset: segment.offset + at + wordSize,
      valueAddress: segment.vaddr + at + wordSize,
    });
  }
  const strtab = entries.find(({ tag }) => tag === DT_STRTAB)?.value;
  const strsz = entries.find(({ tag }) => tag === DT_STRSZ)?.value;
  if (strtab === undefined || strsz === undefined) return undefined;
  const strtabOffset = offsetOfAddress(elf.segments, strtab);
  if (strtabOffset === undefined || strtabOffset >= source.size) return undefined;
  return { entries, strtab, strtabOffset, strtabSize: Math.min(strsz, source.size - strtabOffset) };
}

/** The string that a dynamic entry's value names. */
export function dynamicString(source: ByteSource, dynamic: Dynamic, value: number): string {
  if (value >= dynamic.strtabSize) return '';
  const limit = Math.min(dynamic.strtabSize - value, 1 << 16);
  return cString(source.read(dynamic.strtabOffset + value, limit), 0);
}

/** The section header of DT_STRTAB: the one that .dynamic is linked to, as binutils finds it, else any at its address. */
export function stringTableSection(elf: ElfFile, dynamic: Dynamic): Section | undefined {
  const link = elf.sections.find(({ type }) => type === SHT_DYNAMIC)?.link;
  const linked = link === undefined ? undefined : elf.sections[link];
  if (linked !== undefined && linked.addr === dynamic.strtab) return linked;
  return elf.sections.find(({ addr, type }) => addr === dynamic.strtab && type === SHT_STRTAB);
}
