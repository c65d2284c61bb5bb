/** The rules of ELF files; each has a page in docs/rules/elf. */

import type { Rule } from '../site.ts';

export const elfRules = [
  { id: 'elf/interpreter', summary: 'A program names its loader (PT_INTERP) by an absolute store path' },
  { id: 'elf/runpath', summary: 'A DT_RUNPATH or DT_RPATH entry is an absolute store path' },
  { id: 'elf/needed', summary: 'A DT_NEEDED entry names a library by an absolute store path' },
  { id: 'elf/soname', summary: 'A library calls itself (DT_SONAME) by an absolute store path' },
  { id: 'elf/string', summary: 'A store path is compiled into an ELF file' },
  { id: 'elf/immediate', summary: 'A store path stands in pieces in the operands of instructions' },
  { id: 'elf/wrapper', summary: 'A program that makeBinaryWrapper made passes on a store path' },
  { id: 'elf/debug', summary: 'A store path stands in debug information' },
] as const satisfies readonly Rule[];
