/** Where in a script of fish a path stands. Plain data. */

/** How fish reads the bytes of a path (fish manual, "Quotes", "Parameter expansion"). */
export type FishQuoting = 'bare' | 'single' | 'double';

export interface FishPlace {
  readonly quoting: FishQuoting | 'comment';
  /** Quotes of the words that are read as code later, the innermost first; `quoting` holds in the innermost. */
  readonly outer: readonly FishQuoting[];
  /** Whether another fish reads the code, which has our variable only if it is exported. */
  readonly isNewShell: boolean;
  /** Whether the bytes before would join with a variable into something else: a backslash or a dollar sign. */
  readonly joinsBefore: boolean;
  /** Where the comment, the quotes or the word's piece end. */
  readonly end: number;
  /** A few words for people. */
  readonly what: string;
}
