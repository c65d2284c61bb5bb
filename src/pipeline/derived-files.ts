/**
 * What the rewriting makes of a file, on demand, for files that depend on it. Nothing is remembered but the last few: plans
 * are the same whenever they are made, and files come in the order of the archive, those of one source side by side.
 */

import { lstatSync, readFileSync } from 'node:fs';
import { bufferSource } from '../store/byte-source.ts';
import type { DigestSet } from '../store/digest-set.ts';
import { fsPath } from '../store/tree.ts';
import type { ChangeOf, FileChange } from '../transforms/derivation.ts';
import { derivations } from '../transforms/registry.ts';
import type { Edit } from '../transforms/transform.ts';
import { editedBytes } from './apply-edits.ts';
import { entryFile, type FileMode, type ObjectContext } from './entry.ts';
import { scanFile } from './file-scan.ts';
import { inOrder } from './plan.ts';
import { planRegularFile } from './plan-file.ts';

/** Larger files are not read for the sake of others, bytes. */
const LARGEST = 64 * 1024 * 1024;
const REMEMBERED = 4;

/** The modification time, in whole seconds, that a file gets which has another one now. */
export type ModifiedAfter = (before: number) => number;

interface RegularFile {
  readonly contents: Buffer;
  readonly mode: FileMode;
  readonly modified: number;
}

function regularFile(root: string, path: string): RegularFile | undefined {
  // Paths come from the contents of files.
  if (
    path === '' ||
    path.includes('\0') ||
    path.split('/').some((part) => part === '' || part === '.' || part === '..')
  )
    return undefined;
  try {
    const full = fsPath(root, path);
    const stat = lstatSync(full, { throwIfNoEntry: false });
    if (stat === undefined || !stat.isFile() || stat.size > LARGEST) return undefined;
    const mode = { executable: (stat.mode & 0o100) !== 0, secure: (stat.mode & 0o6000) !== 0 };
    return { contents: readFileSync(full), mode, modified: Math.floor(stat.mtimeMs / 1000) };
  } catch (error) {
    // A file that cannot be read stops the run when its own turn comes.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}

/** Reads other files of an object: see `EntryFile.sibling`. */
export function siblingReader(root: string): (path: string) => Buffer | undefined {
  return (path) => regularFile(root, path)?.contents;
}

export interface DerivedEdits {
  /** Edits for what a file says of others, beside those that were planned for its own sites. */
  of(path: string, mode: FileMode, contents: Buffer): Promise<readonly Edit[]>;
  /** Whether a file says something of others. */
  claims(path: string, mode: FileMode, head: Buffer): boolean;
}

/** @param root physical path of the object */
export function derivedEdits(
  root: string,
  context: ObjectContext,
  known: DigestSet,
  modifiedAfter: ModifiedAfter,
): DerivedEdits {
  const last = new Map<string, FileChange | undefined>();
  /** Files that are being looked at: one that depends on itself is taken as it is. */
  const active = new Set<string>();

  const claiming = (path: string, mode: FileMode, bytes: Buffer) => {
    const file = entryFile(path, mode, bufferSource(bytes), context);
    return { file, derivation: derivations.find(({ claims }) => claims(file)) };
  };

  const of = async (path: string, mode: FileMode, contents: Buffer): Promise<readonly Edit[]> => {
    const { file, derivation } = claiming(path, mode, contents);
    if (derivation === undefined || active.has(path) || context.excludes?.(path)) return [];
    active.add(path);
    try {
      return await derivation.edits(file, changeOf);
    } finally {
      active.delete(path);
    }
  };

  const changeOf: ChangeOf = async (path) => {
    if (last.has(path)) return last.get(path);
    const before = regularFile(root, path);
    let change: FileChange | undefined;
    if (before !== undefined) {
      const { contents, mode, modified } = before;
      const source = bufferSource(contents);
      const scan = scanFile(source, context.transform.storeDir, known);
      const { edits } = await planRegularFile(path, mode, source, scan, { ...context, changes: false }, known);
      const all = [...edits, ...(await of(path, mode, contents))];
      const after = all.length === 0 ? contents : editedBytes(source, inOrder(all));
      change = { before: { contents, modified }, after: { contents: after, modified: modifiedAfter(modified) } };
    }
    for (const [oldest] of last) if (last.size >= REMEMBERED) last.delete(oldest);
    last.set(path, change);
    return change;
  };

  return { of, claims: (path, mode, head) => claiming(path, mode, head).derivation !== undefined };
}
