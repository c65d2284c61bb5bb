/** Byte strings for a report: valid UTF-8 stays, other bytes and control characters become `\xNN`. */

const decoder = new TextDecoder('utf-8', { fatal: true });

function escapeBytes(text: string, pattern: RegExp): string {
  return text.replace(pattern, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** @param text one character a byte; a tab is a control character */
export function reportText(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  try {
    return escapeBytes(decoder.decode(Buffer.from(text, 'latin1')), /[\x00-\x1f\x7f]/g);
  } catch {
    return escapeBytes(text, /[^\x20-\x7e]/g);
  }
}

/** The same for lines of a text file, in which tabs are no oddity: they stay, and so do line feeds. */
export function reportLines(text: string): string {
  return text.replace(/[^\t\n]+/g, reportText);
}
