/**
 * New texts for DT_RUNPATH, DT_RPATH and DT_NEEDED, and where they go: over the old text, into padding behind a
 * segment, or into a copy of the whole string table.
 */

import type { EntryFile } from '../../analyzers/analyzer.ts';
import { DIGEST_LENGTH, isDigestAt } from '../../store/store-path.ts';
import { DT_NEEDED, DT_RPATH, DT_RUNPATH, DT_STRSZ, DT_STRTAB, SHT_STRTAB } from '../../syntax/elf/constants.ts';
import { type Dynamic, type DynamicEntry, dynamicString } from '../../syntax/elf/dynamic.ts';
import { usedStringOffsets } from '../../syntax/elf/string-uses.ts';
import type { ProgramHeaders } from './headers.ts';
import type { ElfImage } from './image.ts';
import { originForm, originSearchPath } from './origin.ts';
import { findSlack } from './room.ts';

export interface DynamicChange {
  readonly entry: DynamicEntry;
  readonly before: string;
  readonly after: string;
}

/** The dynamic entries whose strings change. */
export function dynamicChanges(file: EntryFile, dynamic: Dynamic, object: string): DynamicChange[] {
  const changes: DynamicChange[] = [];
  for (const entry of dynamic.entries) {
    const before = dynamicString(file.bytes, dynamic, entry.value);
    let after = before;
    if (entry.tag === DT_RUNPATH || entry.tag === DT_RPATH) {
      after = originSearchPath(before, file.file, object, file.storeDir);
    } else if (entry.tag === DT_NEEDED) {
      after = originForm(before, file.file, object, file.storeDir) ?? before;
    }
    if (after !== before) changes.push({ entry, before, after });
  }
  return changes;
}

/** A string table that found no room: the caller places its bytes in a new segment and commits to where. */
export interface NewTable {
  readonly bytes: Buffer;
  commit(offset: number, address: number): void;
}

export interface PlacedStrings {
  /** Whether the old bytes at an offset were overwritten by the new text. */
  overwrites(offset: number): boolean;
  readonly table: NewTable | undefined;
}

/** Digests in `before` that `after` no longer holds: they must stay in the file for Nix's reference scan. */
function lostDigests({ before, after }: DynamicChange): string[] {
  const bytes = Buffer.from(before, 'latin1');
  const lost = new Set<string>();
  for (let at = 0; at + DIGEST_LENGTH <= bytes.length; at++) {
    const digest = before.slice(at, at + DIGEST_LENGTH);
    if (isDigestAt(bytes, at) && !after.includes(digest)) lost.add(digest);
  }
  return [...lost];
}

/** What to write over the old text, as long as it; undefined when the new text, and the digests it loses, do not fit. */
function overwriteBytes(change: DynamicChange): Buffer | undefined {
  const lost = lostDigests(change).map((digest) => `\0${digest}`);
  const text = change.after + lost.join('');
  return text.length > change.before.length
    ? undefined
    : Buffer.from(text.padEnd(change.before.length, '\0'), 'latin1');
}

/** Where a change's old text may be overwritten by the new one, and with what. */
function overwriteOf(image: ElfImage, dynamic: Dynamic, change: DynamicChange): Overwrite | undefined {
  const bytes = overwriteBytes(change);
  if (bytes === undefined) return undefined;
  const used = usedStringOffsets(image.source, image.elf, dynamic, change.entry.valueOffset);
  const first = change.entry.value;
  const isShared = used === undefined || [...used].some((at) => at >= first && at <= first + change.before.length);
  return isShared ? undefined : { start: dynamic.strtabOffset + first, bytes };
}

interface Overwrite {
  /** File offset. */
  readonly start: number;
  readonly bytes: Buffer;
}

/**
 * Places all changed strings and patches their dynamic entries: over the old text where it fits, else into padding
 * behind a segment, else everything into a copy of the table.
 *
 * @param conceal hides the store directory in bytes of the old table, without changing their length
 */
export function placeDynamicStrings(
  image: ElfImage,
  headers: ProgramHeaders,
  dynamic: Dynamic,
  changes: readonly DynamicChange[],
  conceal: (bytes: Buffer) => void,
): PlacedStrings {
  const overwrites = new Map<DynamicChange, Overwrite>();
  for (const change of changes) {
    const overwrite = overwriteOf(image, dynamic, change);
    if (overwrite !== undefined) overwrites.set(change, overwrite);
  }
  const longer = changes.filter((change) => !overwrites.has(change));
  if (longer.length > 0 && !intoSlack(image, headers, dynamic, longer, textsOf(longer))) {
    return { overwrites: () => false, table: copiedTable(image, dynamic, changes, conceal) };
  }
  for (const { start, bytes } of overwrites.values()) image.patch(start, bytes);
  const ranges = [...overwrites.values()].map(({ start, bytes }) => ({ start, end: start + bytes.length }));
  return { overwrites: (at) => ranges.some(({ start, end }) => at >= start && at < end), table: undefined };
}

function textsOf(changes: readonly DynamicChange[]): Buffer {
  return Buffer.from(changes.map(({ after }) => `${after}\0`).join(''), 'latin1');
}

/** Points the entries to their texts, which lie one behind the other from `first` on (an offset from DT_STRTAB). */
function pointTo(image: ElfImage, changes: readonly DynamicChange[], first: number): void {
  let at = first;
  for (const { entry, after } of changes) {
    image.patch64(entry.valueOffset, at);
    at += after.length + 1;
  }
}

function patchEntry(image: ElfImage, dynamic: Dynamic, tag: number, value: number): void {
  for (const entry of dynamic.entries) if (entry.tag === tag) image.patch64(entry.valueOffset, value);
}

function intoSlack(
  image: ElfImage,
  headers: ProgramHeaders,
  dynamic: Dynamic,
  changes: readonly DynamicChange[],
  texts: Buffer,
): boolean {
  const slack = findSlack(image, dynamic, texts.length);
  if (slack === undefined) return false;
  const { segment, offset, address, executable } = slack;
  image.patch(offset, texts);
  headers.grow(segment, texts.length);
  image.addSection({ name: '.unmoor.dynstr', addr: address, offset, size: texts.length, executable });
  pointTo(image, changes, address - dynamic.strtab);
  patchEntry(image, dynamic, DT_STRSZ, address - dynamic.strtab + texts.length);
  return true;
}

function copiedTable(
  image: ElfImage,
  dynamic: Dynamic,
  changes: readonly DynamicChange[],
  conceal: (bytes: Buffer) => void,
): NewTable {
  const old = Buffer.from(image.source.read(dynamic.strtabOffset, dynamic.strtabSize));
  conceal(old);
  const bytes = Buffer.concat([old, textsOf(changes)]);
  return {
    bytes,
    commit(offset, address) {
      pointTo(image, changes, old.length);
      patchEntry(image, dynamic, DT_STRTAB, address);
      patchEntry(image, dynamic, DT_STRSZ, bytes.length);
      const section = image.elf.sections.find(({ addr, type }) => addr === dynamic.strtab && type === SHT_STRTAB);
      if (section !== undefined) image.moveSection({ section, addr: address, offset, size: bytes.length });
    },
  };
}
