/**
 * What is inside of an archive or compressed file, and of those in it, as a tree of the files that hold paths. Bounded: nothing
 * is unpacked further than a fixed number of bytes and levels.
 */

import { type ByteSource, bufferSource } from '../store/byte-source.ts';
import { type Occurrence, scanBytes } from '../store/scan.ts';
import type { StoreDir } from '../store/store-path.ts';
import type { Archive, ArchiveMember } from '../syntax/archive/archive.ts';
import { type ArchiveFormat, formatOf, HEAD_LENGTH } from '../syntax/archive/formats.ts';
import { type Unopened, unopened } from '../syntax/archive/unopened.ts';
import { splitPathsOf } from './file-scan.ts';

/** Larger files are not looked into, bytes. */
const MAX_PACKED = 64 * 1024 * 1024;
/** Contents of one file are unpacked to this many bytes at most, all levels together. */
const MAX_UNPACKED = 256 * 1024 * 1024;
/** Archives in archives: the file itself is at depth 0, its members at depth 1. Deeper ones are not opened. */
const MAX_DEPTH = 4;
/** What each member counts for beside its contents, bytes: names and headers take memory, too. */
const MEMBER_COST = 256;
/** Entries of one file's list of what was not looked into. */
const MAX_NOTES = 50;

/** Something that was not looked into. */
export interface ArchiveNote extends Unopened {
  /** Inside of the file: as `Site.member`. */
  readonly member?: string | undefined;
  /** The name of its format. */
  readonly format: string;
  /** How many members of it, where others could be looked into. */
  readonly members?: number;
}

export interface ArchiveNode {
  /** Where it would lie if it were unpacked: that is what analyzers tell languages and roles by. */
  readonly path: string;
  /** As `Site.member`; undefined for the file itself. */
  readonly member: string | undefined;
  readonly bytes: Buffer;
  /** All of them; of an archive, those that stand in none of its members. */
  readonly occurrences: readonly Occurrence[];
  readonly archive: Archive | undefined;
  /** Members that hold occurrences. */
  readonly children: ReadonlyMap<ArchiveMember, ArchiveNode>;
}

export interface ArchiveTree {
  /** Undefined when the file could not be opened: then it is a file like any other. */
  readonly root: ArchiveNode | undefined;
  readonly notes: readonly ArchiveNote[];
}

/** The format of an archive or compressed file; undefined for all others. Reads its first bytes only. */
export function archiveFormat(source: ByteSource): ArchiveFormat | undefined {
  return formatOf(source.read(0, HEAD_LENGTH));
}

/** How many occurrences a tree holds. */
export function occurrencesIn({ occurrences, children }: ArchiveNode): number {
  let count = occurrences.length;
  for (const child of children.values()) count += occurrencesIn(child);
  return count;
}

/** Between the names of an archive's member and of a member of that. */
const SEPARATOR = '!/';

interface Walk {
  readonly dir: StoreDir;
  readonly notes: ArchiveNote[];
  left: number;
}

/** Looks into a file of the given format. */
export function lookInto(path: string, source: ByteSource, format: ArchiveFormat, dir: StoreDir): ArchiveTree {
  if (format.open === undefined) {
    return { root: undefined, notes: [{ format: format.name, code: 'unsupported', reason: 'the format is not read' }] };
  }
  const most = format.plain ? MAX_UNPACKED : MAX_PACKED;
  if (source.size > most) {
    const reason = `it is larger than ${most / 1024 / 1024} MiB`;
    return { root: undefined, notes: [{ format: format.name, ...unopened('too-large', reason) }] };
  }
  const walk: Walk = { dir, notes: [], left: MAX_UNPACKED };
  const node = nodeOf(path, undefined, source.read(0, source.size), 0, walk);
  return { root: node.archive === undefined ? undefined : node, notes: walk.notes };
}

function note(walk: Walk, found: ArchiveNote): void {
  if (walk.notes.length < MAX_NOTES) walk.notes.push(found);
  else walk.notes[MAX_NOTES - 1] = { ...found, reason: 'it and others: there are too many to be listed' };
}

