/**
 * Python's marshal format, as `.pyc` files of 3.8 to 3.14 hold it (CPython Python/marshal.c, `r_object`): where each
 * object stands, strings and code objects in detail. Objects with the flag get a number, and later ones may refer to it.
 */

import type { PythonVersion } from './versions.ts';

interface Span {
  /** Offset of the type's byte, from the file's start. */
  readonly start: number;
  readonly end: number;
}

export interface MarshalString extends Span {
  readonly kind: 'text' | 'bytes';
  /** Where the characters begin, in UTF-8; they go up to `end`. */
  readonly textStart: number;
}

export interface MarshalReference extends Span {
  readonly kind: 'reference';
  readonly to: MarshalNode;
}

export interface MarshalItems extends Span {
  /** `other`: lists, dictionaries, sets, slices, and what has no items. */
  readonly kind: 'tuple' | 'frozenset' | 'other';
  readonly items: readonly MarshalNode[];
}

export interface MarshalCode extends Span {
  readonly kind: 'code';
  readonly flags: number;
  readonly code: MarshalNode;
  readonly constants: MarshalNode;
  readonly names: MarshalNode;
  readonly file: MarshalNode;
  /** Where the number of its first line stands, four bytes; tables of lines count from it. */
  readonly firstLineAt: number;
  /** Names of variables, of the code itself, and tables. */
  readonly others: readonly MarshalNode[];
}

export type MarshalNode = MarshalString | MarshalReference | MarshalItems | MarshalCode;

export interface MarshalData {
  readonly root: MarshalNode;
  /** Every string that is written out, in the order of the file. */
  readonly strings: readonly MarshalString[];
  readonly codes: readonly MarshalCode[];
}

/** The bit of a type's byte that gives the object a number. */
export const FLAG_REF = 0x80;

/** As MAX_MARSHAL_STACK_DEPTH of CPython. */
const MAX_DEPTH = 2000;

class Malformed extends Error {}

/** Bytes behind the type of objects that have a fixed size. */
const FIXED: Readonly<Record<string, number>> = { i: 4, I: 8, g: 8, y: 16 };
/** These are never numbered. */
const SINGLETONS = 'NFTS.';

/** What an object holds whose items are being read: it may be referred to from inside. */
interface Unfinished {
  node: MarshalNode | undefined;
}

/**
 * Reads the object that begins at `from`. Bytes behind it are ignored, as Python does.
 *
 * @returns undefined for what Python would not read either
 */
export function readMarshal(bytes: Buffer, from: number, layout: PythonVersion['layout']): MarshalData | undefined {
  let at = from;
  let depth = 0;
  const numbered: Unfinished[] = [];
  const strings: MarshalString[] = [];
  const codes: MarshalCode[] = [];

  const skip = (count: number): number => {
    const start = at;
    if (count < 0 || count > bytes.length - at) throw new Malformed();
    at += count;
    return start;
  };
  const long = () => bytes.readInt32LE(skip(4));
  const byte = () => bytes[skip(1)] as number;
  /** A number of items, each of which takes a byte at least. */
  const count = (value: number) => {
    if (value < 0 || value > bytes.length - at) throw new Malformed();
    return value;
  };

  const string = (start: number, kind: 'text' | 'bytes', length: number): MarshalString => {
    const textStart = skip(length);
    const node: MarshalString = { kind, start, textStart, end: at };
    strings.push(node);
    return node;
  };
  const items = (start: number, kind: MarshalItems['kind'], length: number): MarshalItems => {
    const nodes: MarshalNode[] = [];
    for (let i = 0; i < length; i++) nodes.push(object());
    return { kind, start, end: at, items: nodes };
  };

  const dictionary = (start: number): MarshalItems => {
    const nodes: MarshalNode[] = [];
    while (bytes[at] !== 0x30) nodes.push(object(), object());
    at++;
    return { kind: 'other', start, end: at, items: nodes };
  };

  const code = (start: number): MarshalCode => {
    const numbers = Array.from({ length: layout === 'variables' ? 6 : 5 }, long);
    const flags = numbers.at(-1) as number;
    const instructions = object();
    const constants = object();
    const names = object();
    const variables = Array.from({ length: layout === 'variables' ? 3 : 2 }, object);
    const file = object();
    const own = Array.from({ length: layout === 'variables' ? 1 : 2 }, object);
    const firstLineAt = skip(4);
    const tables = Array.from({ length: layout === 'variables' ? 1 : 2 }, object);
    const others = [...variables, ...own, ...tables];
    const parts = { flags, code: instructions, constants, names, file, firstLineAt, others };
    const node: MarshalCode = { kind: 'code', start, end: at, ...parts };
    codes.push(node);
    return node;
  };

  const reference = (start: number): MarshalReference => {
    const to = numbered[long()]?.node;
    // CPython lets a tuple refer to itself; its compiler makes none that does.
    if (to === undefined) throw new Malformed();
    return { kind: 'reference', start, end: at, to };
  };

  const body = (type: string, start: number): MarshalNode => {
    const fixed = FIXED[type];
    if (fixed !== undefined) {
      skip(fixed);
      return { kind: 'other', start, end: at, items: [] };
    }
    switch (type) {
      case 'l':
        skip(2 * Math.abs(long()));
        return { kind: 'other', start, end: at, items: [] };
      case 'f':
        skip(byte());
        return { kind: 'other', start, end: at, items: [] };
      case 'x':
        skip(byte());
        skip(byte());
        return { kind: 'other', start, end: at, items: [] };
      case 's':
        return string(start, 'bytes', long());
      case 't':
      case 'u':
      case 'a':
      case 'A':
        return string(start, 'text', long());
      case 'z':
      case 'Z':
        return string(start, 'text', byte());
      case '(':
        return items(start, 'tuple', count(long()));
      case ')':
        return items(start, 'tuple', count(byte()));
      case '>':
        return items(start, 'frozenset', count(long()));
      case '[':
      case '<':
        return items(start, 'other', count(long()));
      case ':':
        return items(start, 'other', 3);
      case '{':
        return dictionary(start);
      case 'c':
        return code(start);
      default:
        throw new Malformed();
    }
  };

  function object(): MarshalNode {
    if (++depth > MAX_DEPTH) throw new Malformed();
    const start = at;
    const first = byte();
    const type = String.fromCharCode(first & ~FLAG_REF);
    let node: MarshalNode;
    if (type === 'r') node = reference(start);
    else if (SINGLETONS.includes(type)) node = { kind: 'other', start, end: at, items: [] };
    else {
      const entry: Unfinished = { node: undefined };
      if ((first & FLAG_REF) !== 0) numbered.push(entry);
      node = body(type, start);
      entry.node = node;
    }
    depth--;
    return node;
  }

  try {
    return { root: object(), strings, codes };
  } catch (error) {
    if (error instanceof Malformed || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** What an object is when references are followed. */
export function resolved(node: MarshalNode): Exclude<MarshalNode, MarshalReference> {
  let at = node;
  while (at.kind === 'reference') at = at.to;
  return at;
}

export function isString(node: MarshalNode): node is MarshalString {
  return node.kind === 'text' || node.kind === 'bytes';
}

/** Items of a tuple; none of what is no tuple. */
export function itemsOf(node: MarshalNode): readonly MarshalNode[] {
  const tuple = resolved(node);
  return tuple.kind === 'tuple' ? tuple.items : [];
}
