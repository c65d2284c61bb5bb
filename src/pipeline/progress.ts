/** How far a run is; the command line draws it. */
export interface Progress {
  readonly phase: 'audit' | 'relocate' | 'verify' | 'build' | 'compare';
  readonly done: number;
  /** Objects in total. */
  readonly total: number;
  /** What was just finished. */
  readonly label: string;
}

export type OnProgress = (progress: Progress) => void;
