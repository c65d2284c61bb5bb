/**
 * What a Nix string says: escapes resolved, the indentation that all lines share removed, and one character of
 * Unicode's private use area for each antiquotation, which no latin1 text can hold. Every character knows its place.
 */

import type { Antiquotation, Expression, StringLiteral } from './tree.ts';

const FIRST_PLACEHOLDER = 0xe000;
const MAX_PLACEHOLDERS = 0x1900;

/** A placeholder, in regular expressions. */
export const PLACEHOLDER = '[\\ue000-\\uf8ff]';

export interface StringText {
  readonly text: string;
  readonly antiquotations: readonly Antiquotation[];
  /** The byte offset in the file of a character of the text (its length included). */
  sourceOffset(at: number): number;
  /** Behind the character before: that of an escape or an antiquotation has many bytes. */
  sourceEnd(at: number): number;
  /** The antiquotation that a character stands for. */
  antiquotationOf(character: string): Antiquotation | undefined;
}

interface Piece {
  readonly text: string;
  readonly start: number;
  readonly length: number;
  /** Blanks at its lines' starts count as indentation. */
  readonly plain: boolean;
}

/** Characters that stand side by side in the file too, or one that stands for many bytes. */
interface Run {
  /** In the text. */
  readonly at: number;
  /** In the file, with its length there. */
  readonly start: number;
  readonly length: number;
}

type Add = (text: string, start: number, length: number) => void;

/** The least number of blanks before the first other character of a line; empty lines do not count. */
function sharedIndentation(pieces: readonly Piece[]): number {
  let least = Number.POSITIVE_INFINITY;
  let atLineStart = true;
  let indent = 0;
  for (const { text, plain } of pieces) {
    for (let i = 0; i < (plain ? text.length : 1); i++) {
      const character = plain ? text[i] : 'x';
      if (character === '\n') {
        atLineStart = true;
        indent = 0;
      } else if (atLineStart && character === ' ') indent++;
      else if (atLineStart) {
        atLineStart = false;
        least = Math.min(least, indent);
      }
    }
  }
  return least;
}

function piecesOf(string: StringLiteral, file: string, antiquotations: Antiquotation[]): Piece[] {
  return string.parts.map((part) => {
    const { start, end } = part;
    if (part.kind === 'text') {
      return {
        text: part.escaped ?? file.slice(start, end),
        start,
        length: end - start,
        plain: part.escaped === undefined,
      };
    }
    return placeholderOf(part, antiquotations);
  });
}

function placeholderOf(antiquotation: Antiquotation, antiquotations: Antiquotation[]): Piece {
  const { start, end } = antiquotation;
  const code = FIRST_PLACEHOLDER + Math.min(antiquotations.push(antiquotation), MAX_PLACEHOLDERS) - 1;
  return { text: String.fromCharCode(code), start, length: end - start, plain: false };
}

/**
 * @param operands a string, or what is added up to one (`''a'' + b + "c"`): what is no string literal stands as if it
 *   were `${...}`.
 * @param file the text of the whole file.
 */
export function stringText(operands: StringLiteral | readonly Expression[], file: string): StringText {
  const antiquotations: Antiquotation[] = [];
  const { add, finish } = collector();
  let last = 0;
  let afterOther = false;
  for (const operand of 'kind' in operands ? [operands] : operands) {
    if (operand.kind !== 'string') {
      const { start, end } = operand;
      const piece = placeholderOf({ kind: 'antiquotation', start, end, expression: operand }, antiquotations);
      add(piece.text, piece.start, piece.length);
      last = end;
      afterOther = true;
      continue;
    }
    const pieces = piecesOf(operand, file, antiquotations);
    // What is added before lines is lines too, nearly always.
    if (operand.indented && afterOther) add('\n', operand.start, 0);
    afterOther = false;
    if (operand.indented) stripped(pieces, sharedIndentation(pieces), add);
    else for (const piece of pieces) add(piece.text, piece.start, piece.length);
    last = operand.end - (operand.indented ? 2 : 1);
  }
  return finish(antiquotations, last);
}

/** Puts a text together out of pieces of the file. */
function collector() {
  const runs: Run[] = [];
  let text = '';
  const add: Add = (value, start, length) => {
    if (value === '') return;
    runs.push({ at: text.length, start, length });
    text += value;
  };
  const finish = (antiquotations: readonly Antiquotation[], last: number) =>
    textOfRuns(text, antiquotations, runs, last);
  return { add, finish };
}

function textOfRuns(
  text: string,
  antiquotations: readonly Antiquotation[],
  runs: readonly Run[],
  last: number,
): StringText {
  const indexAt = (at: number) => {
    let low = 0;
    let high = runs.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((runs[middle] as Run).at <= at) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return {
    text,
    antiquotations,
    sourceOffset(at) {
      const run = at >= text.length ? undefined : runs[indexAt(at)];
      return run === undefined ? last : run.start + at - run.at;
    },
    sourceEnd(at) {
      const index = indexAt(Math.max(0, at - 1));
      const run = runs[index];
      if (run === undefined) return last;
      const next = runs[index + 1]?.at ?? text.length;
      // Characters that stand for themselves take a byte each.
      return next - run.at === run.length ? run.start + at - run.at : run.start + run.length;
    },
    antiquotationOf: (character) => antiquotations[character.charCodeAt(0) - FIRST_PLACEHOLDER],
  };
}

/**
 * A text in which some ranges stand for expressions, as placeholders of templates do.
 *
 * @param found in order, not overlapping.
 */
export function textWithPlaceholders(file: string, found: readonly Antiquotation[]): StringText {
  const antiquotations: Antiquotation[] = [];
  const { add, finish } = collector();
  let at = 0;
  for (const each of found) {
    add(file.slice(at, each.start), at, each.start - at);
    add(placeholderOf(each, antiquotations).text, each.start, each.end - each.start);
    at = each.end;
  }
  add(file.slice(at), at, file.length - at);
  return finish(antiquotations, file.length);
}

function stripped(pieces: readonly Piece[], indentation: number, add: Add): void {
  let atLineStart = true;
  let dropped = 0;
  for (const [index, { text, start, length, plain }] of pieces.entries()) {
    const isLast = index === pieces.length - 1;
    if (!plain) {
      add(text, start, length);
      atLineStart = text === '\n';
      dropped = 0;
      continue;
    }
    let at = 0;
    while (at < text.length) {
      if (atLineStart) {
        while (text[at] === ' ' && dropped < indentation) {
          at++;
          dropped++;
        }
      }
      const newline = text.indexOf('\n', at);
      const end = newline < 0 ? text.length : newline + 1;
      const line = text.slice(at, end);
      // Blanks of a last line go, where its beginning stands in the same piece.
      const vanishes = isLast && newline < 0 && text.includes('\n') && /^ *$/.test(line);
      if (!vanishes) add(line, start + at, line.length);
      atLineStart = newline >= 0;
      dropped = 0;
      at = end;
    }
  }
}
