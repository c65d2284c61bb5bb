/**
 * ELF files: search paths to $ORIGIN, the interpreter to the loader stub, compiled-in strings to the store alias.
 * All sites of a file are planned together, since they share the room in it.
 */

import type { EntryFile } from '../../analyzers/analyzer.ts';
import type { Remedy, Site } from '../../analyzers/site.ts';
import { concealOccurrences, scanBytes } from '../../store/scan.ts';
import { type Dynamic, readDynamic } from '../../syntax/elf/dynamic.ts';
import { type ElfFile, parseElf } from '../../syntax/elf/file.ts';
import { headerDefect } from '../../syntax/elf/sanity.ts';
import { noAlias } from '../alias-plan.ts';
import type { Edit, FilePlan, Transform, TransformContext } from '../transform.ts';
import { type DynamicChange, dynamicChanges, placeDynamicStrings } from './dynamic-strings.ts';
import { programHeaders } from './headers.ts';
import { type ElfImage, elfImage, endOfContents } from './image.ts';
import { type Kind, kindOf } from './kind.ts';
import { hideInterpreter, loaderOf, placeStub, stubRefusal } from './loader-stub.ts';
import { machineOf, PAGE_SIZE } from './machine.ts';
import { originForm } from './origin.ts';
import { type Refusal, refuse } from './refusal.ts';
import { placeTableSegment } from './table-segment.ts';
import { unusedEntries } from './unused-entries.ts';

const SEARCH_RULES = ['elf/runpath', 'elf/needed'];
const STRING_RULES = ['elf/string', 'elf/wrapper', 'elf/immediate', 'elf/soname', 'elf/debug'];

/** Everything that planning needs to know of one file. */
interface Subject {
  readonly file: EntryFile;
  readonly elf: ElfFile;
  readonly dynamic: Dynamic | undefined;
  readonly kind: Kind;
  readonly sites: readonly Site[];
  readonly context: TransformContext;
}

function refuseAll(sites: readonly Site[], refusal: Refusal): FilePlan {
  return { edits: [], remedies: new Map(sites.map((site) => [site, refusal])) };
}

const sitesOf = (sites: readonly Site[], rules: readonly string[]) => sites.filter(({ rule }) => rules.includes(rule));

export const elfTransform: Transform = {
  id: 'elf',
  rules: ['elf/interpreter', ...SEARCH_RULES, ...STRING_RULES],
  plan(file, sites, context) {
    const elf = parseElf(file.bytes);
    if ('malformed' in elf) {
      const { offset, reason } = elf.malformed;
      return refuseAll(sites, refuse('malformed', `the ELF file is malformed at offset ${offset}: ${reason}`));
    }
    const dynamic = readDynamic(file.bytes, elf);
    const subject: Subject = { file, elf, dynamic, kind: kindOf(file.bytes, elf, dynamic), sites, context };
    const refusal = fileRefusal(subject);
    return refusal === undefined ? planFile(subject) : refuseAll(sites, refusal);
  },
};

/** Why nothing in a file can be rewritten; a program is rewritten as a whole or not at all. */
function fileRefusal({ file, elf, dynamic, kind, sites, context }: Subject): Refusal | undefined {
  const interpreter = sitesOf(sites, ['elf/interpreter']);
  const search = sitesOf(sites, SEARCH_RULES);
  if (kind === 'kernel-module') {
    return refuse('kernel-module', 'the kernel loads the file, which knows no store alias; a signature may cover it');
  }
  if (kind === 'object') {
    return interpreter.length + search.length === 0
      ? undefined
      : refuse('elf-type', 'a file for the linker has no use for an interpreter or a search path');
  }
  if (kind === 'other') return refuse('elf-type', `ELF files of type ${elf.type} are not rewritten`);
  const machine = machineOf(elf);
  if (machine === undefined) {
    const what = `machine ${elf.machine}, ${elf.class}-bit, ${elf.littleEndian ? 'little' : 'big'}-endian`;
    return refuse('machine', `only x86-64 and aarch64 are rewritten, this file is for ${what}`);
  }
  if (file.secure) {
    return refuse('secure-execution', 'a setuid or setgid program must not find its loader by its own place');
  }
  if (interpreter.length + search.length === 0) return undefined;
  if (file.object === undefined) {
    return refuse('no-object', 'the file lies in no store object, so its way to the store directory is not known');
  }
  const defect = headerDefect(elf, file.bytes.size);
  if (defect !== undefined) return refuse('malformed', `the ELF file is malformed: ${defect}`);
  const trailing = trailerSize(file, elf);
  if (trailing > 0) {
    return refuse('trailer', `${trailing} bytes follow the ELF file, and the program may look for them at its end`);
  }
  if (search.length > 0 && dynamic === undefined) return refuse('malformed', 'the dynamic section cannot be read');
  if (interpreter.length === 0 || elf.entry === 0) return undefined;
  if (loaderOf(elf, file) === undefined) return refuse('interpreter', 'PT_INTERP is no path below the store directory');
  return stubRefusal(file, machine, context);
}

/** Zeros behind the file are no payload. */
const MAX_FILLING = 1 << 16;

/** How many bytes follow the ELF file proper; 0 when they are only zeros that fill it up. */
function trailerSize(file: EntryFile, elf: ElfFile): number {
  const end = endOfContents(elf);
  const size = file.bytes.size - end;
  const isFilling = size <= MAX_FILLING && file.bytes.read(end, size).every((byte) => byte === 0);
  return isFilling ? 0 : size;
}

