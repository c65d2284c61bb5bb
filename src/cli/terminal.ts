/** What the terminal can do, and the progress line on it. */

import pc from 'picocolors';
import type { OnProgress } from '../pipeline/progress.ts';
import { type Palette, plainPalette } from '../reports/table.ts';

/** Where a report goes: standard output, unless a file is named. */
interface Destination {
  readonly output?: string;
}

function isTerminal({ output }: Destination): boolean {
  return process.stdout.isTTY === true && (output === undefined || output === '-');
}

/** Colours for a report: only on a terminal, and not with NO_COLOR (no-color.org). */
export function reportPalette(destination: Destination): Palette {
  const wanted = isTerminal(destination) && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
  return wanted ? pc.createColors(true) : plainPalette;
}

/** Columns for a report; no limit where it goes to no terminal, so that whole paths reach files and pipes. */
export function reportWidth(destination: Destination): number {
  return isTerminal(destination) ? process.stdout.columns || 100 : Number.POSITIVE_INFINITY;
}

/** Before this many milliseconds nothing is drawn. */
const PATIENCE = 1000;

/** A progress line on standard error, for work of more than a second; nothing when that is no terminal. */
export function progressLine(quiet: boolean): { readonly update: OnProgress; end(): void } {
  if (quiet || !process.stderr.isTTY) return { update() {}, end() {} };
  const started = Date.now();
  let drawn = false;
  return {
    update({ phase, done, total, label }) {
      if (Date.now() - started < PATIENCE) return;
      const width = 24;
      const filled = total === 0 ? 0 : Math.round((done / total) * width);
      const bar = '█'.repeat(filled) + '░'.repeat(width - filled);
      const room = Math.max(10, (process.stderr.columns || 80) - width - 26);
      process.stderr.write(`\r\x1b[K${phase} ${bar} ${done}/${total} ${label.slice(33, 33 + room)}`);
      drawn = true;
    },
    end() {
      if (drawn) process.stderr.write('\r\x1b[K');
    },
  };
}
