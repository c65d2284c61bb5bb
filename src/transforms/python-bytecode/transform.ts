/**
 * Compiled Python. The constants that hold store paths are taken apart, and the code that `start.ts` puts around the
 * module's own joins them again with the store directory, found as the source finds it. Each code object's path of its
 * source, which importlib replaces by the real one, loses the store directory.
 */

import type { EntryFile } from '../../analyzers/analyzer.ts';
import type { Remedy, Site } from '../../analyzers/site.ts';
import {
  type Bytecode,
  HEADER_LENGTH,
  readBytecode,
  type StringPlaces,
  sourcePathOf,
  stringAt,
  textOfString,
} from '../../syntax/python/bytecode.ts';
import { isSourceOf } from '../../syntax/python/bytecode-header.ts';
import { FLAG_REF, type MarshalNode, type MarshalString, resolved } from '../../syntax/python/marshal.ts';
import { aliasEdit, aliasForm } from '../alias-plan.ts';
import { type LiteralForms, literalForms, literalKey, noForms } from '../python/forms.ts';
import { type Edit, type FilePlan, refuse, type Transform, type TransformContext, upToStoreDir } from '../transform.ts';
import { changedSets, changesOf, type Joint } from './changes.ts';
import { type MarshalValue, marshalled } from './marshal-writer.ts';
import { startAround } from './start.ts';

/** What is written in one place of a string. */
type Form = 'pieces' | 'file';

const ID = 'python-bytecode';
/** Type of a tuple with its length in four bytes. */
const TUPLE = 0x28;

const refusals: Readonly<Record<string, Remedy>> = {
  dead: refuse('dead', 'the reference was cut off on purpose'),
  documentation: refuse('documentation', 'a docstring; only people read it'),
  object: refuse('no-object', 'the file lies in no store object, so its way to the store directory is not known'),
  'unknown-version': refuse('unknown-bytecode', 'bytecode of a version of Python that is not known'),
  use: refuse('bytecode-table', 'a name, the instructions or a table of the bytecode holds it'),
  malformed: refuse('malformed-bytecode', 'the bytecode is damaged; Python would not read it either'),
};

const standing = (file: EntryFile, site: Site): Remedy | undefined =>
  refusals[site.role] ?? (file.object === undefined ? refusals.object : undefined);

/** Why a string cannot be changed; undefined when it can. */
function unusable({ uses }: Bytecode, string: MarshalString | undefined): Remedy | undefined {
  const places = string && uses.get(string)?.places;
  const isKnown = places !== undefined && [...places.values()].every((place) => !place.uses.has('other'));
  return isKnown ? undefined : refusals.use;
}

const readers = { text: '', 'percent-format': '%', 'brace-format': '{', pattern: 'r' } as const;

