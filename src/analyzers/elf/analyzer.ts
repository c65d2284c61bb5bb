/** ELF files: what each hardcoded path in one is for. */

import type { Occurrence } from '../../store/scan.ts';
import { NUKED_DIGEST } from '../../store/store-path.ts';
import { type BinaryWrapper, readBinaryWrapper, useOfString } from '../../syntax/elf/binary-wrapper.ts';
import {
  DT_NEEDED,
  DT_RPATH,
  DT_RUNPATH,
  DT_SONAME,
  ET_REL,
  PT_INTERP,
  PT_LOAD,
  SHF_ALLOC,
  SHT_NOBITS,
  SHT_NOTE,
} from '../../syntax/elf/constants.ts';
import { type Dynamic, dynamicString, readDynamic } from '../../syntax/elf/dynamic.ts';
import { cString, type ElfFile, isElf, isKernelModule, parseElf, type Section } from '../../syntax/elf/file.ts';
import { pathTextAt } from '../../syntax/path-text.ts';
import type { Analyzer, EntryFile } from '../analyzer.ts';
import type { Role, Site } from '../site.ts';
import { elfRules } from './rules.ts';
import { unusedEntryTest } from './search-path-use.ts';

/** What bytes are, wherever they stand. */
interface Place {
  readonly rule: string;
  readonly what: string;
  readonly role: Role;
}

/** A stretch of the file whose occurrences have one meaning. */
interface Region extends Omit<Place, 'role'> {
  readonly start: number;
  readonly end: number;
  /** Byte that ends a path inside the region, besides NUL. */
  readonly separator?: string;
  /** Of the dynamic entry. */
  readonly tag?: number;
}

const dynamicRegions = new Map([
  [DT_NEEDED, { rule: 'elf/needed', what: 'DT_NEEDED' }],
  [DT_SONAME, { rule: 'elf/soname', what: 'DT_SONAME' }],
  [DT_RPATH, { rule: 'elf/runpath', what: 'DT_RPATH', separator: ':' }],
  [DT_RUNPATH, { rule: 'elf/runpath', what: 'DT_RUNPATH', separator: ':' }],
]);

/** Longest text of a site, bytes. */
const LONGEST = 4096;

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
    regions.push({ ...region, tag, start, end: start + dynamicString(file.bytes, dynamic, value).length });
  }
  return regions;
}

/** Where bytes stand that no loader structure names. */
function placeOf(elf: ElfFile, offset: number): Place | undefined {
  const section = elf.sections.find(
    ({ type, offset: start, size }) => type !== SHT_NOBITS && type !== 0 && offset >= start && offset < start + size,
  );
  if (section !== undefined) {
    return isDebugSection(section.name)
      ? { rule: 'elf/debug', what: `debug information in ${section.name}`, role: 'documentation' }
      : { rule: 'elf/string', what: `string in ${section.name || 'an unnamed section'}`, role: roleOf(elf, section) };
  }
  const index = elf.segments.findIndex(
    ({ type, offset: start, filesz }) => type === PT_LOAD && offset >= start && offset < start + filesz,
  );
  return index < 0 ? undefined : { rule: 'elf/string', what: `string in segment ${index}`, role: 'run-time' };
}

/** A wrapper is a small program (some 16 KiB); larger files are not searched, bytes. */
const LARGEST_WRAPPER = 1 << 20;

/** A path that a wrapper passes on: what for, by the command that made the wrapper. */
function wrapperPlace(wrapper: BinaryWrapper, bytes: Buffer, offset: number, place: Place): Place {
  if (offset >= wrapper.start && offset < wrapper.end) {
    return { rule: 'elf/wrapper', what: 'the command that made the wrapper', role: 'documentation' };
  }
  const start = bytes.lastIndexOf(0, offset) + 1;
  const use = useOfString(wrapper, cString(bytes, start));
  return use === undefined ? place : { rule: 'elf/wrapper', what: `wrapper: ${use}`, role: place.role };
}

/** A running program sees neither notes nor what is not loaded (compilers' names and options, symbol names). */
function roleOf(elf: ElfFile, section: Section): Role {
  if (section.type === SHT_NOTE || (section.flags & SHF_ALLOC) === 0) return 'documentation';
  return elf.type === ET_REL && !isKernelModule(elf) ? 'build-time' : 'run-time';
}

/** The path to the end of the string or search path entry, whatever characters it has. */
function wholeEntry(file: EntryFile, start: number, end: number, separator: string | undefined): string {
  const text = cString(file.bytes.read(start, Math.min(end - start, LONGEST)), 0);
  const stop = separator === undefined ? -1 : text.indexOf(separator);
  return stop < 0 ? text : text.slice(0, stop);
}

/** Whether an entry of the search path begins at the offset. */
function isEntryStart(file: EntryFile, { start, separator }: Region, offset: number): boolean {
  return offset === start || file.bytes.read(offset - 1, 1).toString('latin1') === separator;
}

function siteOf(file: EntryFile, occurrence: Occurrence, place: Place, text: string): Site {
  return {
    file: file.file,
    place: 'contents',
    rule: place.rule,
    offset: occurrence.offset,
    length: text.length,
    text,
    occurrence,
    role: occurrence.digest === NUKED_DIGEST ? 'dead' : place.role,
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
    const isUnused = dynamic === undefined ? () => false : unusedEntryTest(file, dynamic);
    const bytes = file.bytes.size <= LARGEST_WRAPPER ? file.bytes.read(0, file.bytes.size) : undefined;
    const wrapper = bytes && readBinaryWrapper(bytes);
    const sites: Site[] = [];
    for (const occurrence of occurrences) {
      const { offset, split } = occurrence;
      if (split !== undefined) {
        const role = elf.type === ET_REL && !isKernelModule(elf) ? 'build-time' : 'run-time';
        const place = { rule: 'elf/immediate', what: 'operands of instructions', role } as const;
        sites.push(siteOf(file, occurrence, place, split.text));
        continue;
      }
      const least = file.storeDir.needle.length + occurrence.baseName.length;
      const region = regions.find(({ start, end }) => offset >= start && offset + least <= end);
      if (region !== undefined) {
        const text = wholeEntry(file, offset, region.end, region.separator);
        if (text.length >= least) {
          const isDead = region.tag === DT_RUNPATH && isEntryStart(file, region, offset) && isUnused(text);
          const what = isDead ? `${region.what}, where no needed library is` : region.what;
          sites.push(siteOf(file, occurrence, { ...region, what, role: isDead ? 'dead' : 'run-time' }, text));
          continue;
        }
      }
      const found = placeOf(elf, offset);
      const isPassedOn = wrapper !== undefined && bytes !== undefined && found?.rule === 'elf/string';
      const place = isPassedOn ? wrapperPlace(wrapper, bytes, offset, found) : found;
      if (place !== undefined) sites.push(siteOf(file, occurrence, place, pathTextAt(file.bytes, offset, least)));
    }
    return sites;
  },
};
