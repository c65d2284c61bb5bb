/** What was not looked into, and why. */

export type UnopenedCode =
  /** More bytes than are unpacked. */
  | 'too-large'
  /** Archives in archives in archives ... */
  | 'too-deep'
  | 'encrypted'
  /** A format, a method or a variant that is known by name only. */
  | 'unsupported'
  /** Cut off, changed, or to be read in two ways. */
  | 'damaged';

export interface Unopened {
  readonly code: UnopenedCode;
  /** For people. */
  readonly reason: string;
}

export function unopened(code: UnopenedCode, reason: string): Unopened {
  return { code, reason };
}

export const damaged = (reason: string): Unopened => unopened('damaged', reason);
export const unsupported = (reason: string): Unopened => unopened('unsupported', reason);
/** Members of an archive: each takes time and memory, however small. */
export const MOST_MEMBERS = 1 << 18;
/** Pieces and blocks of a compressed file: each is unpacked by itself. */
export const MOST_PIECES = 1 << 14;

export const tooMany: Unopened = unopened('too-large', 'it has more parts than the bound allows');
export const tooLarge: Unopened = unopened('too-large', 'more would be unpacked than the bound allows');
