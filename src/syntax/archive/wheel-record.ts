/** RECORD of a wheel: the hash and size of each file in it (PEP 427), made right when files change. */

import { createHash } from 'node:crypto';
import { recordRows } from '../python/record.ts';

export function isWheelRecord(name: string): boolean {
  return /^[^/]+\.dist-info\/RECORD$/.test(name);
}

const algorithms = new Set(['sha256', 'sha384', 'sha512']);

/**
 * The list with hashes and sizes of changed files made right. A changed file that is not listed stays so.
 *
 * @param changed new contents by name
 * @returns why that cannot be done, where it cannot
 */
export function repairRecord(
  record: Buffer,
  changed: ReadonlyMap<string, Buffer>,
): { readonly record: Buffer } | { readonly reason: string } {
  const text = record.toString('latin1');
  const rows = recordRows(text);
  const listed = new Set(rows.map(({ path }) => path));
  for (const name of changed.keys()) {
    if (!listed.has(name) && text.includes(name)) return { reason: 'its RECORD cannot be read' };
  }
  let repaired = '';
  let at = 0;
  for (const { path, hash, end } of rows) {
    const contents = changed.get(path);
    // Without a hash nothing is checked.
    if (contents === undefined || hash.text === '') continue;
    const algorithm = hash.text.slice(0, hash.text.indexOf('='));
    if (!algorithms.has(algorithm)) return { reason: `its RECORD has a hash that is not known: ${algorithm}` };
    const digest = createHash(algorithm).update(contents).digest('base64url');
    repaired += `${text.slice(at, hash.start)}${algorithm}=${digest},${contents.length}`;
    at = end;
  }
  return { record: Buffer.from(repaired + text.slice(at), 'latin1') };
}
