/**
 * Gives an ordinary ELF file absolute store paths, as if Nix had built it: a DT_RUNPATH, and for programs the loader.
 * The strings go into the dynamic string table; the dynamic entry into one of the spare DT_NULL slots that linkers leave.
 */

import type { ByteSource } from '../../store/byte-source.ts';
import { DT_RPATH, DT_RUNPATH, PT_DYNAMIC, PT_INTERP } from '../../syntax/elf/constants.ts';
import { type Dynamic, readDynamic } from '../../syntax/elf/dynamic.ts';
import { type ElfFile, parseElf } from '../../syntax/elf/file.ts';
import { headerDefect } from '../../syntax/elf/sanity.ts';
import { programHeaders } from '../../transforms/elf/headers.ts';
import { type ElfImage, elfImage } from '../../transforms/elf/image.ts';
import { machineOf, PAGE_SIZE } from '../../transforms/elf/machine.ts';
import { appendStrings, type NewStrings } from '../../transforms/elf/string-table.ts';
import { placeTableSegment } from '../../transforms/elf/table-segment.ts';
import type { Edit } from '../../transforms/transform.ts';
import { UserError } from '../user-error.ts';

export interface AbsolutePaths {
  readonly searchPath: readonly string[];
  /** Undefined for libraries. */
  readonly interpreter: string | undefined;
}

/** Points a dynamic entry of one of the tags to a string; takes a spare slot when there is none. */
function setSearchPath(image: ElfImage, elf: ElfFile, dynamic: Dynamic, value: number): boolean {
  const existing = dynamic.entries.filter(({ tag }) => tag === DT_RUNPATH || tag === DT_RPATH);
  if (existing.length > 0) {
    for (const { valueOffset } of existing) image.patch64(valueOffset, value);
    return true;
  }
  const segment = elf.segments.find(({ type }) => type === PT_DYNAMIC);
  const slot = dynamic.entries.length * 16;
  // The entry itself, and a DT_NULL that still ends the list.
  if (segment === undefined || slot + 32 > segment.filesz) return false;
  image.patch64(segment.offset + slot, DT_RUNPATH);
  image.patch64(segment.offset + slot + 8, value);
  return true;
}

/**
 * The edits that make the paths absolute.
 *
 * @param path for messages
 * @throws {UserError} when the file is not dynamic, malformed, or has no room.
 */
export function absolutize(source: ByteSource, path: string, paths: AbsolutePaths): Edit[] {
  const noRoom = new UserError(`'${path}' has no room for longer paths`, {
    hint: 'its dynamic section has no spare entry, or its segments lie too far apart',
  });
  const elf = parseElf(source);
  if ('malformed' in elf) {
    throw new UserError(`'${path}' is malformed at offset ${elf.malformed.offset}: ${elf.malformed.reason}`);
  }
  const dynamic = readDynamic(source, elf);
  if (dynamic === undefined) return [];
  const defect = headerDefect(elf, source.size);
  const machine = machineOf(elf);
  if (defect !== undefined) throw new UserError(`'${path}' is malformed: ${defect}`);
  if (machine === undefined) throw new UserError(`'${path}' is not for x86-64 or aarch64`);
  const page = PAGE_SIZE[machine];
  const image = elfImage(source, elf);
  const headers = programHeaders(image);
  const searchPath = `${paths.searchPath.join(':')}\0`;
  const interpreter = paths.interpreter === undefined ? '' : `${paths.interpreter}\0`;
  const segment = elf.segments.find(({ type }) => type === PT_INTERP);
  const first = dynamic.strtabSize;
  const strings: NewStrings = {
    texts: Buffer.from(searchPath + interpreter, 'latin1'),
    amend: () => undefined,
    placed(offset, address) {
      if (segment === undefined || interpreter === '') return;
      const at = first + searchPath.length;
      headers.place(segment, offset + at, address + at, interpreter.length);
    },
  };
  const table = appendStrings(image, headers, dynamic, strings, page);
  const refusal = table && placeTableSegment(image, headers, table, page);
  if (refusal !== undefined || !setSearchPath(image, elf, dynamic, first)) throw noRoom;
  if (segment !== undefined && interpreter !== '') {
    // Debuggers go by the section .interp, which stays behind; it must not name the host's loader any more.
    image.patch(segment.offset, Buffer.from('/adopted'.slice(0, segment.filesz - 1).padEnd(segment.filesz, '\0')));
  }
  if (headers.offset() === elf.phoff) image.patch(elf.phoff, headers.bytes());
  return image.edits();
}
