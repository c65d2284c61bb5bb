/** Texts measured in the cells of a terminal, cut and wrapped to a width. */

import { stripVTControlCharacters } from 'node:util';
import { eastAsianWidth } from 'get-east-asian-width';

/** One cell a character: no need to look at tables. */
const PLAIN = /^[\x20-\x7e]*$/;

/** Characters as readers see them, with their marks. */
const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });

const split = (text: string) =>
  PLAIN.test(text) ? [...text] : Array.from(characters.segment(text), ({ segment }) => segment);

/** A character with its marks is as wide as its first code point. */
function cellsOf(character: string): number {
  return /^[\p{Cc}\p{Cf}\p{M}]/u.test(character) ? 0 : eastAsianWidth(character.codePointAt(0) ?? 0);
}

/** Cells that a text takes: wide characters two, marks and what is not drawn none, escape sequences none. */
export function cells(text: string): number {
  if (PLAIN.test(text)) return text.length;
  const shown = stripVTControlCharacters(text);
  return PLAIN.test(shown) ? shown.length : split(shown).reduce((sum, character) => sum + cellsOf(character), 0);
}

/** Whole characters from the start of a list that fit. */
function fitting(list: readonly string[], room: number): string[] {
  let used = 0;
  const end = list.findIndex((character) => {
    used += cells(character);
    return used > room;
  });
  return end < 0 ? [...list] : list.slice(0, end);
}

/** The beginning of a text that fits, and a mark where something was cut. */
export function headOf(text: string, width: number): string {
  return cells(text) <= width ? text : `${fitting(split(text), width - 1).join('')}…`;
}

/** The end of a text that fits. */
export function tailOf(text: string, width: number): string {
  if (cells(text) <= width) return text;
  return `…${fitting(split(text).reverse(), width - 1)
    .reverse()
    .join('')}`;
}

/**
 * Cuts a text to a width, from the middle, so that both ends of a path stay.
 * @param text without escape sequences
 */
export function shorten(text: string, width: number): string {
  if (width < 5 || cells(text) <= width) return text;
  const list = split(text);
  const head = fitting(list, Math.ceil((width - 1) / 2));
  const room = width - 1 - cells(head.join(''));
  return `${head.join('')}…${fitting(list.slice(head.length).reverse(), room).reverse().join('')}`;
}

/**
 * Words on lines of a width; longer words stay whole.
 * @param margin columns before the first word; the other lines get as many blanks
 */
export function wrapped(text: string, width: number, margin: number): string {
  const room = Math.max(20, width - margin);
  if (cells(text) <= room) return text;
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || cells(line) + 1 + cells(word) > room) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines.join(`\n${' '.repeat(margin)}`);
}
