/** Hashes and sizes in the record of an installed package, for files that were rewritten. */

import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { StoreDir } from '../../store/store-path.ts';
import { isRecord, type RecordRow, recordBase, recordRows } from '../../syntax/python/record.ts';
import type { Derivation } from '../derivation.ts';
import { textEdit } from '../plan-sites.ts';
import type { Edit } from '../transform.ts';

/** Larger records are left alone, bytes. */
const LARGEST = 16 * 1024 * 1024;

/** Those that the specification names and installers write. */
const ALGORITHMS = new Set(['sha256', 'sha384', 'sha512']);

function hashLike(recorded: string, contents: Buffer): string | undefined {
  const [algorithm = ''] = recorded.split('=');
  if (!ALGORITHMS.has(algorithm)) return undefined;
  return `${algorithm}=${createHash(algorithm).update(contents).digest('base64url')}`;
}

/** Path inside the object of the file that a row names; undefined for files of other objects. */
function pathOf({ path }: RecordRow, base: string, object: string | undefined, dir: StoreDir): string | undefined {
  const own = `${dir.path}/${object}/`;
  if (path.startsWith('/')) return path.startsWith(own) ? posix.normalize(path.slice(own.length)) : undefined;
  const inside = posix.join(base, path);
  return inside.startsWith('../') ? undefined : inside;
}

export const packageRecord: Derivation = {
  id: 'python-record',
  claims: ({ file, bytes }) => isRecord(file) && bytes.size <= LARGEST,
  async edits({ file, object, bytes, storeDir }, changeOf) {
    const edits: Edit[] = [];
    const base = recordBase(file);
    for (const row of recordRows(bytes.read(0, bytes.size).toString('latin1'))) {
      if (row.hash.text === '' && row.size.text === '') continue;
      const path = pathOf(row, base, object, storeDir);
      const change = path === undefined || path === file ? undefined : await changeOf(path);
      if (change === undefined || change.before.contents.equals(change.after.contents)) continue;
      const { hash, size } = row;
      const before = hashLike(hash.text, change.before.contents);
      // What was not true before is not made to look right.
      if (hash.text !== '' && before !== hash.text) continue;
      if (size.text !== '' && size.text !== String(change.before.contents.length)) continue;
      const after = hashLike(hash.text, change.after.contents);
      if (after !== undefined) edits.push(textEdit(hash.start, hash.text, after));
      if (size.text !== '') edits.push(textEdit(size.start, size.text, String(change.after.contents.length)));
    }
    return edits;
  },
};
