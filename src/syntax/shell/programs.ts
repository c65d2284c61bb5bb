/** Paths in programs of awk and sed that stand in the words of a command. */

import type { SyntaxNode } from 'unbash';
import { codeOf } from './code-words.ts';
import { type Embedded, programReader, programWords } from './embedded.ts';

/**
 * What is known of the paths in a command's programs, by their offsets.
 *
 * @param inside offsets of paths in a stretch of the text
 */
export function programsOf(
  name: string,
  command: Extract<SyntaxNode, { type: 'Command' }>,
  source: string,
  inside: (pos: number, end: number) => readonly number[],
): Map<number, Embedded> {
  const found = new Map<number, Embedded>();
  const words = command.suffix.filter((child) => child.type === 'Word');
  const programs = programWords(
    name,
    words.map((word) => word.value),
  );
  for (const [index, language] of programs) {
    const word = words[index];
    const offsets = word === undefined ? [] : inside(word.pos, word.end);
    if (word === undefined || offsets.length === 0) continue;
    const { text, origins, outers } = codeOf([word], source);
    const indices = new Map(origins.map((origin, at) => [origin, at]));
    const read = programReader(language, text);
    for (const offset of offsets) {
      const at = indices.get(offset);
      const embedded = at === undefined ? undefined : read(at);
      if (embedded?.language === 'sed') found.set(offset, embedded);
      else if (embedded?.language === 'awk') {
        const start = origins[embedded.start] as number;
        const end = (origins[embedded.end - 1] as number) + 1;
        // The string of awk must stand in one piece, between single quotes of the shell.
        const isWhole = outers.slice(embedded.start, embedded.end).every((outer) => outer === 'single');
        if (isWhole && end - start === embedded.end - embedded.start)
          found.set(offset, { language, start, end } as Embedded);
      }
    }
  }
  return found;
}
