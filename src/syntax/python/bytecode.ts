/** Bytecode files: header, module code, and what its strings are for (PEP 3147, PEP 488, PEP 552). */

import type { ByteSource } from '../../store/byte-source.ts';
import {
  isString,
  itemsOf,
  type MarshalCode,
  type MarshalNode,
  type MarshalString,
  readMarshal,
  resolved,
} from './marshal.ts';
import { isBytecode, type PythonVersion, versionOf } from './versions.ts';

/** Bytes before the marshalled code. */
export const HEADER_LENGTH = 16;

/** Larger files than any module's are left alone, bytes. */
const LARGEST = 64 * 1024 * 1024;

/** `inside`: of a constant that is neither tuple nor frozen set. `other`: a name, instructions or a table. */
export type StringUse = 'constant' | 'docstring' | 'file' | 'inside' | 'other';

/** One place that holds a string or refers to one. */
export interface StringPlace {
  readonly uses: Set<StringUse>;
  /** Whether instructions hand it to something that is called like a function of regular expressions. */
  isPattern: boolean;
}

export interface StringPlaces {
  readonly string: MarshalString;
  readonly places: ReadonlyMap<MarshalNode, StringPlace>;
}

export interface Bytecode {
  readonly version: PythonVersion;
  readonly module: MarshalCode;
  /** In the order of the file. */
  readonly strings: readonly MarshalString[];
  /** The module's own code, and that of its functions and classes. */
  readonly codes: readonly MarshalCode[];
  readonly uses: ReadonlyMap<MarshalString, StringPlaces>;
}

export type BytecodeReading = Bytecode | { readonly refused: 'unknown-version' | 'malformed' };

/** Whether the file's name and first bytes say that it is bytecode. */
export function isBytecodeFile(path: string, head: Buffer): boolean {
  return path.endsWith('.pyc') && isBytecode(head);
}

/** Path of the source that a bytecode file was made from, by the rules of PEP 3147; undefined for other names. */
export function sourcePathOf(path: string): string | undefined {
  const cached = /^(|.*\/)__pycache__\/([^/]+?)\.[^./]+(?:\.opt-[^./]+)?\.pyc$/s.exec(path);
  if (cached !== null) return `${cached[1]}${cached[2]}.py`;
  return path.includes('__pycache__/') || !path.endsWith('.pyc') ? undefined : path.slice(0, -1);
}

const known = new WeakMap<ByteSource, BytecodeReading>();

/** Reads a file for which `isBytecodeFile` holds. */
export function readBytecode(source: ByteSource): BytecodeReading {
  const before = known.get(source);
  if (before !== undefined) return before;
  const reading = read(source);
  known.set(source, reading);
  return reading;
}

function read(source: ByteSource): BytecodeReading {
  const version = versionOf(source.read(0, HEADER_LENGTH));
  if (version === undefined) return { refused: 'unknown-version' };
  if (source.size > LARGEST) return { refused: 'malformed' };
  const bytes = source.read(0, source.size);
  const data = readMarshal(bytes, HEADER_LENGTH, version.layout);
  if (data?.root.kind !== 'code') return { refused: 'malformed' };
  const uses = stringUses(data.root, bytes, version);
  if (uses === undefined) return { refused: 'malformed' };
  return { version, module: data.root, strings: data.strings, codes: data.codes, uses };
}

/** The string of which the byte at an offset is a part. */
export function stringAt({ strings }: Bytecode, offset: number): MarshalString | undefined {
  let low = 0;
  let high = strings.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((strings[middle] as MarshalString).end > offset) high = middle;
    else low = middle + 1;
  }
  const string = strings[low];
  return string !== undefined && string.textStart <= offset ? string : undefined;
}

/** The string's bytes, one character a byte. */
export function textOfString(bytes: Buffer, { textStart, end }: MarshalString): string {
  return bytes.toString('latin1', textStart, end);
}

function namesOf(code: MarshalCode, bytes: Buffer): string[] {
  return itemsOf(code.names).flatMap((name) => {
    const string = resolved(name);
    return string.kind === 'text' ? [textOfString(bytes, string)] : [];
  });
}

/** Names by which regular expressions are read, their pattern first. */
const PATTERN_FUNCTIONS = /^(?:compile|match|search|fullmatch|sub|subn|split|findall|finditer)$/;

