/** What is looked for in a file: the raw scan's occurrences, and paths that stand in pieces in a program's code. */

import type { ByteSource } from '../store/byte-source.ts';
import type { DigestSet } from '../store/digest-set.ts';
import { type Occurrence, type SourceScan, scanSource } from '../store/scan.ts';
import type { StoreDir } from '../store/store-path.ts';
import { isElf, parseElf } from '../syntax/elf/file.ts';
import { splitPaths } from '../syntax/elf/immediates.ts';

const EMPTY: SourceScan = { occurrences: [], bareMentions: 0, digests: new Set() };
const HEADER_LENGTH = 64;

export function scanFile(source: ByteSource, dir: StoreDir, known: DigestSet): SourceScan {
  if (source.size === 0) return EMPTY;
  const scan = scanSource(source, dir, known);
  const split = splitPathsOf(source, dir);
  return split.length === 0 ? scan : { ...scan, occurrences: [...scan.occurrences, ...split] };
}

/** Paths that stand in pieces in the code of an ELF file; none in other files. */
export function splitPathsOf(source: ByteSource, dir: StoreDir): Occurrence[] {
  if (!isElf(source.read(0, HEADER_LENGTH))) return [];
  const elf = parseElf(source);
  return 'malformed' in elf ? [] : splitPaths(source, elf, dir);
}
