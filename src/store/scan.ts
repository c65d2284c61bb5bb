/**
 * The raw scan: every occurrence of the store directory with a digest behind it, in any bytes.
 * It knows nothing of formats; that is what makes it the judge of the analyzers (law 1).
 */

import type { ByteSource } from './byte-source.ts';
import type { DigestSet } from './digest-set.ts';
import { DIGEST_LENGTH, isDigestAt, isStoreNameByte, type StoreDir } from './store-path.ts';

/** One hardcoded store path: where its store directory's first byte stands, and the digest behind it. */
export interface Occurrence {
  /** Bytes from the start of what was scanned. */
  readonly offset: number;
  /** 32 characters; 32 x `e` for a nuked reference. */
  readonly digest: string;
  /** `<digest>-<name>` as far as the name's characters go; the digest alone when no `-name` follows. */
  readonly baseName: string;
  /** Where the path does not stand in one piece, as in the operands of instructions; the raw scan never finds these. */
  readonly split?: SplitPath;
}

/** Some bytes of a split path: where they stand in the file, and which they are. */
export interface SplitPiece {
  readonly offset: number;
  readonly length: number;
  /** Bytes from the first one of the whole. */
  readonly from: number;
}

export interface SplitPath {
  /** Of the store directory. A byte may stand twice. */
  readonly pieces: readonly SplitPiece[];
  /** Of the digest. */
  readonly digestPieces: readonly SplitPiece[];
  /** The whole path, put together; one character a byte. */
  readonly text: string;
}

export interface ScanResult {
  readonly occurrences: readonly Occurrence[];
  /** Mentions of the store directory with no digest behind them. */
  readonly bareMentions: number;
}

/** How many bytes behind the store directory's slash a base name may take: digest, dash, 211 characters of name. */
const MAX_BASE_NAME = DIGEST_LENGTH + 1 + 211;

/** The base name that starts at `offset`, where a digest stands. */
function baseNameAt(bytes: Buffer, offset: number): string {
  let end = offset + DIGEST_LENGTH;
  if (bytes[end] === 0x2d) {
    const limit = Math.min(bytes.length, offset + MAX_BASE_NAME);
    end++;
    while (end < limit && isStoreNameByte(bytes[end] as number)) end++;
    if (end === offset + DIGEST_LENGTH + 1) end--;
  }
  return bytes.toString('latin1', offset, end);
}

/** Up to this length a search goes by the processor's fastest instructions; longer texts are some ten times slower in V8. */
const QUICK_SEARCH = 6;

/** Every place where the store directory's bytes stand, in order. */
function* mentionsIn(bytes: Buffer, dir: StoreDir): Generator<number> {
  const path = dir.needle.subarray(0, dir.needle.length - 1);
  // Its last bytes are searched for; most finds are the whole path.
  const skipped = Math.max(0, path.length - QUICK_SEARCH);
  const tail = path.subarray(skipped);
  for (let at = bytes.indexOf(tail, skipped); at >= 0; at = bytes.indexOf(tail, at + 1)) {
    const start = at - skipped;
    if (skipped === 0 || bytes.compare(path, 0, skipped, start, at) === 0) yield start;
  }
}

/** Scans bytes that are wholly in memory. Offsets are in bytes from the start. */
export function scanBytes(bytes: Buffer, dir: StoreDir): ScanResult {
  const occurrences: Occurrence[] = [];
  let bareMentions = 0;
  for (const at of mentionsIn(bytes, dir)) {
    const digestAt = at + dir.needle.length;
    if (bytes[digestAt - 1] === 0x2f && isDigestAt(bytes, digestAt)) {
      const baseName = baseNameAt(bytes, digestAt);
      occurrences.push({ offset: at, digest: baseName.slice(0, DIGEST_LENGTH), baseName });
    } else {
      bareMentions++;
    }
  }
  return { occurrences, bareMentions };
}

/** Overwrites the store directory of every occurrence by an alias of the same length, in place. */
export function concealOccurrences(bytes: Buffer, dir: StoreDir, alias: string): void {
  for (const { offset } of scanBytes(bytes, dir).occurrences) bytes.write(alias, offset, 'latin1');
}

/** How much of a file is in memory at a time. */
const CHUNK = 4 * 1024 * 1024;

/** The window's first and last bytes that a chunk shares with its neighbour: a whole occurrence fits. */
function overlapOf(dir: StoreDir): number {
  return dir.needle.length + MAX_BASE_NAME;
}

export interface SourceScan extends ScanResult {
  /** Those of the known digests that occur in the bytes, with or without a store directory before them. */
  readonly digests: ReadonlySet<string>;
}

/**
 * Scans a source of any size, a chunk at a time; the result does not depend on the size of the chunks.
 *
 * @param known digests to look for, as Nix's reference scan does.
 */
export function scanSource(source: ByteSource, dir: StoreDir, known: DigestSet, chunkSize = CHUNK): SourceScan {
  const digests = new Set<string>();
  const overlap = overlapOf(dir);
  if (source.size <= chunkSize + overlap) {
    const bytes = source.read(0, source.size);
    known.findIn(bytes, digests);
    return { ...scanBytes(bytes, dir), digests };
  }
  const occurrences: Occurrence[] = [];
  let bareMentions = 0;
  for (let start = 0; start < source.size; start += chunkSize) {
    const bytes = source.read(start, chunkSize + overlap);
    known.findIn(bytes, digests);
    const found = scanBytes(bytes, dir);
    // A mention belongs to the chunk in which it starts; the next chunk sees the overlap's mentions again.
    const own = found.occurrences.filter(({ offset }) => offset < chunkSize);
    for (const occurrence of own) occurrences.push({ ...occurrence, offset: start + occurrence.offset });
    const last = start + chunkSize >= source.size;
    bareMentions += last ? found.bareMentions : bareMentionsBefore(bytes, dir, chunkSize, own.length);
  }
  return { occurrences, bareMentions, digests };
}

/** Bare mentions that start before `limit`: all mentions there, less the occurrences. */
function bareMentionsBefore(bytes: Buffer, dir: StoreDir, limit: number, occurrences: number): number {
  let mentions = 0;
  for (const at of mentionsIn(bytes, dir)) {
    if (at >= limit) break;
    mentions++;
  }
  return mentions - occurrences;
}
