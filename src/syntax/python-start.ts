/**
 * The beginning of a Python file, as far as a header needs it: comments, the docstring, `from __future__` imports
 * (Python reference, "Future statements" and "Encoding declarations").
 */

export interface PythonFileStart {
  /** Offset of the first byte of code: the start of its line. */
  readonly codeOffset: number;
  readonly hasDocstring: boolean;
  /** Offset just behind the docstring and all future imports, at the end of a line where a statement may be added. */
  readonly afterImports: number | undefined;
  readonly hasFuture: boolean;
}

/** @param text the file, one character a byte */
export function pythonStart(text: string): PythonFileStart | undefined {
  const lead = /^(?:[ \t\f]*(?:#[^\n]*)?\r?\n)*/.exec(text);
  const codeOffset = lead === null ? 0 : lead[0].length;
  const rest = text.slice(codeOffset);
  const docstring = /^[rRuU]?("""|'''|"|')/.exec(rest);
  let at = codeOffset;
  if (docstring !== null) {
    const end = stringEnd(text, codeOffset + docstring[0].length, docstring[1] as string);
    if (end === undefined) return undefined;
    at = end;
  }
  let afterImports = docstring === null ? undefined : lineEndIfPlain(text, at);
  // Only what may stand between the docstring and a future import.
  let cursor = docstring === null ? codeOffset : at;
  let hasFuture = false;
  for (;;) {
    const next = /^(?:[ \t\f]*(?:#[^\n]*)?\r?\n|[ \t]*;[ \t]*)*from[ \t]+__future__[ \t]+import[ \t]+([^\n]*)/.exec(
      text.slice(cursor),
    );
    if (next === null) break;
    hasFuture = true;
    const names = /^([\w, \t]*\w)[ \t]*(?:#.*)?\r?$/.exec(next[1] as string)?.[1];
    const start = cursor + next[0].length - (next[1] as string).length;
    cursor += next[0].length;
    afterImports = names === undefined ? undefined : start + names.length;
    if (names === undefined) break;
  }
  return { codeOffset, hasDocstring: docstring !== null, afterImports, hasFuture };
}

function stringEnd(text: string, from: number, quote: string): number | undefined {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text.startsWith(quote, at)) return at + quote.length;
    else if (quote.length === 1 && text[at] === '\n') return undefined;
  }
  return undefined;
}

/** The offset itself when nothing but blanks or a comment follows on its line. */
function lineEndIfPlain(text: string, at: number): number | undefined {
  return /^[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/.test(text.slice(at, at + 1000)) ? at : undefined;
}
