/** Quoting of the shell inside strings of other languages. */

export type ShellQuote = 'none' | 'single' | 'double';

/** How a shell has quoted what it reads up to the end of `text`. */
export function shellQuote(text: string): ShellQuote {
  let state: ShellQuote = 'none';
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '\\' && state !== 'single') i++;
    else if (character === "'" && state !== 'double') state = state === 'single' ? 'none' : 'single';
    else if (character === '"' && state !== 'single') state = state === 'double' ? 'none' : 'double';
  }
  return state;
}
