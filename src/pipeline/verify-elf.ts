/** Rewritten ELF files, read a second time by other code than that which rewrote them. */

import { openFileSource } from '../store/byte-source.ts';
import { fsPath } from '../store/tree.ts';
import { isElf } from '../syntax/elf/file.ts';
import { type LoadedView, secondReading } from '../syntax/elf/second-reading.ts';
import type { VerificationCheck } from './report.ts';
import { reportText } from './report-text.ts';
import type { Result } from './result.ts';

/** Reads one ELF64 file as its loader would; undefined for other files. */
export function viewElf(path: Buffer): LoadedView | undefined {
  const source = openFileSource(path);
  try {
    const head = source.read(0, 64);
    if (!isElf(head) || head[4] !== 2 || head[5] !== 1) return undefined;
    return secondReading((offset, length) => source.read(offset, length), source.size);
  } finally {
    source.close();
  }
}

/** Program headers, dynamic section and string table of every rewritten ELF file. */
export function checkElfFiles({ staged, outcomes }: Result): VerificationCheck {
  const details: string[] = [];
  let count = 0;
  for (const { baseName, rewritten } of outcomes) {
    for (const { file, rules } of rewritten) {
      if (!rules.some((rule) => rule.startsWith('elf/'))) continue;
      const view = viewElf(fsPath(`${staged}/${baseName}`, file));
      if (view === undefined) continue;
      count++;
      for (const violation of view.violations) details.push(`${baseName}/${reportText(file)}: ${violation}`);
    }
  }
  return {
    name: 'elf',
    ok: details.length === 0,
    summary: `${count} rewritten ELF files are well-formed`,
    details,
  };
}
