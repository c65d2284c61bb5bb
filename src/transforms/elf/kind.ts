/** How an ELF file gets to run, which decides who opens the store alias for it. */

import type { ByteSource } from '../../store/byte-source.ts';
import {
  DF_1_PIE,
  DT_FLAGS_1,
  DT_SONAME,
  ET_DYN,
  ET_EXEC,
  ET_REL,
  PF_X,
  PT_INTERP,
  PT_LOAD,
} from '../../syntax/elf/constants.ts';
import type { Dynamic } from '../../syntax/elf/dynamic.ts';
import { type ElfFile, isKernelModule } from '../../syntax/elf/file.ts';
import { decodeStubConfig, STUB_MAGIC } from '../../syntax/loader-stub-config.ts';

export type Kind =
  /** The kernel starts it through a loader. */
  | 'program'
  /** The same, with a loader stub in it already. */
  | 'relocated'
  /** Other programs load it, though it may have an interpreter too, as libc and Qt have. */
  | 'library'
  | 'static'
  /** Input of a linker. */
  | 'object'
  | 'kernel-module'
  | 'other';

/** What the stub's code takes at most, bytes. */
const MAX_STUB = 1 << 16;

/** Whether the file starts in a loader stub. */
function startsInStub(source: ByteSource, elf: ElfFile): boolean {
  const segment = elf.segments.find(({ type, flags, vaddr, filesz }) => {
    return type === PT_LOAD && flags & PF_X && elf.entry >= vaddr && elf.entry < vaddr + filesz;
  });
  if (segment === undefined || !elf.littleEndian) return false;
  const at = segment.offset + (elf.entry - segment.vaddr);
  const bytes = source.read(at, Math.min(MAX_STUB, segment.offset + segment.filesz - at));
  const magic = bytes.indexOf(STUB_MAGIC);
  return magic >= 0 && decodeStubConfig(bytes.subarray(magic))?.stubAddress === elf.entry;
}

export function kindOf(source: ByteSource, elf: ElfFile, dynamic: Dynamic | undefined): Kind {
  if (elf.type === ET_REL) return isKernelModule(elf) ? 'kernel-module' : 'object';
  if (elf.type !== ET_EXEC && elf.type !== ET_DYN) return 'other';
  const entry = (tag: number) => dynamic?.entries.find((candidate) => candidate.tag === tag)?.value;
  const isPie = ((entry(DT_FLAGS_1) ?? 0) & DF_1_PIE) !== 0;
  if (elf.segments.some(({ type }) => type === PT_INTERP)) {
    const isLibrary = elf.type === ET_DYN && !isPie && (entry(DT_SONAME) !== undefined || elf.entry === 0);
    return isLibrary ? 'library' : 'program';
  }
  if (startsInStub(source, elf)) return 'relocated';
  return elf.type === ET_EXEC || isPie ? 'static' : 'library';
}
