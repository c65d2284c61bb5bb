/** Plain tables for terminals: columns as wide as their widest cell, numbers to the right. */

import { cells } from './widths.ts';

/** What colours a text; the plain one gives it back. */
export interface Palette {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
}

const same = (text: string) => text;
export const plainPalette: Palette = { bold: same, dim: same, red: same, green: same, yellow: same };

/** Lays rows out in columns, two blanks apart; columns whose index is in `right` are aligned to the right. */
export function table(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const widths: number[] = [];
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cells(cell));
  const pad = (cell: string, i: number, last: boolean) => {
    const space = ' '.repeat((widths[i] ?? 0) - cells(cell));
    return right.includes(i) ? space + cell : last ? cell : cell + space;
  };
  return rows.map((row) => row.map((cell, i) => pad(cell, i, i === row.length - 1)).join('  ')).join('\n');
}

/** Cells of the widest line of a table. */
export function tableWidth(laidOut: string): number {
  return laidOut.split('\n').reduce((most, line) => Math.max(most, cells(line)), 0);
}
