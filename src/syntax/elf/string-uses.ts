/**
 * Which offsets of the dynamic string table are in use. Linkers merge suffixes, so another string may begin inside one
 * that is to be overwritten (binutils ld/ldelf, gold and lld's -O2 string merging).
 */

import type { ByteSource } from '../../store/byte-source.ts';
import {
  DT_AUDIT,
  DT_AUXILIARY,
  DT_CONFIG,
  DT_DEPAUDIT,
  DT_FILTER,
  DT_HASH,
  DT_NEEDED,
  DT_RPATH,
  DT_RUNPATH,
  DT_SONAME,
  DT_SYMTAB,
  DT_VERDEF,
  DT_VERDEFNUM,
  DT_VERNEED,
  DT_VERNEEDNUM,
  SHT_DYNSYM,
} from './constants.ts';
import type { Dynamic, DynamicEntry } from './dynamic.ts';
import { type ElfFile, type FieldReader, fieldReader, offsetOfAddress } from './file.ts';

const STRING_TAGS = new Set([
  DT_NEEDED,
  DT_SONAME,
  DT_RPATH,
  DT_RUNPATH,
  DT_AUXILIARY,
  DT_FILTER,
  DT_CONFIG,
  DT_AUDIT,
  DT_DEPAUDIT,
]);
/** Version records are a few bytes each; more than this many is hostile. */
const MAX_VERSIONS = 1 << 16;

function entryValue(dynamic: Dynamic, tag: number): number | undefined {
  return dynamic.entries.find((entry) => entry.tag === tag)?.value;
}

function symbolNames(source: ByteSource, elf: ElfFile, dynamic: Dynamic): number[] | undefined {
  const symtab = entryValue(dynamic, DT_SYMTAB);
  if (symtab === undefined) return [];
  const offset = offsetOfAddress(elf.segments, symtab);
  if (offset === undefined) return undefined;
  const entrySize = elf.class === 64 ? 24 : 16;
  const section = elf.sections.find(({ type, addr }) => type === SHT_DYNSYM && addr === symtab);
  let size = section?.size;
  if (size === undefined) {
    const hash = entryValue(dynamic, DT_HASH);
    const hashOffset = hash === undefined ? undefined : offsetOfAddress(elf.segments, hash);
    if (hashOffset === undefined) return undefined;
    const head = source.read(hashOffset, 8);
    if (head.length < 8) return undefined;
    size = fieldReader(head, elf).u32(4) * entrySize;
  }
  if (offset + size > source.size) return undefined;
  const bytes = source.read(offset, size);
  const read = fieldReader(bytes, elf);
  return Array.from({ length: Math.floor(bytes.length / entrySize) }, (_, i) => read.u32(i * entrySize));
}

/** Walks a chain of version records; each record is asked for its strings and has its own chain of auxiliaries. */
function versionNames(
  source: ByteSource,
  elf: ElfFile,
  dynamic: Dynamic,
  tags: { readonly table: number; readonly count: number },
  layout: { readonly size: number; readonly aux: number; readonly next: number; readonly name: number | undefined },
  auxLayout: { readonly size: number; readonly name: number; readonly next: number },
): number[] | undefined {
  const address = entryValue(dynamic, tags.table);
  const count = entryValue(dynamic, tags.count) ?? 0;
  if (address === undefined) return [];
  const start = offsetOfAddress(elf.segments, address);
  if (start === undefined || count > MAX_VERSIONS) return undefined;
  const names: number[] = [];
  const recordAt = (at: number, size: number): FieldReader | undefined => {
    const bytes = source.read(at, size);
    return bytes.length === size ? fieldReader(bytes, elf) : undefined;
  };
  let at = start;
  for (let i = 0; i < count; i++) {
    const record = recordAt(at, layout.size);
    if (record === undefined || names.length > MAX_VERSIONS) return undefined;
    if (layout.name !== undefined) names.push(record.u32(layout.name));
    let auxAt = at + record.u32(layout.aux);
    for (;;) {
      const aux = recordAt(auxAt, auxLayout.size);
      if (aux === undefined || names.length > MAX_VERSIONS) return undefined;
      names.push(aux.u32(auxLayout.name));
      const step = aux.u32(auxLayout.next);
      if (step === 0) break;
      auxAt += step;
    }
    const step = record.u32(layout.next);
    if (step === 0) break;
    at += step;
  }
  return names;
}

/** Where strings in use begin in DT_STRTAB, dynamic entries apart. */
export interface StringUses {
  readonly symbols: ReadonlySet<number>;
  readonly versions: ReadonlySet<number>;
}

/**
 * Collects the strings that symbols and version records use.
 *
 * @returns undefined when they cannot be told (no symbol count, broken version records): then nothing in the table may
 *   be overwritten.
 */
export function stringUses(source: ByteSource, elf: ElfFile, dynamic: Dynamic): StringUses | undefined {
  const symbols = symbolNames(source, elf, dynamic);
  const needed = versionNames(
    source,
    elf,
    dynamic,
    { table: DT_VERNEED, count: DT_VERNEEDNUM },
    { size: 16, aux: 8, next: 12, name: 4 },
    { size: 16, name: 8, next: 12 },
  );
  const defined = versionNames(
    source,
    elf,
    dynamic,
    { table: DT_VERDEF, count: DT_VERDEFNUM },
    { size: 20, aux: 12, next: 16, name: undefined },
    { size: 8, name: 0, next: 4 },
  );
  if (symbols === undefined || needed === undefined || defined === undefined) return undefined;
  return { symbols: new Set(symbols), versions: new Set([...needed, ...defined]) };
}

/** Whether a string other than that of the dynamic entry `own` begins in `[first, last]`, offsets from DT_STRTAB. */
export function beginsInside(
  uses: StringUses,
  dynamic: Dynamic,
  own: DynamicEntry,
  first: number,
  last: number,
): boolean {
  for (const offsets of [uses.symbols, uses.versions]) {
    for (const at of offsets) if (at >= first && at <= last) return true;
  }
  return dynamic.entries.some((entry) => {
    return STRING_TAGS.has(entry.tag) && entry !== own && entry.value >= first && entry.value <= last;
  });
}
