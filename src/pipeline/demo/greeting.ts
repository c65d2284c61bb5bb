/**
 * A store object as a Nix build would leave it: a script with an absolute shebang that calls another object's program
 * by absolute path and reads its own data, and an absolute link to a third object.
 */

import { createHash } from 'node:crypto';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { compressHash, toBase32 } from '../../store/base32.ts';

/** @returns the base name. */
export function makeGreeting(storeDir: string, shell: string, lister: string): string {
  const name = 'greeting';
  const digest = toBase32(compressHash(createHash('sha256').update(`unmoor demo ${name}`).digest()));
  const path = `${storeDir}/${digest}-${name}`;
  const script = `#!${shell} -e
words=${path}/share/words
while read -r word; do
  echo "$word from $0"
done < "$words"
${lister} -d ${path}/share/linked
`;
  mkdirSync(`${path}/bin`, { recursive: true });
  mkdirSync(`${path}/share`);
  writeFileSync(`${path}/share/words`, 'Hello\nGuten Tag\nBonjour\n', { mode: 0o444 });
  writeFileSync(`${path}/bin/greet`, script, { mode: 0o555 });
  symlinkSync(lister, `${path}/share/linked`);
  return `${digest}-${name}`;
}
