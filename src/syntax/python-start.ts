/**
 * The beginning of a Python file, as far as a header needs it: comments, the docstring, `from __future__` imports
 * (Python reference, "Future statements" and "Encoding declarations").
 */

export interface PythonFileStart {
  /** Where a header may stand: behind the comments, and so behind an encoding cookie; the start of a line. */
  readonly codeOffset: number;
  /** The first statement; equal to `codeOffset` unless lines stand between them that a shell would not read over. */
  readonly firstStatement: number;
  readonly hasDocstring: boolean;
  /** Offset just behind the docstring and all future imports, at the end of a line where a statement may be added. */
  readonly afterImports: number | undefined;
  readonly hasFuture: boolean;
}

/** Comments and empty lines that a shell reads over as Python does: no form feeds, no carriage returns alone. */
function commentsEnd(text: string): number {
  const line = /(?:[ \t]*#[^\n]*|[ \t]*)\n/y;
  let at = 0;
  for (line.lastIndex = 0; line.test(text); at = line.lastIndex);
  return at;
}

/** Blanks, comments and line ends between two statements. */
function skipBetween(text: string, from: number): number {
  const gap = /[ \t\f;]+|#[^\n]*|\r?\n/y;
  let at = from;
  for (gap.lastIndex = at; gap.test(text); at = gap.lastIndex);
  return at;
}

/** The end of the string literals that begin at `at`, several side by side being one; undefined when none begins there. */
function stringsEnd(text: string, at: number): number | undefined {
  const opening = /[rRuU]?("""|'''|"|')/y;
  const blank = /(?:[ \t]|\\\r?\n)*/y;
  let end: number | undefined;
  for (opening.lastIndex = at; ; ) {
    const open = opening.exec(text);
    if (open === null) return end;
    end = stringEnd(text, opening.lastIndex, open[1] as string);
    if (end === undefined) return undefined;
    blank.lastIndex = end;
    blank.test(text);
    opening.lastIndex = blank.lastIndex;
  }
}

function stringEnd(text: string, from: number, quote: string): number | undefined {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text.startsWith(quote, at)) return at + quote.length;
    else if (quote.length === 1 && text[at] === '\n') return undefined;
  }
  return undefined;
}

const FUTURE = /from[ \t]+__future__[ \t]+import[ \t]*(?:\((?:[\w\s,]|#[^\n]*)*\)|\w(?:[\w, \t]*\w)?)/y;

/** @param text the file, one character a byte */
export function pythonStart(text: string): PythonFileStart {
  const codeOffset = commentsEnd(text);
  const first = skipBetween(text, codeOffset);
  const literalEnd = stringsEnd(text, first);
  let afterImports = literalEnd === undefined ? undefined : endOfStatement(text, literalEnd);
  const hasDocstring = afterImports !== undefined;
  let at = afterImports ?? first;
  let hasFuture = false;
  for (;;) {
    FUTURE.lastIndex = skipBetween(text, at);
    if (!FUTURE.test(text)) break;
    at = FUTURE.lastIndex;
    hasFuture = true;
    afterImports = endOfStatement(text, at);
  }
  return { codeOffset, firstStatement: first, hasDocstring, afterImports, hasFuture };
}

/** The offset itself when the statement ends there: only blanks, a comment or a semicolon follow on its line. */
function endOfStatement(text: string, at: number): number | undefined {
  const rest = /[ \t]*(?:;|#|\r?\n|$)/y;
  rest.lastIndex = at;
  return rest.test(text) ? at : undefined;
}
