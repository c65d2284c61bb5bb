/**
 * Python sources: what stands at an offset, from tree-sitter-python's tree (Python language reference, "String and Bytes
 * literals", "String literal concatenation", "f-strings").
 */

import type { Node } from 'web-tree-sitter';
import type { ByteSource } from '../../store/byte-source.ts';
import { loadGrammar, withTree } from '../tree-sitter.ts';
import { isCode, type PythonReader, readersOf } from './readers.ts';

const GRAMMAR = 'tree-sitter-python/tree-sitter-python.wasm';

/** What reads the text of a literal, which decides how a path in it has to be written. */
export type { PythonReader } from './readers.ts';

interface PythonExpression {
  /** This literal and those beside it, which Python joins: what has to be put into parentheses. */
  readonly expressionStart: number;
  readonly expressionEnd: number;
}

export interface PythonString extends PythonExpression {
  readonly kind: 'string';
  /** The literal with its prefix and quotes, as `rb"""`. */
  readonly opening: string;
  readonly closing: string;
  readonly start: number;
  readonly textStart: number;
  readonly textEnd: number;
  readonly end: number;
  readonly isBytes: boolean;
  readonly isFormatted: boolean;
  /** Whether it stands in the braces of an f-string, where older Pythons take neither its quotes nor backslashes. */
  readonly isNested: boolean;
  /** In the order in which they read the text. */
  readonly readers: readonly PythonReader[];
}

export type PythonPlace =
  | PythonString
  /** A literal where no expression may stand, or whose text is code. */
  | (Partial<PythonExpression> & { readonly kind: 'fixed'; readonly end: number })
  | { readonly kind: 'docstring'; readonly end: number }
  | { readonly kind: 'comment'; readonly end: number };

export type PythonPlaces = ReadonlyMap<number, PythonPlace>;

/** The parser takes some 150 bytes of memory for one of text. Bytes. */
export const LARGEST_SOURCE = 4 * 1024 * 1024;

export const sourceExtension = /\.(?:py|pyw|pyi)$/;

export const loadPython = () => loadGrammar(GRAMMAR);

/** The literal that holds a position, and whether it stands inside of an f-string's own text. */
function literalAt(node: Node): Node | undefined {
  for (let at: Node | null = node; at !== null; at = at.parent) {
    if (at.type === 'string') return at;
    if (at.type === 'interpolation') return undefined;
  }
  return undefined;
}

function isStatementOfItsOwn(expression: Node): boolean {
  return expression.parent?.type === 'expression_statement' && expression.parent.namedChildCount === 1;
}

/** Places where the grammar of Python takes a literal and no other expression. */
const LITERAL_ONLY = new Set([
  'case_pattern',
  'dict_pattern',
  'union_pattern',
  'class_pattern',
  'keyword_pattern',
  'list_pattern',
  'tuple_pattern',
  'format_specifier',
  'type',
]);

/** Expressions inside of each other. Each step up takes the longer the deeper it is. */
const DEEPEST = 300;

/** Whether an expression stands in the braces of an f-string; undefined when it stands too deep to be looked at. */
function isInInterpolation(node: Node): boolean | undefined {
  let depth = 0;
  for (let at = node.parent; at !== null; at = at.parent) {
    if (at.type === 'interpolation') return true;
    if (++depth > DEEPEST) return undefined;
  }
  return false;
}

function stringPlace(literal: Node, offset: number, text: string): PythonPlace {
  const expression = literal.parent?.type === 'concatenated_string' ? literal.parent : literal;
  if (isStatementOfItsOwn(expression)) return { kind: 'docstring', end: literal.endIndex };
  const isNested = isInInterpolation(expression);
  if (isNested === undefined) return { kind: 'fixed', end: literal.endIndex };
  const open = literal.firstChild;
  const close = literal.lastChild;
  const span = { expressionStart: expression.startIndex, expressionEnd: expression.endIndex };
  const fixed: PythonPlace = { kind: 'fixed', end: literal.endIndex, ...span };
  const isWhole = open?.type === 'string_start' && close?.type === 'string_end';
  let holder: Node | null = expression.parent;
  while (holder !== null && /^(?:parenthesized_expression|splat_pattern)$/.test(holder.type)) holder = holder.parent;
  if (!isWhole || isCode(expression) || (holder !== null && LITERAL_ONLY.has(holder.type))) return fixed;
  const opening = text.slice(literal.startIndex, open.endIndex);
  const prefix = opening.replace(/["']+$/, '').toLowerCase();
  // t-strings of Python 3.14 are no strings.
  if (prefix.includes('t')) return fixed;
  if (offset < open.endIndex || offset >= close.startIndex) return fixed;
  return {
    kind: 'string',
    opening,
    closing: text.slice(close.startIndex, close.endIndex),
    start: literal.startIndex,
    textStart: open.endIndex,
    textEnd: close.startIndex,
    end: literal.endIndex,
    ...span,
    isBytes: prefix.includes('b'),
    isFormatted: prefix.includes('f'),
    isNested,
    readers: readersOf(expression),
  };
}

function placeAt(root: Node, offset: number, text: string): PythonPlace | undefined {
  const node = root.descendantForIndex(offset, offset + 1);
  if (node === null) return undefined;
  if (node.type === 'comment') return { kind: 'comment', end: node.endIndex };
  for (let at: Node | null = node; at !== null; at = at.parent) {
    if (at.type === 'format_specifier') return { kind: 'fixed', end: at.endIndex };
    if (at.isError) return undefined;
    if (at.type === 'string') break;
  }
  const literal = literalAt(node);
  return literal === undefined ? undefined : stringPlace(literal, offset, text);
}

const known = new WeakMap<ByteSource, { readonly key: string; readonly places: PythonPlaces }>();

/**
 * What stands at each offset; offsets that are neither in a literal nor in a comment are left out.
 * The grammar must be loaded.
 */
export function pythonPlaces(bytes: ByteSource, offsets: readonly number[]): PythonPlaces {
  const key = offsets.join(' ');
  const before = known.get(bytes);
  if (before?.key === key) return before.places;
  const text = bytes.read(0, bytes.size).toString('latin1');
  const places =
    withTree(GRAMMAR, text, (tree) => {
      const found = new Map<number, PythonPlace>();
      for (const offset of offsets) {
        const place = placeAt(tree.rootNode, offset, text);
        if (place !== undefined) found.set(offset, place);
      }
      return found;
    }) ?? new Map<number, PythonPlace>();
  known.set(bytes, { key, places });
  return places;
}
