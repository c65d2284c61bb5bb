/** How objects are called where their digests tell readers nothing. */

const DIGEST = /^[0-9a-z]{32}-(?=.)/;

/** Names without digests; of those that would be the same, with the beginning of it. @param full base names */
export function displayNames(full: readonly string[]): string[] {
  const short = full.map((name) => name.replace(DIGEST, ''));
  const uses = new Map<string, number>();
  for (const name of short) uses.set(name, (uses.get(name) ?? 0) + 1);
  const told = short.map((name, i) => {
    const digest = DIGEST.exec(full[i] as string)?.[0];
    return uses.get(name) === 1 || digest === undefined ? name : `${name} (${digest.slice(0, 6)})`;
  });
  return new Set(told).size === told.length ? told : [...full];
}
