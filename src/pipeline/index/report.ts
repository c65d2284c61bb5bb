/** The data of an index over many audits: what holds packages back, and what to mend first. */

export interface IndexPackage {
  readonly name: string;
  /** Objects of its closure. */
  readonly objects: number;
  readonly sites: number;
  /** Run-time paths in its closure that stay absolute. */
  readonly blocking: number;
  /** `blocking` in the earlier index, where that had the package. */
  readonly before?: number;
  /** Base names of the objects that hold it back. */
  readonly heldBackBy: readonly string[];
}

export interface IndexBlocker {
  /** Base name of the object. */
  readonly object: string;
  readonly blocking: number;
  readonly byRule: Readonly<Record<string, number>>;
  /** Names of the packages in whose closure it is. */
  readonly packages: readonly string[];
}

export interface IndexReport {
  readonly version: 1;
  readonly packages: readonly IndexPackage[];
  /** Those that hold back most packages first. */
  readonly blockers: readonly IndexBlocker[];
  /** Sites over all objects, each object once. */
  readonly byRule: Readonly<Record<string, { readonly sites: number; readonly blocking: number }>>;
  /** Against an earlier index. */
  readonly trend?: {
    readonly relocatable: number;
    readonly blocking: number;
    readonly freed: readonly string[];
    readonly heldBackAnew: readonly string[];
  };
}
