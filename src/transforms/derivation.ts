/**
 * Files whose bytes depend on the rewritten bytes of others, such as bytecode that holds a hash of its source. Their edits come
 * on top of those that their own sites ask for, and never touch these.
 */

import type { EntryFile } from '../analyzers/analyzer.ts';
import type { Edit } from './transform.ts';

/** A regular file at one moment. */
export interface FileState {
  readonly contents: Buffer;
  /** Seconds since the epoch, a whole number. */
  readonly modified: number;
}

export interface FileChange {
  readonly before: FileState;
  readonly after: FileState;
}

/** What the rewriting makes of another file of the same object; undefined where there is no regular file, or one too large to be read whole. */
export type ChangeOf = (path: string) => Promise<FileChange | undefined>;

export interface Derivation {
  readonly id: string;
  /** Looks at name and head only. */
  claims(file: EntryFile): boolean;
  /** Keeps true what the file says of others: what was wrong before stays as it is. Must not throw on malformed input. */
  edits(file: EntryFile, changeOf: ChangeOf): Promise<readonly Edit[]>;
}
