/** RECORD of a wheel: the hash and size of each file in it ("Recording installed projects", PyPA specifications; PEP 427). */

import { createHash } from 'node:crypto';

export function isWheelRecord(name: string): boolean {
  return /^[^/]+\.dist-info\/RECORD$/.test(name);
}

const hashes = new Set(['sha256', 'sha384', 'sha512']);

/** A path, quoted as in CSV or not; its hash; its size. */
const line = /^("(?:[^"]|"")*"|[^",]*),([^,"]*),([^,"]*)$/;

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
  const lines: string[] = [];
  for (const text of record.toString('latin1').split('\n')) {
    const ending = text.endsWith('\r') ? '\r' : '';
    const [, field, hash = ''] = line.exec(text.slice(0, text.length - ending.length)) ?? [];
    const path = field?.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field;
    if (field === undefined && text.trim() !== '') return { reason: 'its RECORD cannot be read' };
    const contents = path === undefined ? undefined : changed.get(path);
    // Without a hash nothing is checked.
    if (contents === undefined || hash === '') {
      lines.push(text);
      continue;
    }
    const algorithm = hash.slice(0, hash.indexOf('='));
    if (!hashes.has(algorithm)) return { reason: `its RECORD has a hash that is not known: ${algorithm}` };
    const digest = createHash(algorithm).update(contents).digest('base64url');
    lines.push(`${field},${algorithm}=${digest},${contents.length}${ending}`);
  }
  return { record: Buffer.from(lines.join('\n'), 'latin1') };
}
