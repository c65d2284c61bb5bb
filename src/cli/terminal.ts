/** What the terminal can do. */

import pc from 'picocolors';
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
