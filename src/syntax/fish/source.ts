/** Scripts of fish: how each path is quoted, and in which strings that fish reads as code later. */

import type { ByteSource } from '../../store/byte-source.ts';
import { intervalAt, offsetsInside } from '../interval.ts';
import type { FishPlace, FishQuoting } from './place.ts';
import { type Piece, readFish, type Word } from './words.ts';

export interface FishSource {
  /** Where the first command begins, behind a header of ours; undefined when there is none. */
  readonly codeStart: number | undefined;
  readonly places: ReadonlyMap<number, FishPlace>;
}

/** Bytes. */
export const LARGEST_SOURCE = 8 * 1024 * 1024;

export const sourceExtension = /\.fish$/;

/** How often a string in a string is read again. */
const MAX_EVALUATIONS = 3;

/** Words before a command that are no command (fish manual, "Commands"). */
const prefixes = /^(?:and|or|not|!|if|else|while|begin|time|command|builtin|exec|\{|[A-Za-z_]\w*=.*)$/s;

/** Commands whose arguments fish reads as code: those of `complete` are told by the option before them. */
const evaluating = /^(?:eval|alias|bind|trap)$/;
const completionCode = /^(?:-[a-zA-Z]*[na]|--condition|--arguments|--condition=.*|--arguments=.*)$/s;

/** Which words of a statement are code, and for whom. */
function codeWords(words: readonly Word[], text: string): Map<Word, { readonly isNewShell: boolean }> {
  const found = new Map<Word, { readonly isNewShell: boolean }>();
  const source = (word: Word) => text.slice(word.start, word.end);
  const name = words.findIndex((word) => !prefixes.test(source(word)));
  if (name < 0) return found;
  const command = source(words[name] as Word);
  const base = command.slice(command.lastIndexOf('/') + 1);
  const rest = words.slice(name + 1);
  if (evaluating.test(base)) for (const word of rest) found.set(word, { isNewShell: false });
  rest.forEach((word, i) => {
    const before = i === 0 ? '' : source(rest[i - 1] as Word);
    const isAttached = /^--\w+=/.test(source(word)) && completionCode.test(source(word));
    if (base === 'complete' && (isAttached || (completionCode.test(before) && !before.includes('=')))) {
      found.set(word, { isNewShell: false });
    } else if (base === 'fish' && /^(?:-[a-zA-Z]*[cC]|--command|--init-command)$/.test(before)) {
      found.set(word, { isNewShell: true });
    }
  });
  return found;
}

interface Value {
  readonly text: string;
  readonly origins: readonly number[];
}

const escapes: Record<FishQuoting, RegExp> = { single: /['\\]/, double: /["$\\\n]/, bare: /[^\w]/ };

/** A piece's text without the backslashes that its quotes take. */
function unquoted(text: string, { quoting, start, end }: Piece): Value {
  let value = '';
  const origins: number[] = [];
  for (let at = start; at < end; at++) {
    if (text[at] === '\\' && at + 1 < end) {
      if (escapes[quoting].test(text[at + 1] as string)) at++;
      if (text[at] === '\n' && quoting !== 'single') continue;
    }
    value += text[at];
    origins.push(at);
  }
  return { text: value, origins };
}

/** Odd backslashes, or a dollar sign that is none of text. */
function joinsBefore(text: string, offset: number, quoting: FishQuoting): boolean {
  const backslashes = /\\*$/.exec(text.slice(Math.max(0, offset - 64), offset)) as RegExpExecArray;
  return backslashes[0].length % 2 === 1 || (quoting !== 'single' && text[offset - 1] === '$');
}

function readPlaces(text: string, offsets: readonly number[], depth: number): FishSource | undefined {
  const read = readFish(text);
  if (read === undefined) return undefined;
  const places = new Map<number, FishPlace>();
  const pieces = read.statements.flatMap((words) =>
    words.flatMap((word) => word.pieces.map((piece) => ({ ...piece }))),
  );
  pieces.sort((a, b) => a.start - b.start);
  for (const offset of offsets) {
    const comment = intervalAt(read.comments, offset);
    if (comment !== undefined) {
      const { end } = comment;
      const nothing = { outer: [], isNewShell: false, joinsBefore: false };
      places.set(offset, { quoting: 'comment', ...nothing, end, what: 'comment' });
      continue;
    }
    const piece = intervalAt(pieces, offset);
    if (piece === undefined) continue;
    const { quoting, end } = piece;
    const joins = joinsBefore(text, offset, quoting);
    const what = { bare: 'word', single: 'single quotes', double: 'double quotes' }[quoting];
    places.set(offset, { quoting, outer: [], isNewShell: false, joinsBefore: joins, end, what });
  }
  if (depth < MAX_EVALUATIONS) {
    for (const words of read.statements) {
      if (offsetsInside(offsets, { start: (words[0] as Word).start, end: (words.at(-1) as Word).end }).length === 0)
        continue;
      for (const [word, { isNewShell }] of codeWords(words, text)) {
        if (!word.hasCommand)
          for (const piece of word.pieces) readAgain(text, piece, isNewShell, offsets, depth, places);
      }
    }
  }
  return { codeStart: firstCommand(text, read.statements), places };
}

/** Reads a piece's value as code; it stays what it is when that does not succeed. */
function readAgain(
  text: string,
  piece: Piece,
  isNewShell: boolean,
  offsets: readonly number[],
  depth: number,
  places: Map<number, FishPlace>,
): void {
  const own = offsetsInside(offsets, piece);
  if (own.length === 0) return;
  const value = unquoted(text, piece);
  const indices = new Map(value.origins.map((origin, index) => [origin, index]));
  const code = readPlaces(
    value.text,
    own.flatMap((offset) => indices.get(offset) ?? []),
    depth + 1,
  );
  for (const [index, place] of code?.places ?? []) {
    const offset = value.origins[index] as number;
    if (place.quoting === 'comment') continue;
    places.set(offset, {
      ...place,
      outer: [...place.outer, piece.quoting],
      isNewShell: place.isNewShell || isNewShell,
      joinsBefore: place.joinsBefore || joinsBefore(text, offset, piece.quoting),
      end: piece.end,
      what: `code in ${piece.quoting === 'bare' ? 'a word' : `${piece.quoting} quotes`}`,
    });
  }
}

/** Behind a header of ours, which is a command of its own on the second line. */
function firstCommand(text: string, statements: readonly (readonly Word[])[]): number | undefined {
  const starts = statements.map(([word]) => (word as Word).start).sort((a, b) => a - b);
  const isHeader = /^#![^\n]*\n: '\\';/.test(text);
  return starts[isHeader ? 1 : 0];
}

const known = new WeakMap<ByteSource, { readonly key: string; readonly source: FishSource | undefined }>();

/**
 * @param offsets where paths begin, ascending
 * @returns undefined when the file cannot be read as fish
 */
export function fishSource(bytes: ByteSource, offsets: readonly number[]): FishSource | undefined {
  const key = offsets.join(' ');
  const before = known.get(bytes);
  if (before?.key === key) return before.source;
  const source = readPlaces(bytes.read(0, bytes.size).toString('latin1'), offsets, 0);
  known.set(bytes, { key, source });
  return source;
}
