/** What an analyzer is: it claims files and explains occurrences. It reads bytes only; no file system, no edits. */

import type { ByteSource } from '../store/byte-source.ts';
import type { Occurrence } from '../store/scan.ts';
import type { StoreDir } from '../store/store-path.ts';
import type { Rule, Site } from './site.ts';

/** One entry of an object, as analyzers and transforms see it. */
export interface EntryFile {
  /** Path inside the object (see `Site.file`). */
  readonly file: string;
  /** Base name of the object that holds it, `<digest>-<name>`; undefined for trees that are no store object. */
  readonly object: string | undefined;
  readonly executable: boolean;
  /** Whether the file is setuid or setgid: the kernel then starts it in secure execution (ld.so(8)). */
  readonly secure: boolean;
  /** The contents. */
  readonly bytes: ByteSource;
  /** The first bytes, at most 4096. */
  readonly head: Buffer;
  readonly storeDir: StoreDir;
  /** As `TransformContext.exists`; undefined where no store can be looked into. */
  readonly exists?: ((storeRelativePath: string) => boolean) | undefined;
  /**
   * The contents of another regular file of the same object, as they were before any rewriting; undefined where there is
   * none, or it is too large to be read whole. Not for members of archives.
   */
  readonly sibling?: ((path: string) => Buffer | undefined) | undefined;
}

export interface Analyzer {
  readonly id: string;
  readonly rules: readonly Rule[];
  /** Whether this analyzer understands the file; 0 is no, the highest claim is asked first. Looks at name and head only. */
  claims(file: EntryFile): number;
  /**
   * Loads what `sites` needs, such as a grammar, once for each thread; awaited before `sites` for a file that is
   * claimed. The transform of the same language may rely on it.
   */
  readonly load?: () => Promise<void>;
  /**
   * Explains occurrences. Gets those that no analyzer before it explained, returns sites for those that it understands,
   * at most one each; what it leaves goes to the next, and at last to rule `opaque`. Must not throw on malformed
   * input: what cannot be read is left unexplained.
   */
  sites(file: EntryFile, occurrences: readonly Occurrence[]): readonly Site[];
}
