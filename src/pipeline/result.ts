/** A finished result, before it gets its name: what the checks look at. */

import type { PhysicalStore, StoreObject } from '../store/closure.ts';
import type { ObjectOutcome } from './object-task.ts';

export interface Result {
  /** The new store directory, physical, one character a byte. */
  readonly staged: string;
  /** The store that was read. */
  readonly store: PhysicalStore;
  readonly closure: readonly StoreObject[];
  /** In the order of `closure`. */
  readonly outcomes: readonly ObjectOutcome[];
  /** Whether dead paths were to lose their references. */
  readonly shrunk: boolean;
}
