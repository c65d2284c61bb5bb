/** Delimiters of Perl's quote operators (perlop, "Gory details of parsing quoted constructs"). */

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' };

export interface Delimited {
  readonly close: string;
  /** Behind the closing delimiter. */
  readonly end: number;
}

/** Where the text ends that begins behind the delimiter at `at`: brackets nest, backslashes quote. */
export function delimitedAt(text: string, at: number): Delimited | undefined {
  const open = text[at] as string;
  const close = closing[open] ?? open;
  let depth = 1;
  for (let i = at + 1; i < text.length; i++) {
    const character = text[i];
    if (character === '\\') i++;
    else if (character === close && --depth === 0) return { close, end: i + 1 };
    else if (character === open && close !== open) depth++;
  }
  return undefined;
}

/** Where the second half of `s` or `tr` opens: with the closing delimiter of the first, or with one of its own. */
export function secondHalf(text: string, end: number, open: string): number {
  if (closing[open] === undefined) return end - 1;
  const gap = /(?:\s|#.*\n)*/y;
  gap.lastIndex = end;
  return end + (gap.exec(text) as RegExpExecArray)[0].length;
}
