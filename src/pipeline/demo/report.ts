/** What a demonstration found: plain data, printed as JSON or as a table. */

export interface DemoProgram {
  readonly name: string;
  /** The machine's own file, or the package, that it was made of. */
  readonly from: string;
  /** What it was asked to do. */
  readonly task: string;
}

/** One program under one prefix. */
export interface DemoRun {
  readonly program: string;
  /** Exit code and both outputs are those of the original, after the prefix was put for the store directory. */
  readonly sameOutput: boolean;
  /** Libraries that the loader took from outside the prefix, those left out that the original takes from the host too. */
  readonly librariesOutside: readonly string[];
  /** What differs, for people; empty when nothing does. */
  readonly difference: string;
}

export interface DemoPrefix {
  readonly kind: 'short' | 'long' | 'space and non-ASCII letters';
  readonly path: string;
  readonly bytes: number;
  readonly runs: readonly DemoRun[];
  /** Whether every object has the NAR hash that it was relocated with. */
  readonly sameHashes: boolean;
}

export interface DemoReport {
  readonly version: 1;
  /** The store directory that is compiled into the originals. */
  readonly storeDir: string;
  /** What was done so that nothing could be read from it: see `DemoSubject.absence`. */
  readonly absence: string;
  readonly programs: readonly DemoProgram[];
  readonly objects: number;
  readonly audit: { readonly sites: number; readonly byRule: Readonly<Record<string, number>> };
  readonly relocation: {
    readonly rewritten: number;
    readonly unresolved: number;
    readonly failedChecks: readonly string[];
  };
  readonly prefixes: readonly DemoPrefix[];
  /** Where the relocated closure was left, with `--keep`. */
  readonly kept?: string;
  readonly ok: boolean;
}
