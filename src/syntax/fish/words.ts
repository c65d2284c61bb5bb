/**
 * Statements, words and pieces of words of fish (fish manual, "The fish language"): enough to know how each byte is
 * quoted and which command a word is given to. Values of variables are neither split nor globbed in fish, so no more is
 * needed to put one in the place of a path.
 */

import type { FishQuoting } from './place.ts';

/** A stretch of a word with the same quotes; without them. */
export interface Piece {
  readonly quoting: FishQuoting;
  readonly start: number;
  readonly end: number;
}

export interface Word {
  readonly start: number;
  end: number;
  readonly pieces: Piece[];
  /** Whether a command substitution stands in it. */
  hasCommand: boolean;
}

export interface FishText {
  /** Every statement with its words, those of command substitutions too. */
  readonly statements: readonly (readonly Word[])[];
  readonly comments: readonly { readonly start: number; readonly end: number }[];
}

/** Parentheses inside of each other. */
const DEEPEST = 200;

class Incomplete extends Error {}

class Reader {
  readonly statements: Word[][] = [];
  readonly comments: { readonly start: number; readonly end: number }[] = [];
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Reads statements up to the parenthesis that closes, or the end of the text. */
  list(isNested: boolean): void {
    if (++this.#depth > DEEPEST) throw new Incomplete();
    let words: Word[] = [];
    const finish = () => {
      if (words.length > 0) this.statements.push(words);
      words = [];
    };
    // Numbers of descriptors before a redirection are words, which does no harm.
    const redirection = /(?:>>|[<>])(?:&|\?|\|)?|&(?:>>?|\|)/y;
    for (;;) {
      const character = this.#text[this.#at];
      redirection.lastIndex = this.#at;
      if (character === undefined) {
        if (isNested) throw new Incomplete();
        finish();
        break;
      }
      if (character === ')') {
        if (!isNested) throw new Incomplete();
        this.#at++;
        finish();
        break;
      }
      if (/[ \t\r]/.test(character)) this.#at++;
      else if (character === '\\' && /\r?\n/y.test(this.#text.slice(this.#at + 1, this.#at + 3))) {
        this.#at += this.#text[this.#at + 1] === '\n' ? 2 : 3;
      } else if (character === '#') {
        const end = this.#text.indexOf('\n', this.#at);
        this.comments.push({ start: this.#at, end: end < 0 ? this.#text.length : end });
        this.#at = end < 0 ? this.#text.length : end;
      } else if (redirection.test(this.#text)) this.#at = redirection.lastIndex;
      else if (/[\n;&|]/.test(character)) {
        finish();
        this.#at++;
      } else words.push(this.#word());
    }
    this.#depth--;
  }

  #word(): Word {
    const word: Word = { start: this.#at, end: this.#at, pieces: [], hasCommand: false };
    let bare = this.#at;
    let braces = 0;
    const closeBare = () => {
      if (this.#at > bare) word.pieces.push({ quoting: 'bare', start: bare, end: this.#at });
    };
    for (;;) {
      const character = this.#text[this.#at];
      // Blanks belong to a brace expansion.
      const endsWord = braces > 0 ? /[\n;&|)<>]/ : /[\s;&|)<>]/;
      if (character === undefined || endsWord.test(character)) break;
      if (character === '\\') this.#at += 2;
      else if (character === "'" || character === '"' || character === '(') {
        closeBare();
        if (character === "'") this.#single(word);
        else if (character === '"') this.#double(word);
        else {
          word.hasCommand = true;
          this.#at++;
          this.list(true);
        }
        bare = this.#at;
      } else {
        if (character === '{') braces++;
        if (character === '}' && braces > 0) braces--;
        this.#at++;
      }
    }
    this.#at = Math.min(this.#at, this.#text.length);
    closeBare();
    word.end = this.#at;
    return word;
  }

  #single(word: Word): void {
    const start = ++this.#at;
    for (; this.#text[this.#at] !== "'"; this.#at++) {
      if (this.#at >= this.#text.length) throw new Incomplete();
      if (this.#text[this.#at] === '\\') this.#at++;
    }
    word.pieces.push({ quoting: 'single', start, end: this.#at++ });
  }

  #double(word: Word): void {
    let start = ++this.#at;
    for (; this.#text[this.#at] !== '"'; this.#at++) {
      if (this.#at >= this.#text.length) throw new Incomplete();
      if (this.#text[this.#at] === '\\') this.#at++;
      else if (this.#text.startsWith('$(', this.#at)) {
        word.pieces.push({ quoting: 'double', start, end: this.#at });
        word.hasCommand = true;
        this.#at += 2;
        this.list(true);
        start = this.#at--;
      }
    }
    word.pieces.push({ quoting: 'double', start, end: this.#at++ });
  }
}

/**
 * @param text one character a byte
 * @returns undefined when quotes or parentheses do not close
 */
export function readFish(text: string): FishText | undefined {
  const reader = new Reader(text);
  try {
    reader.list(false);
  } catch (error) {
    if (error instanceof Incomplete) return undefined;
    throw error;
  }
  return reader;
}
