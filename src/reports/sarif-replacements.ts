/** Hunks of a diff as replacements of SARIF 2.1.0 (section 3.57): regions of whole lines, counted in the old file. */

import type { ReportChange, ReportHunk } from '../pipeline/report.ts';

interface Region {
  readonly startLine: number;
  readonly startColumn: 1;
  readonly endLine: number;
  readonly endColumn: number;
}

interface Replacement {
  readonly deletedRegion: Region;
  readonly insertedContent?: { readonly text: string };
}

/** @returns undefined where the hunks do not tell everything, or touch a last line without line feed */
export function replacementsOf({ hunks, exact }: ReportChange): Replacement[] | undefined {
  const isUnfinished = hunks.some(({ lines }) => lines.some((line) => line.startsWith('\\')));
  return exact !== true || hunks.length === 0 || isUnfinished ? undefined : hunks.flatMap(ofHunk);
}

function ofHunk({ oldStart, lines }: ReportHunk): Replacement[] {
  const replacements: Replacement[] = [];
  let line = oldStart;
  for (let i = 0; i < lines.length; ) {
    if (lines[i]?.startsWith(' ')) {
      line++;
      i++;
      continue;
    }
    const removed: string[] = [];
    const added: string[] = [];
    for (; i < lines.length && !lines[i]?.startsWith(' '); i++) {
      const text = lines[i] as string;
      (text.startsWith('-') ? removed : added).push(text.slice(1));
    }
    replacements.push(replacement(line, removed, added));
    line += removed.length;
  }
  return replacements;
}

function replacement(line: number, removed: readonly string[], added: readonly string[]): Replacement {
  const last = removed.at(-1);
  if (last === undefined || added.length === 0) {
    // Whole lines with their line feeds come or go.
    const deletedRegion = { startLine: line, startColumn: 1, endLine: line + removed.length, endColumn: 1 } as const;
    if (last !== undefined) return { deletedRegion };
    return { deletedRegion, insertedContent: { text: `${added.join('\n')}\n` } };
  }
  const endColumn = [...last].length + 1;
  const deletedRegion = { startLine: line, startColumn: 1, endLine: line + removed.length - 1, endColumn } as const;
  return { deletedRegion, insertedContent: { text: added.join('\n') } };
}
