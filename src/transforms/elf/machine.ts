/** The machines whose programs are rewritten. */

import { EM_AARCH64, EM_X86_64 } from '../../syntax/elf/constants.ts';
import type { ElfFile } from '../../syntax/elf/file.ts';

export type Machine = 'x86_64' | 'aarch64';

/** The largest page a kernel for the machine may have, bytes: segments are kept apart by it. */
export const PAGE_SIZE = { x86_64: 0x1000, aarch64: 0x10000 } as const;

/** Undefined for machines that are analysed only. */
export function machineOf(elf: ElfFile): Machine | undefined {
  if (elf.class !== 64 || !elf.littleEndian) return undefined;
  return elf.machine === EM_X86_64 ? 'x86_64' : elf.machine === EM_AARCH64 ? 'aarch64' : undefined;
}
