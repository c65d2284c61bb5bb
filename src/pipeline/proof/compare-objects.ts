/** Two relocated versions of one object, entry by entry, after their digests were mapped onto the same ones. */

import { type Rename, type RenamedEntry, type RenamedTree, renamedContents } from '../../store/renamed-digests.ts';
import { firstDifference, isReordered, showSides } from './compare-files.ts';
import type { DifferenceCause } from './report.ts';

export interface Side {
  readonly tree: RenamedTree;
  readonly rename: Rename;
  /** The store directory that it was built for. */
  readonly storeDir: string;
}

/** A difference whose cause may still turn out to be a build that is not reproducible. */
export interface EntryDifference {
  readonly file: string;
  readonly cause: Exclude<DifferenceCause, 'not-reproducible'>;
  readonly reason: string;
  readonly offset?: number | undefined;
  readonly sides: string;
}

/** Differences shown for one object; the rest is only counted. */
const MAX_DIFFERENCES = 20;

function describe(entry: RenamedEntry | undefined): string {
  if (entry === undefined) return 'not there';
  if (entry.kind === 'symlink') return `a link to ${entry.target}`;
  return entry.kind === 'regular' && entry.executable
    ? 'a program'
    : `a ${entry.kind === 'regular' ? 'file' : entry.kind}`;
}

/** Where a store directory stands in the bytes, plainly or in UTF-16. */
function pathIn(bytes: Buffer, storeDir: string): number {
  const plain = bytes.indexOf(Buffer.from(storeDir, 'latin1'));
  return plain >= 0 ? plain : bytes.indexOf(Buffer.from(storeDir, 'utf16le'));
}

interface Cause {
  readonly cause: EntryDifference['cause'];
  readonly reason: string;
}

function causeOf(left: Buffer, right: Buffer, a: Side, b: Side): Cause {
  for (const [bytes, { storeDir }] of [
    [left, a],
    [right, b],
  ] as const) {
    const at = pathIn(bytes, storeDir);
    if (at >= 0 && a.storeDir !== b.storeDir) {
      return { cause: 'path', reason: `'${storeDir}' stands at offset ${at}` };
    }
  }
  if (isReordered(left, right)) {
    return { cause: 'length-or-order', reason: 'both sides hold the same words in another order' };
  }
  if (left.length !== right.length) {
    return { cause: 'length-or-order', reason: `the sizes differ: ${left.length} and ${right.length} bytes` };
  }
  return a.storeDir.length === b.storeDir.length
    ? {
        cause: 'path',
        reason:
          'bytes made from the store directory (a hash, an encoding or a part of it): both store directories are of the same length',
      }
    : {
        cause: 'length-or-order',
        reason: 'the store directories are of different length, and no path stands in the file',
      };
}

function compareEntry(file: string, a: Side, b: Side): EntryDifference | undefined {
  const left = a.tree.entries.get(file);
  const right = b.tree.entries.get(file);
  if (left?.kind === 'regular' && right?.kind === 'regular' && left.contentHash !== right.contentHash) {
    const [before, after] = [
      renamedContents(left.physicalPath, a.rename),
      renamedContents(right.physicalPath, b.rename),
    ];
    const offset = firstDifference(before, after) ?? 0;
    return { file, ...causeOf(before, after, a, b), offset, sides: showSides(before, after, offset) };
  }
  if (describe(left) === describe(right)) return undefined;
  const sides = `left: ${describe(left)}\nright: ${describe(right)}`;
  if (left?.kind === 'symlink' && right?.kind === 'symlink') {
    const [before, after] = [Buffer.from(left.target, 'latin1'), Buffer.from(right.target, 'latin1')];
    return { file, ...causeOf(before, after, a, b), offset: firstDifference(before, after), sides };
  }
  const reason =
    left === undefined || right === undefined ? 'the entry is there on one side only' : 'the entry is of another kind';
  return {
    file,
    cause: 'path',
    reason: `${reason}: its name or its being there depends on the store directory`,
    sides,
  };
}

/** What differs between two trees whose NAR hashes differ, in the order of paths. */
export function compareObjects(a: Side, b: Side): EntryDifference[] {
  const files = [...new Set([...a.tree.entries.keys(), ...b.tree.entries.keys()])].sort();
  const differences: EntryDifference[] = [];
  for (const file of files) {
    const difference = compareEntry(file, a, b);
    if (difference !== undefined) differences.push(difference);
    if (differences.length === MAX_DIFFERENCES) break;
  }
  return differences;
}
