/**
 * Gives an ordinary ELF file absolute store paths, as if Nix had built it: a DT_RUNPATH, and for programs the loader.
 * The strings go into padding; the dynamic entry into one of the spare DT_NULL slots that linkers leave.
 */

import type { ByteSource } from '../../store/byte-source.ts';
import { DT_RPATH, DT_RUNPATH, DT_STRSZ, PT_DYNAMIC, PT_INTERP } from '../../syntax/elf/constants.ts';
import { type Dynamic, readDynamic } from '../../syntax/elf/dynamic.ts';
import { type ElfFile, parseElf } from '../../syntax/elf/file.ts';
import { programHeaders } from '../../transforms/elf/headers.ts';
import { type ElfImage, elfImage } from '../../transforms/elf/image.ts';
import { findSlack } from '../../transforms/elf/room.ts';
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
    hint: 'it was linked without padding between segments',
  });
  const elf = parseElf(source);
  if ('malformed' in elf) {
    throw new UserError(`'${path}' is malformed at offset ${elf.malformed.offset}: ${elf.malformed.reason}`);
  }
  const dynamic = readDynamic(source, elf);
  if (dynamic === undefined) return [];
  const image = elfImage(source, elf);
  const headers = programHeaders(image);
  const searchPath = `${paths.searchPath.join(':')}\0`;
  const interpreter = paths.interpreter === undefined ? '' : `${paths.interpreter}\0`;
  const texts = Buffer.from(searchPath + interpreter, 'latin1');
  const slack = findSlack(image, dynamic, texts.length);
  if (slack === undefined) throw noRoom;
  const { segment, offset, address, executable } = slack;
  image.patch(offset, texts);
  headers.grow(segment, texts.length);
  image.addSection({ name: '.unmoor.paths', addr: address, offset, size: texts.length, executable });
  for (const entry of dynamic.entries) {
    if (entry.tag === DT_STRSZ) image.patch64(entry.valueOffset, address - dynamic.strtab + texts.length);
  }
  if (!setSearchPath(image, elf, dynamic, address - dynamic.strtab)) throw noRoom;
  const old = elf.segments.find(({ type }) => type === PT_INTERP);
  if (old !== undefined && paths.interpreter !== undefined) {
    const at = { offset: offset + searchPath.length, addr: address + searchPath.length, size: interpreter.length };
    headers.place(old, at.offset, at.addr, at.size);
    const section = elf.sections.find(({ name }) => name === '.interp');
    if (section !== undefined) image.moveSection({ section, ...at });
  }
  image.patch(elf.phoff, headers.bytes());
  return image.edits();
}
