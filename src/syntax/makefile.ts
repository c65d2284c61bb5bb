/** Makefiles, line by line: recipes, comments and the rest (GNU make manual, "What Makefiles Contain"). */

import { type LogicalLine, logicalLines } from './lines.ts';

export interface MakefileLine extends LogicalLine {
  readonly kind: 'recipe' | 'other';
  /** Where a comment begins; `end` when there is none. In a recipe `#` is the shell's business. */
  readonly comment: number;
}

/** Where a comment begins in a line: at a `#` that is not escaped and stands in no reference `$(...)`, `${...}`. */
function commentStart(line: string): number {
  const nesting: string[] = [];
  for (let at = 0; at < line.length; at++) {
    const character = line[at] as string;
    if (character === '\\') at++;
    else if (character === '$' && (line[at + 1] === '(' || line[at + 1] === '{')) {
      at++;
      nesting.push(line[at] === '(' ? ')' : '}');
    } else if (character === nesting.at(-1)) nesting.pop();
    else if (character === '#' && nesting.length === 0) return at;
  }
  return line.length;
}

/** @param text the file, one character a byte */
export function makefileLines(text: string): MakefileLine[] {
  return logicalLines(text, true).map(({ start, end }) => {
    const line = text.slice(start, end);
    const isRecipe = line.startsWith('\t');
    return { kind: isRecipe ? 'recipe' : 'other', start, end, comment: isRecipe ? end : start + commentStart(line) };
  });
}
