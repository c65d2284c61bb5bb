/** Literal store paths in sources. */

import { isDigestAt, isStoreNameByte } from '../store/store-path.ts';

export interface LiteralPath {
  /** Half-open range of bytes. */
  readonly start: number;
  readonly end: number;
  /** `<store directory>/<digest>-<name>`. */
  readonly path: string;
}

const DIGEST_LENGTH = 32;

/** Store paths with a digest and a name, in order. A digest of one character again and again stands for any, and is none. */
export function storePathsIn(text: string, storeDir: string): LiteralPath[] {
  const found: LiteralPath[] = [];
  const needle = `${storeDir}/`;
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + needle.length)) {
    const digestAt = at + needle.length;
    const digest = text.slice(digestAt, digestAt + DIGEST_LENGTH);
    if (!isDigestAt(Buffer.from(digest, 'latin1'), 0) || /^(.)\1+$/.test(digest)) continue;
    let end = digestAt + DIGEST_LENGTH;
    if (text[end] !== '-') continue;
    end++;
    while (end < text.length && isStoreNameByte(text.charCodeAt(end))) end++;
    if (end > digestAt + DIGEST_LENGTH + 1) found.push({ start: at, end, path: text.slice(at, end) });
  }
  return found;
}