/** What the instructions do with constants: those that they load, and the one that becomes `__doc__`. */
function constantLoads(code: MarshalCode, names: readonly string[], bytes: Buffer, { opcodes }: PythonVersion) {
  const loaded = new Map<number, number>();
  const patterns = new Set<number>();
  let docstring: number | undefined;
  const instructions = resolved(code.code);
  if (instructions.kind !== 'bytes') return { loaded, docstring, patterns };
  let extended = 0;
  let previous: number | undefined;
  /** Arguments of the two instructions before; some versions put one between the function and its first argument. */
  let before: readonly number[] = [];
  // Indices of names are doubled in some instructions of some versions.
  const isName = (argument: number) =>
    PATTERN_FUNCTIONS.test(names[argument] ?? '') || PATTERN_FUNCTIONS.test(names[argument >> 1] ?? '');
  for (let at = instructions.textStart; at + 1 < instructions.end; at += 2) {
    const operation = bytes[at] as number;
    const argument = (extended << 8) | (bytes[at + 1] as number);
    if (operation === opcodes.extendedArgument) {
      extended = argument;
      continue;
    }
    extended = 0;
    if (operation === opcodes.storeName && names[argument] === '__doc__') docstring ??= previous;
    const loads = opcodes.loadConstant.includes(operation);
    if (loads) loaded.set(argument, (loaded.get(argument) ?? 0) + 1);
    if (loads && before.some(isName)) patterns.add(argument);
    previous = loads ? argument : undefined;
    // Room for what the interpreter remembers is no instruction.
    if (operation !== CACHE) before = [argument, ...before.slice(0, 1)];
  }
  return { loaded, docstring, patterns };
}

const CO_OPTIMIZED = 0x1;
/** 3.14: the first constant is the docstring (Include/cpython/code.h). */
const CO_HAS_DOCSTRING = 0x4000000;

const CACHE = 0;

/** Index of the constant that is nothing but a docstring. */
function docstringOf(
  code: MarshalCode,
  version: PythonVersion,
  { loaded, docstring }: ReturnType<typeof constantLoads>,
): number | undefined {
  if ((code.flags & CO_OPTIMIZED) === 0) return loaded.get(docstring ?? -1) === 1 ? docstring : undefined;
  const isFirst = version.name === '3.14' ? (code.flags & CO_HAS_DOCSTRING) !== 0 : true;
  return isFirst && !loaded.has(0) ? 0 : undefined;
}

/** A tuple of a thousand strings may be referred to a thousand times; no compiler writes so. Places for each byte. */
const MOST_PLACES = 8;

/**
 * Finds what every string of a module is used for. Objects that are referred to again are looked at once for each use.
 *
 * @returns undefined when that would have no end
 */
function stringUses(
  module: MarshalCode,
  bytes: Buffer,
  version: PythonVersion,
): Map<MarshalString, StringPlaces> | undefined {
  const found = new Map<MarshalString, { string: MarshalString; places: Map<MarshalNode, StringPlace> }>();
  const seen = new Map<MarshalNode, Set<string>>();
  let owner = 0;
  let left = MOST_PLACES * bytes.length;

  const isNew = (node: MarshalNode, key: string) => {
    const keys = seen.get(node) ?? new Set();
    seen.set(node, keys);
    const before = keys.size;
    return keys.add(key).size > before;
  };

  const visit = (place: MarshalNode, use: StringUse, isPattern = false) => {
    if (left-- < 0) return;
    const node = resolved(place);
    if (isString(node)) {
      const string = found.get(node) ?? { string: node, places: new Map() };
      found.set(node, string);
      const at = string.places.get(place) ?? { uses: new Set(), isPattern: false };
      string.places.set(place, at);
      at.uses.add(use);
      at.isPattern ||= isPattern;
      return;
    }
    if (node.kind === 'code') {
      if (isNew(node, 'code')) visitCode(node);
      return;
    }
    const isConstant = use === 'constant' || use === 'inside';
    const inner: StringUse = isConstant ? (node.kind === 'other' ? 'inside' : use) : 'other';
    if (node.items.length === 0 || !isNew(node, `${inner} ${owner}`)) return;
    for (const item of node.items) visit(item, inner);
  };

  const visitCode = (code: MarshalCode) => {
    const outer = owner;
    owner = code.start;
    const names = namesOf(code, bytes);
    const loads = constantLoads(code, names, bytes, version);
    const docstring = docstringOf(code, version, loads);
    itemsOf(code.constants).forEach((constant, i) => {
      const isDocstring = i === docstring && resolved(constant).kind === 'text';
      visit(constant, isDocstring ? 'docstring' : 'constant', loads.patterns.has(i));
    });
    visit(code.file, 'file');
    for (const node of [code.code, code.names, ...code.others]) visit(node, 'other');
    owner = outer;
  };

  visitCode(module);
  return left < 0 ? undefined : found;
}
