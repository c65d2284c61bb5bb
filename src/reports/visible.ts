/**
 * Texts from files, made harmless to the eye: characters that nobody sees, or that turn the direction of what follows, are
 * spelled out, so that a name cannot look like another one.
 */

/** Control and format characters, halves of pairs, line separators, and letters that are drawn as nothing. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]|\u034f/gu;

function spelled(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** What may be shown as one line. */
export function visibleText(text: string): string {
  return text.replace(INVISIBLE, spelled);
}

/** What may be shown as a line of a text: tabs stay. */
export function visibleLine(text: string): string {
  return text.replace(INVISIBLE, (character) => (character === '\t' ? character : spelled(character)));
}

/** Output for a terminal: our own colours, tabs and line feeds stay. */
export function visibleOutput(text: string): string {
  const pattern = new RegExp(`\\x1b\\[[\\d;]*m|${INVISIBLE.source}`, 'gu');
  return text.replace(pattern, (found) => (/^(?:\x1b\[|[\n\t])/.test(found) ? found : spelled(found)));
}
