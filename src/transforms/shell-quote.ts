/** Quoting of the shell inside strings of other languages. */

export type ShellQuote = 'none' | 'single' | 'double';

/**
 * How a shell has quoted what it reads up to the end of a piece of a literal.
 *
 * @param source the piece as it stands in the program
 * @param isRaw whether backslashes quote nothing but themselves and single quotes there
 */
export function shellQuote(source: string, isRaw: boolean): ShellQuote {
  const text = source.replace(isRaw ? /\\([\\'])/g : /\\([\s\S])/g, '$1');
  let state: ShellQuote = 'none';
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '\\' && state !== 'single') i++;
    else if (character === "'" && state !== 'double') state = state === 'single' ? 'none' : 'single';
    else if (character === '"' && state !== 'single') state = state === 'double' ? 'none' : 'double';
  }
  return state;
}
