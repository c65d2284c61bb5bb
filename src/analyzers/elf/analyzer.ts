/** ELF files: what each hardcoded path in one is for. */

import type { Occurrence } from '../../store/scan.ts';
import { NUKED_DIGEST } from '../../store/store-path.ts';
import {
  DT_NEEDED,
  DT_RPATH,
  DT_RUNPATH,
  DT_SONAME,
  PT_INTERP,
  PT_LOAD,
  SHT_NOBITS,
} from '../../syntax/elf/constants.ts';
import { type Dynamic, dynamicString, readDynamic } from '../../syntax/elf/dynamic.ts';
import { type ElfFile, isElf, parseElf } from '../../syntax/elf/file.ts';
import { pathTextAt } from '../../syntax/path-text.ts';
import type { Analyzer, EntryFile } from '../analyzer.ts';
import type { Site } from '../site.ts';
import { elfRules } from './rules.ts';

/** A stretch of the file whose occurrences have one meaning. */
interface Region {
  readonly start: number;
  readonly end: number;
  readonly rule: string;
  readonly what: string;
  /** Byte that ends a path inside the region, besides NUL. */
  readonly separator?: string;
}

const dynamicRegions = new Map([
  [DT_NEEDED, { rule: 'elf/needed', what: 'DT_NEEDED' }],
  [DT_SONAME, { rule: 'elf/soname', what: 'DT_SONAME' }],
  [DT_RPATH, { rule: 'elf/runpath', what: 'DT_RPATH', separator: ':' }],
  [DT_RUNPATH, { rule: 'elf/runpath', what: 'DT_RUNPATH', separator: ':' }],
]);

/** Sections that only debuggers read; their strings never reach a running program. */
const isDebugSection = (name: string) => /^\.(z?debug|gnu_debug|gdb_index|stab)/.test(name);

function interpreterRegions(elf: ElfFile): Region[] {
  return elf.segments
    .filter(({ type }) => type === PT_INTERP)
    .map(({ offset, filesz }) => ({
      start: offset,
      end: offset + filesz,
      rule: 'elf/interpreter',
      what: 'PT_INTERP',
    }));
}

function dynamicStringRegions(file: EntryFile, dynamic: Dynamic): Region[] {
  const regions: Region[] = [];
  for (const { tag, value } of dynamic.entries) {
    const region = dynamicRegions.get(tag);
    if (region === undefined) continue;
    const start = dynamic.strtabOffset + value;
    regions.push({ ...region, start, end: start + dynamicString(file.bytes, dynamic, value).length });
  }
  return regions;
}

/** Where bytes stand that no loader structure names. */
function placeOf(elf: ElfFile, offset: number): { readonly rule: string; readonly what: string } | undefined {
  const section = elf.sections.find(
    ({ type, offset: start, size }) => type !== SHT_NOBITS && type !== 0 && offset >= start && offset < start + size,
  );
  if (section !== undefined) {
    return isDebugSection(section.name)
      ? { rule: 'elf/debug', what: `debug information in ${section.name}` }
      : { rule: 'elf/string', what: `string in ${section.name || 'an unnamed section'}` };
  }
  const index = elf.segments.findIndex(
    ({ type, offset: start, filesz }) => type === PT_LOAD && offset >= start && offset < start + filesz,
  );
  return index < 0 ? undefined : { rule: 'elf/string', what: `string in segment ${index}` };
}

function siteOf(file: EntryFile, occurrence: Occurrence, place: Omit<Region, 'start' | 'end'>, limit?: number): Site {
  const { offset, baseName } = occurrence;
  const least = file.storeDir.needle.length + baseName.length;
  let text = pathTextAt(file.bytes, offset, least, limit);
  const separator = place.separator === undefined ? -1 : text.indexOf(place.separator, least);
  if (separator >= 0) text = text.slice(0, separator);
  return {
    file: file.file,
    place: 'contents',
    rule: place.rule,
    offset,
    length: text.length,
    text,
    occurrence,
    role: occurrence.digest === NUKED_DIGEST ? 'dead' : place.rule === 'elf/debug' ? 'documentation' : 'run-time',
    what: place.what,
  };
}

export const elfAnalyzer: Analyzer = {
  id: 'elf',
  rules: elfRules,
  claims: (file) => (isElf(file.head) ? 100 : 0),
  sites(file, occurrences) {
    const elf = parseElf(file.bytes);
    if ('malformed' in elf) return [];
    const dynamic = readDynamic(file.bytes, elf);
    const regions = [...interpreterRegions(elf), ...(dynamic ? dynamicStringRegions(file, dynamic) : [])];
    const sites: Site[] = [];
    for (const occurrence of occurrences) {
      const { offset } = occurrence;
      const region = regions.find(({ start, end }) => offset >= start && offset < end);
      const place = region ?? placeOf(elf, offset);
      if (place !== undefined) sites.push(siteOf(file, occurrence, place, region?.end));
    }
    return sites;
  },
};
