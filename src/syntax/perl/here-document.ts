/** Beginnings of here-documents (perlop, "<<EOF"). */

import type { Quoted } from './pieces.ts';

export interface HereDocument {
  readonly quote: Omit<Quoted, 'textStart' | 'textEnd'>;
  /** The line that ends it. */
  readonly tag: string;
  /** Whether blanks may stand before that line. */
  readonly indented: boolean;
}

/**
 * The here-document whose `<<` stands at `at`. A shift by a constant looks alike, but no line ends it.
 *
 * @param isValue whether a value stands before, which is shifted rather than followed by a document
 */
export function hereDocumentAt(text: string, at: number, isValue: boolean): HereDocument | undefined {
  const head = /<<(~?)(?:\s*(["'`])(.*?)\2|(\\?)([A-Za-z_]\w*))/y;
  head.lastIndex = at;
  const found = head.exec(text);
  if (found === null) return undefined;
  const [whole, tilde, quote, quotedTag, backslash, bareTag] = found;
  if (isValue && quote === undefined) return undefined;
  const tag = quotedTag ?? (bareTag as string);
  const end = new RegExp(`^${tilde === '' ? '' : '[ \\t]*'}${tag.replace(/[^\w]/g, '\\$&')}\\r?$`, 'm');
  if (!end.test(text.slice(at))) return undefined;
  const kind = backslash === '\\' ? 'fixed' : quote === "'" ? 'raw-here-document' : 'here-document';
  const open = quote ?? '';
  return {
    quote: { kind, start: at, end: at + whole.length, open, close: open, reader: quote === '`' ? 'shell' : 'none' },
    tag,
    indented: tilde !== '',
  };
}
