/**
 * ELF files in archives. Edits keep every byte's place, so a library's strings and search path can go through the store alias
 * wherever it is unpacked to. A program cannot: its loader is found by its own place.
 */

import type { EntryFile } from '../../analyzers/analyzer.ts';
import type { Remedy, Site } from '../../analyzers/site.ts';
import { readDynamic } from '../../syntax/elf/dynamic.ts';
import { parseElf } from '../../syntax/elf/file.ts';
import { aliasPlan } from '../alias-plan.ts';
import { kindOf } from '../elf/kind.ts';
import { elfTransform } from '../elf/transform.ts';
import { type FilePlan, refuse, type TransformContext } from '../transform.ts';

const needsPlace = refuse('needs-place', 'a packed program has no place from which its files could be found');

/** Search paths are kept by the dynamic string table; everything else the transform of ELF files edits in place. */
const isSearch = ({ rule }: Site) => rule === 'elf/runpath' || rule === 'elf/needed';

export function planElfMember(file: EntryFile, sites: readonly Site[], context: TransformContext): FilePlan {
  const elf = parseElf(file.bytes);
  const kind = 'malformed' in elf ? 'other' : kindOf(file.bytes, elf, readDynamic(file.bytes, elf));
  const isProgram = kind === 'program' || kind === 'relocated' || kind === 'static';
  if (isProgram || sites.some(({ rule }) => rule === 'elf/interpreter')) {
    return { edits: [], remedies: new Map(sites.map((site) => [site, needsPlace])) };
  }
  // It refuses them, and says why.
  if (kind === 'kernel-module' || kind === 'other') return elfTransform.plan(file, sites, context);
  const strings = sites.filter((site) => !isSearch(site));
  const inPlace = elfTransform.plan(file, strings, context);
  const search = aliasPlan('archive', sites.filter(isSearch), context);
  const edits = [...inPlace.edits, ...search.edits].sort((a, b) => a.offset - b.offset);
  const remedies = new Map<Site, Remedy>([...inPlace.remedies, ...search.remedies]);
  return { edits, remedies };
}
