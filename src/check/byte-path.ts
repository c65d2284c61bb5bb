/** Paths as strings of one character a byte: file names need not be UTF-8. */

export type BytePath = string;

/** For `node:fs`. */
export function forFileSystem(path: BytePath): Buffer {
  return Buffer.from(path, 'latin1');
}

/** For people and reports. */
export function decoded(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** From the command line and other texts. */
export function bytesOf(text: string): BytePath {
  return Buffer.from(text, 'utf8').toString('latin1');
}
