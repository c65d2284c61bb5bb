/**
 * ELF files: search paths to $ORIGIN, the interpreter to the loader stub, compiled-in strings to the store alias.
 * All sites of a file are planned together, since they share the room in it.
 */

import type { EntryFile } from '../../analyzers/analyzer.ts';
import type { Remedy, Site } from '../../analyzers/site.ts';
import { concealOccurrences, scanBytes } from '../../store/scan.ts';
import { DF_1_PIE, DT_FLAGS_1, ET_DYN, ET_EXEC, ET_REL, PT_INTERP } from '../../syntax/elf/constants.ts';
import { type Dynamic, readDynamic } from '../../syntax/elf/dynamic.ts';
import { type ElfFile, parseElf } from '../../syntax/elf/file.ts';
import { headerDefect } from '../../syntax/elf/sanity.ts';
import type { Edit, FilePlan, Transform, TransformContext } from '../transform.ts';
import { dynamicChanges, placeDynamicStrings } from './dynamic-strings.ts';
import { programHeaders } from './headers.ts';
import { elfImage, endOfContents } from './image.ts';
import { hideInterpreter, loaderOf, placeStub, stubRefusal } from './loader-stub.ts';
import { machineOf } from './machine.ts';
import { originForm } from './origin.ts';
import { type Refusal, refuse } from './refusal.ts';
import { placeTableSegment, tableRefusal } from './table-segment.ts';

const SEARCH_RULES = ['elf/runpath', 'elf/needed'];
const STRING_RULES = ['elf/string', 'elf/soname', 'elf/debug'];

/** How a file gets to run, which decides who opens the store alias for it. */
type Kind = 'program' | 'library' | 'static' | 'object' | 'other';

function kindOf(elf: ElfFile, dynamic: Dynamic | undefined): Kind {
  if (elf.type === ET_REL) return 'object';
  if (elf.type !== ET_EXEC && elf.type !== ET_DYN) return 'other';
  if (elf.segments.some(({ type }) => type === PT_INTERP)) return 'program';
  if (elf.type === ET_EXEC) return 'static';
  const flags = dynamic?.entries.find(({ tag }) => tag === DT_FLAGS_1)?.value ?? 0;
  return (flags & DF_1_PIE) !== 0 ? 'static' : 'library';
}

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
    const subject: Subject = { file, elf, dynamic, kind: kindOf(elf, dynamic), sites, context };
    const refusal = fileRefusal(subject);
    return refusal === undefined ? planFile(subject) : refuseAll(sites, refusal);
  },
};

/** Why nothing in a file can be rewritten; a program is rewritten as a whole or not at all. */
function fileRefusal({ file, elf, dynamic, kind, sites, context }: Subject): Refusal | undefined {
  if (kind === 'object') {
    const isStructural = sites.some(({ rule }) => rule === 'elf/interpreter' || SEARCH_RULES.includes(rule));
    return isStructural ? refuse('malformed', 'a relocatable object has no interpreter and no search path') : undefined;
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
  const interpreter = sitesOf(sites, ['elf/interpreter']);
  const search = sitesOf(sites, SEARCH_RULES);
  if (interpreter.length + search.length === 0) return undefined;
  if (file.object === undefined) {
    return refuse('no-object', 'the file lies in no store object, so its way to the store directory is not known');
  }
  const defect = headerDefect(elf, file.bytes.size);
  if (defect !== undefined) return refuse('malformed', `the ELF file is malformed: ${defect}`);
  const trailing = file.bytes.size - endOfContents(elf);
  if (trailing > 0) {
    return refuse('trailer', `${trailing} bytes follow the ELF file, and the program may look for them at its end`);
  }
  if (search.length > 0 && dynamic === undefined) return refuse('malformed', 'the dynamic section cannot be read');
  if (interpreter.length === 0) return undefined;
  if (loaderOf(elf, file) === undefined) return refuse('interpreter', 'PT_INTERP is no path below the store directory');
  return stubRefusal(file, elf, machine, context);
}

function planFile({ file, elf, dynamic, kind, sites, context }: Subject): FilePlan {
  const image = elfImage(file.bytes, elf);
  const headers = programHeaders(image);
  const remedies = new Map<Site, Remedy>();
  const machine = machineOf(elf);
  const interpreter = sitesOf(sites, ['elf/interpreter']);
  const loader = interpreter.length > 0 ? loaderOf(elf, file) : undefined;

  const search = sitesOf(sites, SEARCH_RULES);
  const changes =
    search.length > 0 && dynamic !== undefined && file.object !== undefined
      ? dynamicChanges(file, dynamic, file.object)
      : [];
  const conceal = (bytes: Buffer) => concealOccurrences(bytes, file.storeDir, context.alias);
  const placed = dynamic && placeDynamicStrings(image, headers, dynamic, changes, conceal);
  for (const site of search) {
    const form = originForm(site.text, file.file, file.object ?? '', file.storeDir) ?? site.text;
    remedies.set(site, { kind: 'relative', transform: 'elf', form });
    if (!placed?.overwrites(site.offset)) image.patch(site.offset, Buffer.from(context.alias, 'latin1'));
  }

  const aliasRefusal = whyNoAlias(kind, loader !== undefined);
  for (const site of sitesOf(sites, STRING_RULES)) {
    if (aliasRefusal !== undefined && site.role === 'run-time') {
      remedies.set(site, aliasRefusal);
      continue;
    }
    const form = context.alias + site.text.slice(context.alias.length);
    remedies.set(site, { kind: 'alias', transform: 'elf', form });
    image.patch(site.offset, Buffer.from(context.alias, 'latin1'));
  }

  let headersMoved = false;
  if (loader !== undefined && machine !== undefined) {
    placeStub({ image, headers, file, machine, loader, dynamic, table: placed?.table, context });
    hideInterpreter(image, interpreter, file.storeDir);
    for (const site of interpreter) {
      remedies.set(site, { kind: 'relative', transform: 'elf', form: `loader stub: ${loader}` });
    }
  } else if (placed?.table !== undefined && machine !== undefined) {
    const refusal = tableRefusal(image);
    if (refusal !== undefined) return refuseAll(sites, refusal);
    placeTableSegment(image, headers, machine, placed.table);
    headersMoved = true;
  }
  if (!headersMoved && elf.segments.length > 0) image.patch(elf.phoff, headers.bytes());
  const edits = image.edits();
  return isComplete(edits, remedies, file) ? { edits, remedies } : refuseAll(sites, overlapping);
}

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
function whyNoAlias(kind: Kind, hasStub: boolean): Refusal | undefined {
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
