/** Entries of a GHC package database: `field: value`, continued on indented lines (Cabal, "InstalledPackageInfo"). */

import { type LogicalLine, logicalLines } from './lines.ts';

export interface GhcPackageField extends LogicalLine {
  /** In lower case. */
  readonly name: string;
}

/** @param text the file, one character a byte */
export function ghcPackageFields(text: string): GhcPackageField[] {
  const fields: GhcPackageField[] = [];
  for (const { start, end } of logicalLines(text, false)) {
    const line = text.slice(start, end);
    const match = /^([A-Za-z-]+)\s*:/.exec(line);
    const last = fields.at(-1);
    if (match !== null) fields.push({ name: (match[1] as string).toLowerCase(), start, end });
    else if (last !== undefined && /^\s/.test(line)) fields[fields.length - 1] = { ...last, end };
  }
  return fields;
}
