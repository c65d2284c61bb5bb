/** The data of a proof: the same closure under several prefixes, object by object. */

import type { NarHash } from '../../store/nar.ts';

/** One store directory (or prefix) of a proof. */
export interface ProofPlace {
  /** The store directory that the objects were built for. */
  readonly storeDir: string;
  /** Where they were relocated to. */
  readonly prefix: string;
  /** Bytes of the prefix. */
  readonly prefixBytes: number;
}

/**
 * Why an object differs: a path (or something made from one) escaped into it, a length or an order depends on the store
 * directory, or the build gives other bytes each time anyway.
 */
export type DifferenceCause = 'path' | 'length-or-order' | 'not-reproducible';

export interface ProofDifference {
  /** Path inside the object. */
  readonly file: string;
  readonly cause: DifferenceCause;
  /** The evidence, one sentence. */
  readonly reason: string;
  /** First differing byte; undefined when the entry is of another kind, or only on one side. */
  readonly offset?: number | undefined;
  /** Index of the place that is compared with the first one. */
  readonly place: number;
  /** A unified diff of texts; a few lines of hexadecimal on each side for other bytes. */
  readonly sides: string;
}

export interface ProofObject {
  /** Name without digest. */
  readonly name: string;
  /** Base names, one for each place. */
  readonly baseNames: readonly string[];
  /** NAR hashes as built, one for each place. */
  readonly built: readonly NarHash[];
  /** As built, after digests were mapped onto each other. */
  readonly builtMapped: readonly NarHash[];
  /** NAR hashes after the relocation. */
  readonly relocated: readonly NarHash[];
  /** After the relocation and the mapping: these must be equal. */
  readonly relocatedMapped: readonly NarHash[];
  readonly equal: boolean;
  readonly differences: readonly ProofDifference[];
}

export interface ProofRun {
  readonly command: string;
  readonly same: boolean;
  /** What differs, for people; empty when nothing does. */
  readonly difference: string;
}

export interface ProofReport {
  readonly version: 1;
  /** `builds`: built by Nix for each store directory; `closure`: one finished closure, relocated to each prefix. */
  readonly mode: 'builds' | 'closure';
  readonly places: readonly ProofPlace[];
  readonly objects: readonly ProofObject[];
  /** Derivations that say something else for another store directory. */
  readonly derivations: readonly { readonly left: string; readonly right: string; readonly what: string }[];
  readonly runs: readonly ProofRun[];
  /** Run-time sites that stayed absolute, in the first place. */
  readonly unresolved: number;
  /** Names of relocation checks that failed, over all places. */
  readonly failedChecks: readonly string[];
  readonly ok: boolean;
}
