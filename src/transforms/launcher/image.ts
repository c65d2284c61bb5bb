/**
 * The ELF file of a launcher: code that is the same in all of them, what this one does, and the wrapper's text for people.
 * One segment, no dynamic section; sections, so that strip(1) and objcopy(1) keep everything.
 */

const HEADER = 64;
const PROGRAM_HEADER = 56;
const SECTION_HEADER = 64;

const PT_LOAD = 1;
const PT_GNU_STACK = 0x6474e551;
const SHT_PROGBITS = 1;
const SHT_STRTAB = 3;
const ALLOCATED = 2;
const EXECUTABLE = 4;

export const MACHINES = {
  x86_64: { number: 62, page: 0x1000 },
  aarch64: { number: 183, page: 0x10000 },
} as const;

interface Section {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly size: number;
}

function aligned(size: number): number {
  return Math.ceil(size / 16) * 16;
}

function sectionHeader({ type, flags, offset, size }: Section, name: number): Buffer {
  const bytes = Buffer.alloc(SECTION_HEADER);
  bytes.writeUInt32LE(name, 0);
  bytes.writeUInt32LE(type, 4);
  bytes.writeBigUInt64LE(BigInt(flags), 8);
  bytes.writeBigUInt64LE(BigInt(flags & ALLOCATED ? offset : 0), 16);
  bytes.writeBigUInt64LE(BigInt(offset), 24);
  bytes.writeBigUInt64LE(BigInt(size), 32);
  bytes.writeBigUInt64LE(BigInt(flags & ALLOCATED ? 16 : 1), 48);
  return bytes;
}

function programHeader(type: number, flags: number, size: number, align: number): Buffer {
  const bytes = Buffer.alloc(PROGRAM_HEADER);
  bytes.writeUInt32LE(type, 0);
  bytes.writeUInt32LE(flags, 4);
  bytes.writeBigUInt64LE(BigInt(size), 32);
  bytes.writeBigUInt64LE(BigInt(size), 40);
  bytes.writeBigUInt64LE(BigInt(align), 48);
  return bytes;
}

/**
 * Puts a launcher together.
 *
 * @param code position-independent; its entry is its first byte, and it looks for `program` right behind itself
 * @param text shown by strings(1)
 */
export function launcherImage(machine: keyof typeof MACHINES, code: Buffer, program: Buffer, text: Buffer): Buffer {
  const start = HEADER + 2 * PROGRAM_HEADER;
  const programAt = start + code.length;
  const textAt = programAt + program.length;
  const loaded = textAt + text.length + 1;
  const names = '\0.unmoor.launcher\0.unmoor.program\0.unmoor.wrapper\0.shstrtab\0';
  const sections: readonly Section[] = [
    { name: '.unmoor.launcher', type: SHT_PROGBITS, flags: ALLOCATED | EXECUTABLE, offset: start, size: code.length },
    { name: '.unmoor.program', type: SHT_PROGBITS, flags: ALLOCATED, offset: programAt, size: program.length },
    { name: '.unmoor.wrapper', type: SHT_PROGBITS, flags: ALLOCATED, offset: textAt, size: text.length + 1 },
    { name: '.shstrtab', type: SHT_STRTAB, flags: 0, offset: loaded, size: names.length },
  ];
  const sectionsAt = aligned(loaded + names.length);
  const { number, page } = MACHINES[machine];
  const header = Buffer.alloc(HEADER);
  header.write('\x7fELF\x02\x01\x01', 0, 'latin1');
  header.writeUInt16LE(3, 16); // ET_DYN: its place in memory is chosen at random
  header.writeUInt16LE(number, 18);
  header.writeUInt32LE(1, 20);
  header.writeBigUInt64LE(BigInt(start), 24);
  header.writeBigUInt64LE(BigInt(HEADER), 32);
  header.writeBigUInt64LE(BigInt(sectionsAt), 40);
  header.writeUInt16LE(HEADER, 52);
  header.writeUInt16LE(PROGRAM_HEADER, 54);
  header.writeUInt16LE(2, 56);
  header.writeUInt16LE(SECTION_HEADER, 58);
  header.writeUInt16LE(sections.length + 1, 60);
  header.writeUInt16LE(sections.length, 62);
  return Buffer.concat([
    header,
    programHeader(PT_LOAD, 5, loaded, page),
    programHeader(PT_GNU_STACK, 6, 0, 16),
    code,
    program,
    text,
    Buffer.alloc(1),
    Buffer.from(names, 'latin1'),
    Buffer.alloc(sectionsAt - loaded - names.length),
    Buffer.alloc(SECTION_HEADER),
    ...sections.map((section) => sectionHeader(section, names.indexOf(section.name))),
  ]);
}
