/** Paths as strings of one character a byte: file names need not be UTF-8. */

export type BytePath = string;

/** For `node:fs`. */
export function forFileSystem(path: BytePath): Buffer {
  return Buffer.from(path, 'latin1');
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/** For people and reports: valid UTF-8 as it is; of other texts, all bytes that are no ASCII become `\xNN`. */
export function decoded(bytes: string): string {
  if (/^[\x00-\x7f]*$/.test(bytes)) return bytes;
  try {
    return decoder.decode(Buffer.from(bytes, 'latin1'));
  } catch {
    return bytes.replace(/[^\x00-\x7f]/g, (character) => `\\x${character.charCodeAt(0).toString(16)}`);
  }
}

/** From the command line and other texts. */
export function bytesOf(text: string): BytePath {
  return Buffer.from(text, 'utf8').toString('latin1');
}
