/** A site: an occurrence that an analyzer has explained. Plain data; everything later is made from it. */

import type { Occurrence } from '../store/scan.ts';

/** What a hardcoded path is for. */
export type Role = 'run-time' | 'build-time' | 'documentation' | 'dead';

/** Where inside an entry of the tree the bytes stand. */
export type SitePlace = 'contents' | 'link-target' | 'file-name';

export interface Site {
  /** Path of the entry inside its object, without leading slash; `''` for an object that is itself a file or link. One character a byte. */
  readonly file: string;
  /** The inner file of an archive or compressed file; `offset` counts from its start. */
  readonly member?: string;
  readonly place: SitePlace;
  /** Rule id, such as `elf/runpath`. */
  readonly rule: string;
  /** First byte of the path, in the file's contents (or in the link target, or in the file name). */
  readonly offset: number;
  /** Bytes of `text`. */
  readonly length: number;
  /** The whole path as it stands there, from the store directory on; one character a byte. */
  readonly text: string;
  readonly occurrence: Occurrence;
  readonly role: Role;
  /** One short phrase for people: what this is (`'.rodata string'`, `'DT_RUNPATH entry 2'`). */
  readonly what: string;
}

/** What will be done with a site. */
export type Remedy =
  | { readonly kind: 'relative'; readonly transform: string; readonly form: string }
  | { readonly kind: 'alias'; readonly transform: string; readonly form: string }
  | { readonly kind: 'none'; readonly code: string; readonly reason: string };

/** A rule: an id with a page in docs/rules. Rules name the pattern that is found, never the remedy. */
export interface Rule {
  readonly id: string;
  /** One line: what it finds. */
  readonly summary: string;
}
