/** New texts for DT_RUNPATH, DT_RPATH and DT_NEEDED: over the old text where they fit, else at the end of the string table. */

import type { EntryFile } from '../../analyzers/analyzer.ts';
import { DIGEST_LENGTH, isDigestAt } from '../../store/store-path.ts';
import { DT_NEEDED, DT_RPATH, DT_RUNPATH } from '../../syntax/elf/constants.ts';
import { type Dynamic, type DynamicEntry, dynamicString } from '../../syntax/elf/dynamic.ts';
import { beginsInside, type StringUses, stringUses } from '../../syntax/elf/string-uses.ts';
import type { ProgramHeaders } from './headers.ts';
import type { ElfImage } from './image.ts';
import { originForm, originSearchPath } from './origin.ts';
import { appendStrings, type NewStrings, type NewTable } from './string-table.ts';

export interface DynamicChange {
  readonly entry: DynamicEntry;
  readonly before: string;
  readonly after: string;
  /** Digests that need not stay, since their entries are left out on purpose. */
  readonly dropped: readonly string[];
}

/**
 * The dynamic entries whose strings change.
 *
 * @param unused entries of DT_RUNPATH that are left out
 */
export function dynamicChanges(
  file: EntryFile,
  dynamic: Dynamic,
  object: string,
  unused: ReadonlySet<string>,
): DynamicChange[] {
  const changes: DynamicChange[] = [];
  for (const entry of dynamic.entries) {
    const before = dynamicString(file.bytes, dynamic, entry.value);
    let after = before;
    let dropped: readonly string[] = [];
    if (entry.tag === DT_RUNPATH || entry.tag === DT_RPATH) {
      const entries = before.split(':');
      const left = entry.tag === DT_RUNPATH ? entries.filter((text) => !unused.has(text)) : entries;
      dropped = entries.filter((text) => !left.includes(text)).flatMap((text) => digestsIn(text));
      after = originSearchPath(left.join(':'), file.file, object, file.storeDir);
    } else if (entry.tag === DT_NEEDED) {
      after = originForm(before, file.file, object, file.storeDir) ?? before;
    }
    if (after !== before) changes.push({ entry, before, after, dropped });
  }
  return changes;
}

export interface PlacedStrings {
  /** Whether the old bytes at an offset were overwritten by the new text. */
  overwrites(offset: number): boolean;
  /** The table that found no room. */
  readonly table: NewTable | undefined;
}

function digestsIn(text: string): string[] {
  const bytes = Buffer.from(text, 'latin1');
  const found = new Set<string>();
  for (let at = 0; at + DIGEST_LENGTH <= bytes.length; at++) {
    if (isDigestAt(bytes, at)) found.add(text.slice(at, at + DIGEST_LENGTH));
  }
  return [...found];
}

/** Digests in `before` that `after` no longer holds: they must stay in the file for Nix's reference scan. */
function lostDigests({ before, after, dropped }: DynamicChange): string[] {
  return digestsIn(before).filter((digest) => !after.includes(digest) && !dropped.includes(digest));
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
function overwriteOf(dynamic: Dynamic, change: DynamicChange, uses: StringUses | undefined): Overwrite | undefined {
  const bytes = overwriteBytes(change);
  if (bytes === undefined || uses === undefined) return undefined;
  const first = change.entry.value;
  const isShared = beginsInside(uses, dynamic, change.entry, first, first + change.before.length);
  return isShared ? undefined : { start: dynamic.strtabOffset + first, bytes };
}

interface Overwrite {
  /** File offset. */
  readonly start: number;
  readonly bytes: Buffer;
}

/**
 * Places all changed strings and patches their dynamic entries: over the old text where it fits, else at the end of
 * the table.
 *
 * @param page the machine's page size, bytes
 * @param conceal hides the store directory in bytes of the old table, without changing their length
 */
export function placeDynamicStrings(
  image: ElfImage,
  headers: ProgramHeaders,
  dynamic: Dynamic,
  changes: readonly DynamicChange[],
  page: number,
  conceal: (bytes: Buffer) => void,
): PlacedStrings {
  const uses = changes.length > 0 ? stringUses(image.source, image.elf, dynamic) : undefined;
  const overwrites = new Map<DynamicChange, Overwrite>();
  for (const change of changes) {
    const overwrite = overwriteOf(dynamic, change, uses);
    if (overwrite !== undefined) overwrites.set(change, overwrite);
  }
  for (const { start, bytes } of overwrites.values()) image.patch(start, bytes);
  const ranges = [...overwrites.values()].map(({ start, bytes }) => ({ start, end: start + bytes.length }));
  const placed = { overwrites: (at: number) => ranges.some(({ start, end }) => at >= start && at < end) };
  const longer = changes.filter((change) => !overwrites.has(change));
  if (longer.length === 0) return { ...placed, table: undefined };
  const strings: NewStrings = {
    texts: Buffer.from(longer.map(({ after }) => `${after}\0`).join(''), 'latin1'),
    amend(table) {
      conceal(table);
      for (const { start, bytes } of overwrites.values()) bytes.copy(table, start - dynamic.strtabOffset);
    },
    placed() {
      let at = dynamic.strtabSize;
      for (const { entry, after } of longer) {
        image.patch64(entry.valueOffset, at);
        at += after.length + 1;
      }
    },
  };
  return { ...placed, table: appendStrings(image, headers, dynamic, strings, page) };
}
