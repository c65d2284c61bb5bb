/** Prefixes that are unlike each other: short, long, with a blank and letters outside ASCII. */

import { join } from 'node:path/posix';

const LONG_PREFIX = 220;

/** @param work a directory of one's own; the paths lie below it and do not exist yet */
export function unlikePrefixes(work: string): readonly string[] {
  const segment = 'a-directory-with-quite-a-long-name';
  let long = join(work, 'l');
  while (Buffer.byteLength(long) < LONG_PREFIX) long = join(long, segment);
  return [join(work, 's'), long, join(work, 'Zoë’s ünmoored ファイル')];
}
