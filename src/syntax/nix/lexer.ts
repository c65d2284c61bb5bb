/**
 * Tokens of the Nix language outside of strings. The longest match wins, as in Nix's own scanner: `a+b/c` is a path,
 * `x:y` a URI, `a-b` a name.
 */

import type { Span } from './tree.ts';

export type TokenKind = 'name' | 'keyword' | 'integer' | 'float' | 'path' | 'search-path' | 'uri' | 'symbol' | 'end';

const KEYWORDS = new Set(['if', 'then', 'else', 'assert', 'with', 'let', 'in', 'rec', 'inherit', 'or']);

const NAME_START = 1;
const NAME = 2;
const PATH = 4;
const SCHEME = 8;
const SCHEME_START = 16;
const URI = 32;
const DIGIT = 64;

/** What each byte may be a part of. */
const classes = new Uint8Array(256);
for (let code = 0; code < 256; code++) {
  const character = String.fromCharCode(code);
  const letter = /[a-zA-Z]/.test(character);
  const digit = /[0-9]/.test(character);
  classes[code] =
    (letter || character === '_' ? NAME_START : 0) |
    (letter || digit || /[_'-]/.test(character) ? NAME : 0) |
    (letter || digit || /[._+-]/.test(character) ? PATH : 0) |
    (letter || digit || /[.+-]/.test(character) ? SCHEME : 0) |
    (letter ? SCHEME_START : 0) |
    (letter || digit || /[%/?:@&=+$,\-_.!~*']/.test(character) ? URI : 0) |
    (digit ? DIGIT : 0);
}

const FLOAT = /(?:[1-9][0-9]*\.[0-9]*|0?\.[0-9]+)(?:[Ee][+-]?[0-9]+)?/y;
const SEARCH_PATH = /<[a-zA-Z0-9._+-]+(?:\/[a-zA-Z0-9._+-]+)*>/y;
const SYMBOLS = ['...', '==', '!=', '<=', '>=', '&&', '||', '->', '//', '++', '|>', '<|', '${', "''"];
const COMMENT_END = /\*\//g;
const LINE_END = /[\r\n]/g;

export function isNameCharacter(code: number): boolean {
  return ((classes[code] as number) & NAME) !== 0;
}

export class Lexer {
  readonly text: string;
  readonly comments: Span[] = [];
  kind: TokenKind = 'end';
  /** The symbol or keyword; empty for other tokens. */
  symbol = '';
  start = 0;
  end = 0;
  /** Where a comment without an end begins. */
  openComment: number | undefined;
  // Runs of characters are measured once, however many tokens begin inside.
  #pathRunEnd = -1;
  #schemeRunEnd = -1;

  constructor(text: string) {
    this.text = text;
  }

  /** Goes on behind what the parser read itself. */
  seek(offset: number): void {
    this.end = offset;
    this.next();
  }

  next(): void {
    const { text } = this;
    const at = this.#skipBlanks(this.end);
    this.start = at;
    this.symbol = '';
    if (at >= text.length) {
      this.#token('end', at);
      return;
    }
    const code = text.charCodeAt(at);
    const kinds = classes[code] as number;
    if (kinds & NAME_START) {
      this.#word(at, kinds);
      return;
    }
    if (kinds & DIGIT) {
      this.#number(at);
      return;
    }
    if (code === 0x2e || code === 0x2f || code === 0x7e || code === 0x2d || code === 0x2b) {
      const path = this.#pathEnd(at);
      if (path > 0) {
        this.#token('path', path);
        return;
      }
      if (code === 0x2e && (classes[text.charCodeAt(at + 1)] ?? 0) & DIGIT) {
        this.#number(at);
        return;
      }
    }
    if (code === 0x3c) {
      SEARCH_PATH.lastIndex = at;
      if (SEARCH_PATH.test(text)) {
        this.#token('search-path', SEARCH_PATH.lastIndex);
        return;
      }
    }
    for (const symbol of SYMBOLS) {
      if (symbol.charCodeAt(0) === code && text.startsWith(symbol, at)) {
        this.#symbol(symbol);
        return;
      }
    }
    this.#symbol(text[at] as string);
  }

  #token(kind: TokenKind, end: number): void {
    this.kind = kind;
    this.end = end;
  }

  #symbol(symbol: string): void {
    this.symbol = symbol;
    this.#token('symbol', this.start + symbol.length);
  }

  #word(at: number, kinds: number): void {
    const { text } = this;
    let end = at + 1;
    while (end < text.length && (classes[text.charCodeAt(end)] as number) & NAME) end++;
    const path = this.#pathEnd(at);
    const uri = kinds & SCHEME_START ? this.#uriEnd(at) : -1;
    if (path > end && path >= uri) {
      this.#token('path', path);
      return;
    }
    if (uri > end) {
      this.#token('uri', uri);
      return;
    }
    if (end - at <= 7) {
      const word = text.slice(at, end);
      if (KEYWORDS.has(word)) {
        this.symbol = word;
        this.#token('keyword', end);
        return;
      }
    }
    this.#token('name', end);
  }

  #number(at: number): void {
    const { text } = this;
    const path = this.#pathEnd(at);
    let end = at;
    while (end < text.length && (classes[text.charCodeAt(end)] as number) & DIGIT) end++;
    FLOAT.lastIndex = at;
    const float = FLOAT.test(text) ? FLOAT.lastIndex : -1;
    if (path > end && path > float) {
      this.#token('path', path);
      return;
    }
    if (float > end) {
      this.#token('float', float);
      return;
    }
    this.#token('integer', end);
  }

  /** Where a path that starts here ends, up to its first antiquotation; -1 when there is none. */
  #pathEnd(at: number): number {
    const { text } = this;
    let end = at;
    if (text.charCodeAt(at) === 0x7e) {
      if (text.charCodeAt(at + 1) !== 0x2f) return -1;
      end = at + 1;
    } else {
      if (at >= this.#pathRunEnd) this.#pathRunEnd = pathRun(text, at);
      end = this.#pathRunEnd;
      if (text.charCodeAt(end) !== 0x2f) return -1;
    }
    if (text.startsWith('${', end + 1)) return end + 1;
    if (pathRun(text, end + 1) === end + 1) return -1;
    return pathRest(text, end);
  }

  #uriEnd(at: number): number {
    const { text } = this;
    if (at >= this.#schemeRunEnd) {
      let end = at;
      while (end < text.length && (classes[text.charCodeAt(end)] as number) & SCHEME) end++;
      this.#schemeRunEnd = end;
    }
    let end = this.#schemeRunEnd;
    if (text.charCodeAt(end) !== 0x3a) return -1;
    const colon = end++;
    while (end < text.length && (classes[text.charCodeAt(end)] as number) & URI) end++;
    return end > colon + 1 ? end : -1;
  }

  #skipBlanks(from: number): number {
    const { text } = this;
    let at = from;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d) at++;
      else if (code === 0x23) {
        const start = at;
        LINE_END.lastIndex = at;
        at = LINE_END.test(text) ? LINE_END.lastIndex - 1 : text.length;
        this.comments.push({ start, end: at });
      } else if (code === 0x2f && text.charCodeAt(at + 1) === 0x2a) {
        const start = at;
        COMMENT_END.lastIndex = at + 2;
        if (COMMENT_END.test(text)) at = COMMENT_END.lastIndex;
        else {
          this.openComment = start;
          at = text.length;
        }
        this.comments.push({ start, end: at });
      } else return at;
    }
  }
}

/** The end of the characters that a path's component may have. */
export function pathRun(text: string, from: number): number {
  let end = from;
  while (end < text.length && (classes[text.charCodeAt(end)] as number) & PATH) end++;
  return end;
}

/** The end of `(/component)* /?` from a slash on. */
export function pathRest(text: string, slash: number): number {
  let end = slash;
  while (text.charCodeAt(end) === 0x2f) {
    const run = pathRun(text, end + 1);
    if (run === end + 1) return end + 1;
    end = run;
  }
  return end;
}
