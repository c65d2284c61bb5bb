/** What both kinds of proof are asked for. */

import type { OnProgress } from '../progress.ts';

export interface ProofOptions {
  /** Where to relocate to; default: three unlike directories that are removed afterwards. */
  readonly prefixes?: readonly string[] | undefined;
  /** Shell commands to run under each prefix, with its `bin` first in PATH. */
  readonly commands?: readonly string[] | undefined;
  /** Whether temporary directories stay. */
  readonly keep?: boolean | undefined;
  readonly workers?: number | undefined;
  readonly onProgress?: OnProgress | undefined;
}
