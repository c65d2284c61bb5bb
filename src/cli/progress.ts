/** The progress line on a terminal. */

import type { createLogUpdate } from 'log-update';
import type { OnProgress } from '../pipeline/progress.ts';
import { headOf } from '../reports/widths.ts';

export interface ProgressLine {
  readonly update: OnProgress;
  /** Takes the line away; more calls do nothing. */
  end(): void;
}

export interface ProgressOptions {
  readonly quiet: boolean;
  readonly stream?: NodeJS.WriteStream;
  /** Before so many milliseconds nothing is drawn. */
  readonly patience?: number;
}

const PATIENCE = 1000;
const BAR = 24;
/** Digest and dash of a store object's name. */
const DIGEST = 33;

function drawn({ phase, done, total, label }: Parameters<OnProgress>[0], columns: number): string {
  const filled = total === 0 ? 0 : Math.round((done / total) * BAR);
  const bar = '█'.repeat(filled) + '░'.repeat(BAR - filled);
  return headOf(`${phase} ${bar} ${done}/${total} ${label.slice(DIGEST)}`.trimEnd(), columns - 1);
}

/** A line on standard error for work of more than a second; nothing when that is no terminal. */
export function progressLine({ quiet, stream = process.stderr, patience = PATIENCE }: ProgressOptions): ProgressLine {
  if (quiet || !stream.isTTY) return { update() {}, end() {} };
  let log: ReturnType<typeof createLogUpdate> | undefined;
  let text = '';
  let ended = false;
  // Short runs need not load what draws.
  const timer = setTimeout(async () => {
    const library = await import('log-update');
    if (ended) return;
    log = library.createLogUpdate(stream, { showCursor: true });
    if (text !== '') log(text);
  }, patience);
  timer.unref();
  return {
    update(progress) {
      text = drawn(progress, stream.columns || 80);
      log?.(text);
    },
    end() {
      ended = true;
      clearTimeout(timer);
      log?.clear();
      log?.done();
      log = undefined;
    },
  };
}
