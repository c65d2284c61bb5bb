/** Entries of DT_RUNPATH that the loader does not need, and that a shrinking relocation leaves out. */

import type { Site } from '../../analyzers/site.ts';
import { NUKED_DIGEST } from '../../store/store-path.ts';
import { DT_RUNPATH } from '../../syntax/elf/constants.ts';
import { type Dynamic, dynamicString } from '../../syntax/elf/dynamic.ts';
import { beginsInside, stringUses } from '../../syntax/elf/string-uses.ts';
import type { ElfImage } from './image.ts';

export interface UnusedEntries {
  readonly sites: ReadonlySet<Site>;
  /** The texts of the entries. */
  readonly texts: ReadonlySet<string>;
  /** Blots out their digests in bytes of the string table. */
  blot(table: Buffer): void;
  /** The same for one entry in the file itself. */
  blotImage(image: ElfImage, site: Site): void;
}

/**
 * Which of the sites can be left out: those of role dead in a text that no other string shares.
 *
 * @param needle length of the store directory with its slash, bytes
 */
export function unusedEntries(
  image: ElfImage,
  dynamic: Dynamic | undefined,
  sites: readonly Site[],
  needle: number,
): UnusedEntries {
  const dead = sites.filter(({ role, rule }) => role === 'dead' && rule === 'elf/runpath');
  const free = dynamic && dead.length > 0 ? dead.filter((site) => !isShared(image, dynamic, site)) : [];
  const digestAt = ({ offset }: Site) => offset + needle;
  return {
    sites: new Set(free),
    texts: new Set(free.map(({ text }) => text)),
    blot(table) {
      for (const site of free) table.write(NUKED_DIGEST, digestAt(site) - (dynamic as Dynamic).strtabOffset, 'latin1');
    },
    blotImage(file, site) {
      if (free.includes(site)) file.patch(digestAt(site), Buffer.from(NUKED_DIGEST, 'latin1'));
    },
  };
}

/** Whether another string begins in the search path that holds the site. */
function isShared(image: ElfImage, dynamic: Dynamic, { offset }: Site): boolean {
  const uses = stringUses(image.source, image.elf, dynamic);
  const at = offset - dynamic.strtabOffset;
  const entry = dynamic.entries.find(({ tag, value }) => {
    return tag === DT_RUNPATH && at >= value && at < value + dynamicString(image.source, dynamic, value).length;
  });
  if (uses === undefined || entry === undefined) return true;
  const end = entry.value + dynamicString(image.source, dynamic, entry.value).length;
  return beginsInside(uses, dynamic, entry, entry.value, end);
}
