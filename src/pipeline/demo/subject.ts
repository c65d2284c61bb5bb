/** What a demonstration is made with: a closure with absolute store paths, and what to run from it. */

import type { DemoProgram } from './report.ts';

export interface DemoTask extends DemoProgram {
  /** Base name of the object that holds the program. */
  readonly object: string;
  /** Program path inside the object, such as `bin/ls`. */
  readonly file: string;
  /** Whether the loader can be asked which libraries it takes (ld.so(8), LD_TRACE_LOADED_OBJECTS). */
  readonly isElf: boolean;
  readonly args: readonly string[];
  /** Standard input. */
  readonly input?: string;
  /** Variables beyond the few fixed ones; `{object}` stands for where the program's object lies at the moment. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface DemoSubject {
  readonly storeDir: string;
  /** Store paths of the objects to relocate. */
  readonly paths: readonly string[];
  readonly tasks: readonly DemoTask[];
  /** Makes the store directory unreachable for what `wrap` starts from now on. */
  hide(): void;
  /** Says what `hide` does, as the rest of a sentence that begins "Before they were started there, ". */
  readonly absence: string;
  /** Words to put before a command line, after `hide`. */
  readonly wrap: readonly string[];
}