/** How a constant is put together again; undefined for the store alias. */
function jointOf(string: MarshalString, text: string, all: StringPlaces, forms: LiteralForms): Joint | undefined {
  const isBytes = string.kind === 'bytes';
  // Without a literal of that value, what reads it is not known: it may be something for which the prefix has to be quoted.
  const mayBeQuoted = /[%{]/.test(text) || [...all.places.values()].some(({ isPattern }) => isPattern);
  const form = forms.byKey.get(literalKey(isBytes, text)) ?? (mayBeQuoted ? 'alias' : forms.rest);
  return form === 'alias' ? undefined : `${isBytes ? 'b' : ''}${readers[form]}`;
}

/** What each place becomes; undefined when a place would have to be two things, or something else may read it. */
function formsOf({ places }: StringPlaces): Map<MarshalNode, Form> | undefined {
  const forms = new Map<MarshalNode, Form>();
  for (const [place, { uses }] of places) {
    if (uses.has('inside') || (uses.has('file') && uses.size > 1)) return undefined;
    forms.set(place, uses.has('file') ? 'file' : 'pieces');
  }
  return forms;
}

/** The source's literals where the source is there, and the bytecode was made from it. */
function formsOfSource(file: EntryFile, { version }: Bytecode): LiteralForms {
  const path = sourcePathOf(file.file);
  const source = path === undefined ? undefined : file.sibling?.(path);
  const belongs = source !== undefined && isSourceOf(file.head, version, source);
  return belongs ? literalForms(source, file.storeDir) : noForms;
}

/** The text between the paths of its sites. */
function piecesOf(string: MarshalString, text: string, sites: readonly Site[], dir: string): MarshalValue {
  const pieces: string[] = [];
  let at = 0;
  for (const { offset } of sites) {
    pieces.push(text.slice(at, offset - string.textStart));
    at = offset - string.textStart + dir.length;
  }
  pieces.push(text.slice(at));
  return string.kind === 'text' ? pieces : pieces.map((piece) => Buffer.from(piece, 'latin1'));
}

/** The edits of all strings of one file, and what they leave to be done when the module is run. */
interface StringEdits {
  readonly edits: Edit[];
  readonly joints: Map<MarshalString, Joint>;
  /** Strings that lost the store directory as paths of sources. */
  readonly files: Set<MarshalString>;
  readonly remedies: Map<Site, Remedy>;
}

function editStrings(
  file: EntryFile,
  code: Bytecode,
  bytes: Buffer,
  strings: ReadonlyMap<MarshalString, readonly Site[]>,
  context: TransformContext,
): StringEdits {
  const dir = file.storeDir.path;
  const edits: Edit[] = [];
  const joints = new Map<MarshalString, Joint>();
  const files = new Set<MarshalString>();
  const remedies = new Map<Site, Remedy>();
  let sourceForms: LiteralForms | undefined;

  /** Whether the string could be given its forms. */
  const rewrite = (string: MarshalString, own: readonly Site[]): boolean => {
    const all = code.uses.get(string);
    const forms = all && formsOf(all);
    if (all === undefined || forms === undefined) return false;
    const text = textOfString(bytes, string);
    const used = new Set(forms.values());
    if (used.has('file') && (own.length > 1 || own[0]?.offset !== string.textStart)) return false;
    if (used.has('pieces')) {
      sourceForms ??= formsOfSource(file, code);
      const joint = jointOf(string, text, all, sourceForms);
      if (joint === undefined) return false;
      joints.set(string, joint);
    }
    if (used.has('file')) files.add(string);
    const values: Record<Form, MarshalValue> = {
      pieces: piecesOf(string, text, own, dir),
      file: text.slice(dir.length + 1),
    };
    const first = forms.get(string);
    for (const [place, form] of forms) {
      // A reference gets what the string's own place got; only that one may have a number.
      if (place !== string && form === first) continue;
      const flag = place === string ? (bytes[place.start] as number) & FLAG_REF : 0;
      const expected = bytes.subarray(place.start, place.end);
      edits.push({ offset: place.start, expected, replacement: marshalled(values[form], flag) });
    }
    return true;
  };

  for (const [string, own] of strings) {
    const isRewritten = rewrite(string, own);
    for (const site of own) {
      const rest = site.text.slice(dir.length);
      if (!isRewritten) edits.push(aliasEdit(site, context));
      remedies.set(
        site,
        isRewritten
          ? {
              kind: 'relative',
              transform: ID,
              form: joints.has(string) ? `<directory of the source>/${upToStoreDir(file.file)}${rest}` : rest.slice(1),
            }
          : { kind: 'alias', transform: ID, form: aliasForm(site, context) },
      );
    }
  }
  return { edits, joints, files, remedies };
}

/** The path of the source as the rewritten module's code names it. */
function newFileName(bytes: Buffer, { module }: Bytecode, { files }: StringEdits, context: TransformContext): string {
  const string = resolved(module.file);
  if (string.kind !== 'text') return '';
  const text = textOfString(bytes, string);
  const { path } = context.storeDir;
  return files.has(string) ? text.slice(path.length + 1) : text.replaceAll(`${path}/`, `${context.alias}/`);
}

/** The code around the module's own, where constants have to be put together. */
function startEdits(
  file: EntryFile,
  code: Bytecode,
  bytes: Buffer,
  strings: StringEdits,
  context: TransformContext,
): Edit[] {
  const { module, version } = code;
  const changes = changesOf(module, strings.joints);
  if (changes === undefined) return [];
  const components = file.file.split('/').length + 1;
  const [before, behind] = startAround(version, {
    file: newFileName(bytes, code, strings, context),
    named: strings.files.has(resolved(module.file) as MarshalString),
    changes,
    up: /(?:^|\/)__pycache__\/[^/]*$/.test(file.file) ? components - 1 : components,
    alias: context.alias,
  });
  const none = Buffer.alloc(0);
  const sets = changedSets(module, strings.joints).map(({ start }): Edit => {
    const type = bytes[start] as number;
    return { offset: start, expected: Buffer.of(type), replacement: Buffer.of(TUPLE | (type & FLAG_REF)) };
  });
  return [
    { offset: HEADER_LENGTH, expected: none, replacement: before },
    ...sets,
    { offset: module.end, expected: none, replacement: behind },
  ];
}

export const pythonBytecodeTransform: Transform = {
  id: ID,
  rules: ['python/bytecode-string', 'python/bytecode-file'],
  plan(file, sites, context): FilePlan {
    const code = readBytecode(file.bytes);
    const remedies = new Map<Site, Remedy>();
    const strings = new Map<MarshalString, Site[]>();
    for (const site of sites) {
      const string = 'refused' in code ? undefined : stringAt(code, site.offset);
      const refusal = standing(file, site) ?? ('refused' in code ? refusals[code.refused] : unusable(code, string));
      if (refusal !== undefined || string === undefined) remedies.set(site, refusal as Remedy);
      else strings.set(string, [...(strings.get(string) ?? []), site]);
    }
    if ('refused' in code || strings.size === 0) return { edits: [], remedies };
    const bytes = file.bytes.read(0, file.bytes.size);
    const edited = editStrings(file, code, bytes, strings, context);
    const edits = [...edited.edits, ...startEdits(file, code, bytes, edited, context)];
    return { edits, remedies: new Map([...remedies, ...edited.remedies]) };
  },
};
