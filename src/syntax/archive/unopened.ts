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
export const tooLarge: Unopened = unopened('too-large', 'more would be unpacked than the bound allows');