/** The name of a member as part of a path. */
const asPath = (name: string) => name.replace(/^(?:\.?\/+)+/, '');

/** Opens what can be opened, and finds the occurrences. */
function nodeOf(path: string, member: string | undefined, bytes: Buffer, depth: number, walk: Walk): ArchiveNode {
  const archive = openNode(path, member, bytes, depth, walk);
  if (archive === undefined) {
    const occurrences = [...scanBytes(bytes, walk.dir).occurrences, ...splitPathsOf(bufferSource(bytes), walk.dir)];
    return { path, member, bytes, occurrences, archive, children: new Map() };
  }
  const children = new Map<ArchiveMember, ArchiveNode>();
  const outside = archive.plain ? scanBytes(bytes, walk.dir).occurrences : undefined;
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  for (const inner of archive.members) {
    const name = member === undefined ? inner.name : `${member}${SEPARATOR}${inner.name}`;
    const child = nodeOf(folder + asPath(inner.name), name, inner.contents, depth + 1, walk);
    if (occurrencesIn(child) > 0) children.set(inner, child);
  }
  const raw = outside ?? scanBytes(bytes, walk.dir).occurrences;
  return { path, member, bytes, occurrences: outsideOf(raw, archive, children, walk.dir), archive, children };
}

function openNode(path: string, member: string | undefined, bytes: Buffer, depth: number, walk: Walk) {
  const format = formatOf(bytes.subarray(0, HEAD_LENGTH));
  if (format === undefined) return undefined;
  const leave = (why: Unopened) => note(walk, { member, format: format.name, ...why });
  if (format.open === undefined) {
    leave(unopened('unsupported', 'the format is not read'));
    return undefined;
  }
  if (depth > MAX_DEPTH) {
    leave(unopened('too-deep', `it lies in archives that lie in archives, more than ${MAX_DEPTH} levels`));
    return undefined;
  }
  if (walk.left <= 0) {
    leave(unopened('too-large', 'what lies before it was as much as is unpacked of one file'));
    return undefined;
  }
  const archive = format.open(path, bytes, walk.left);
  if ('code' in archive) {
    leave(archive);
    return undefined;
  }
  for (const { contents } of archive.members) walk.left -= MEMBER_COST + (archive.plain ? 0 : contents.length);
  const reasons = Map.groupBy(archive.skipped, ({ why }) => why.reason);
  for (const skipped of reasons.values()) {
    const [{ name, why }] = skipped as [(typeof skipped)[number]];
    const inner = member === undefined ? name : `${member}${SEPARATOR}${name}`;
    note(walk, { member: inner, format: format.name, ...why, members: skipped.length });
  }
  return archive;
}

/** Those that stand in no member: in names, link targets, comments; each other one is seen inside. */
function outsideOf(
  raw: readonly Occurrence[],
  archive: Archive,
  children: ReadonlyMap<ArchiveMember, ArchiveNode>,
  dir: StoreDir,
): Occurrence[] {
  if (raw.length === 0) return [];
  const members = [...archive.members].sort((a, b) => a.start - b.start);
  let next = 0;
  return raw.filter(({ offset, digest }) => {
    while (next < members.length && (members[next] as ArchiveMember).end <= offset) next++;
    const member = members[next];
    if (member === undefined || offset < member.start) return true;
    const child = children.get(member);
    if (child === undefined) return true;
    // Bytes of packed data look like a path where the path inside was not packed, and only there.
    const isPlain = member.contents.length === member.end - member.start && archive.plain;
    return isPlain ? offset + dir.needle.length + digest.length > member.end : !holds(child, digest);
  });
}

function holds({ occurrences, children }: ArchiveNode, digest: string): boolean {
  return (
    occurrences.some((occurrence) => occurrence.digest === digest) ||
    [...children.values()].some((child) => holds(child, digest))
  );
}
