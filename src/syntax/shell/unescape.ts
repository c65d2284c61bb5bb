/** Text that the shell reads twice: what is left of it for the second reading, and where each byte came from. */

export interface Unescaped {
  readonly text: string;
  /** For each character of `text`, where it came from. */
  readonly origins: readonly number[];
}

/** Text without the backslashes of the pairs that `pair` matches. */
export function withoutBackslashes(code: string, pair: RegExp): Unescaped {
  let text = '';
  const origins: number[] = [];
  for (let at = 0; at < code.length; at++) {
    if (code[at] === '\\' && pair.test(code.slice(at, at + 2))) at++;
    else if (code[at] === '\\' && at + 1 < code.length) {
      text += code[at];
      origins.push(at++);
    }
    text += code[at];
    origins.push(at);
  }
  return { text, origins };
}

const pairs = { double: /^\\[\\"$`]$/, 'here-document': /^\\[\\$`]$/ } as const;

/**
 * Text between double quotes, or of a here-document, as the second reading gets it. Variables stay as they are: what they
 * will hold is not known.
 *
 * @returns undefined when commands stand in it, or lines are joined
 */
export function expandedValue(code: string, quotes: keyof typeof pairs): Unescaped | undefined {
  if (/(?<!\\)(?:\\\\)*(?:`|\$\()|\\\n/.test(code)) return undefined;
  return withoutBackslashes(code, pairs[quotes]);
}