function planFile({ file, elf, dynamic, kind, sites, context }: Subject): FilePlan {
  const image = elfImage(file.bytes, elf);
  const headers = programHeaders(image);
  const remedies = new Map<Site, Remedy>();
  const machine = machineOf(elf);
  const interpreter = sitesOf(sites, ['elf/interpreter']);
  // Without an entry point nobody starts the file, whatever its PT_INTERP says.
  const loader = interpreter.length > 0 && elf.entry !== 0 ? loaderOf(elf, file) : undefined;
  const alias = (site: Site) => {
    const form = context.alias + site.text.slice(context.alias.length);
    remedies.set(site, { kind: 'alias', transform: 'elf', form });
    patchAlias(image, site, context.alias);
  };

  const search = sitesOf(sites, SEARCH_RULES);
  const { object } = file;
  const isStructural = search.length > 0 && object !== undefined && machine !== undefined;
  const canShrink = context.shrink !== undefined && isStructural;
  const unused = unusedEntries(image, dynamic, canShrink ? search : [], file.storeDir.needle.length);
  const changes = isStructural && dynamic !== undefined ? dynamicChanges(file, dynamic, object, unused.texts) : [];
  const conceal = (table: Buffer) => {
    unused.blot(table);
    concealOccurrences(table, file.storeDir, context.alias);
  };
  const page = PAGE_SIZE[machine ?? 'x86_64'];
  const placed = dynamic && placeDynamicStrings(image, headers, dynamic, changes, page, conceal);
  for (const site of search) {
    const form = object === undefined ? undefined : originForm(site.text, file.file, object, file.storeDir);
    if (form === undefined || !isWholeEntry(site, changes, dynamic)) {
      alias(site);
      continue;
    }
    remedies.set(site, { kind: 'relative', transform: 'elf', form: unused.sites.has(site) ? 'left out' : form });
    if (placed?.overwrites(site.offset)) continue;
    image.patch(site.offset, Buffer.from(context.alias, 'latin1'));
    unused.blotImage(image, site);
  }

  const aliasRefusal = whyNoAlias(kind, loader !== undefined, context);
  for (const site of sitesOf(sites, STRING_RULES)) {
    if (aliasRefusal !== undefined && site.role === 'run-time') remedies.set(site, aliasRefusal);
    else if (kind === 'object' && site.role === 'build-time') remedies.set(site, linkedElsewhere);
    else alias(site);
  }

  if (loader !== undefined && machine !== undefined) {
    placeStub({ image, headers, file, machine, loader, dynamic, table: placed?.table, context });
    hideInterpreter(image, interpreter, file.storeDir);
    for (const site of interpreter) {
      remedies.set(site, { kind: 'relative', transform: 'elf', form: `loader stub: ${loader}` });
    }
  } else {
    interpreter.forEach(alias);
    const refusal = placed?.table && placeTableSegment(image, headers, placed.table, page);
    if (refusal !== undefined) return refuseAll(sites, refusal);
  }
  if (elf.segments.length > 0 && headers.offset() === elf.phoff) image.patch(elf.phoff, headers.bytes());
  const edits = image.edits();
  return isComplete(edits, remedies, file) ? { edits, remedies } : refuseAll(sites, overlapping);
}

/** Writes the alias over the store directory's bytes, wherever these stand. */
function patchAlias(image: ElfImage, { offset, occurrence }: Site, alias: string): void {
  for (const piece of occurrence.split?.pieces ?? [{ offset, length: alias.length, from: 0 }]) {
    image.patch(piece.offset, Buffer.from(alias.slice(piece.from, piece.from + piece.length), 'latin1'));
  }
}

/** Whether the site is the beginning of an entry that changes, not a path somewhere inside of another one. */
function isWholeEntry(site: Site, changes: readonly DynamicChange[], dynamic: Dynamic | undefined): boolean {
  if (dynamic === undefined) return false;
  return changes.some(({ entry, before }) => {
    const at = site.offset - dynamic.strtabOffset - entry.value;
    return at === 0 || (at > 0 && at < before.length && before[at - 1] === ':');
  });
}

/** A program that is linked from it on the host has no stub; if it is relocated later, its own strings are seen to then. */
const linkedElsewhere = refuse(
  'build-time',
  'it becomes part of programs that are linked elsewhere, which have no store alias',
);

const overlapping = refuse('malformed', 'the headers of the ELF file overlap its contents');

const endOf = (edit: Edit) => edit.offset + edit.expected.length;

/**
 * Whether the edits do what the remedies promise: cover every site, and bring no hardcoded path along. Headers that lie
 * may make tables overlap strings, so that a copied table holds old paths, or a patch undoes another.
 */
function isComplete(edits: readonly Edit[], remedies: ReadonlyMap<Site, Remedy>, file: EntryFile): boolean {
  const length = file.storeDir.path.length;
  if (edits.some(({ replacement }) => scanBytes(replacement, file.storeDir).occurrences.length > 0)) return false;
  const rewritten = [...remedies].filter(([, { kind }]) => kind !== 'none').map(([site]) => site.offset);
  let next = 0;
  return rewritten
    .sort((a, b) => a - b)
    .every((offset) => {
      // Both lists are sorted: what ends before this site ends before all later ones.
      while (next < edits.length && endOf(edits[next] as Edit) <= offset) next++;
      return (edits[next]?.offset ?? Number.POSITIVE_INFINITY) < offset + length;
    });
}

/** Why a compiled-in path cannot go through the store alias; undefined when it can. */
function whyNoAlias(kind: Kind, hasStub: boolean, { aliasReach }: TransformContext): Refusal | undefined {
  if (kind === 'library' && aliasReach === 'own-programs') return noAlias;
  if (kind === 'static') {
    return refuse('static-program', 'a static program starts no loader stub, so nothing opens the store alias for it');
  }
  if (kind === 'program' && !hasStub) {
    return refuse(
      'host-loader',
      'the program is started by a loader outside the store, so nothing opens the store alias',
    );
  }
  return undefined;
}
