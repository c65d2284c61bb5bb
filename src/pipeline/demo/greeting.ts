/**
 * A store object as a Nix build would leave it: a script with an absolute shebang that reads its own data by
 * absolute path, and calls another object's program through an absolute link.
 */

import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { compressHash, toBase32 } from '../../store/base32.ts';

/**
 * @param shell store path of a shell
 * @param hasher store path of sha256sum
 * @returns the base name.
 */
export function makeGreeting(storeDir: string, shell: string, hasher: string): string {
  const name = 'greeting';
  const digest = toBase32(compressHash(createHash('sha256').update(`unmoor demo ${name}`).digest()));
  const path = `${storeDir}/${digest}-${name}`;
  const script = `#!${shell} -e
words=${path}/share/words
while read -r word; do
  echo "$word from $0"
done < "$words"
${path}/share/hasher < "$words"
`;
  mkdirSync(`${path}/bin`, { recursive: true });
  mkdirSync(`${path}/share`);
  writeFileSync(`${path}/share/words`, 'Hello\nGuten Tag\nBonjour\n');
  writeFileSync(`${path}/bin/greet`, script);
  // Not through `mode`, which the umask takes from.
  chmodSync(`${path}/bin/greet`, 0o555);
  symlinkSync(hasher, `${path}/share/hasher`);
  return `${digest}-${name}`;
}
