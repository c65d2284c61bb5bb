/** What a parser does with tokens, whatever the grammar: looking, taking, complaining. */

import { Lexer } from './lexer.ts';
import type { NixError } from './tree.ts';

export class TokenReader {
  readonly text: string;
  readonly lexer: Lexer;
  readonly errors: NixError[] = [];

  constructor(text: string) {
    this.text = text;
    this.lexer = new Lexer(text);
  }

  fail(message: string, offset: number): void {
    if (this.errors.at(-1)?.offset !== offset) this.errors.push({ offset, message });
  }

  unexpected(wanted: string): void {
    const { kind, start, end } = this.lexer;
    const found = kind === 'end' ? 'the end of the file' : `'${this.text.slice(start, Math.min(end, start + 20))}'`;
    this.fail(`${wanted} is expected, not ${found}`, start);
  }

  is(symbol: string): boolean {
    return this.lexer.symbol === symbol;
  }

  /** Takes a symbol when it is there. */
  take(symbol: string): boolean {
    if (this.lexer.symbol !== symbol) return false;
    this.lexer.next();
    return true;
  }

  expect(symbol: string): boolean {
    if (this.take(symbol)) return true;
    this.unexpected(`'${symbol}'`);
    return false;
  }

  /** Where the last token taken ended: the blanks before the present one left out. */
  endBefore(start: number): number {
    let end = this.lexer.start;
    const comments = this.lexer.comments;
    for (let i = comments.length - 1; ; ) {
      while (end > start && ' \n\t\r'.includes(this.text[end - 1] as string)) end--;
      const comment = comments[i];
      if (comment === undefined || comment.end < end || comment.start < start) return end;
      if (comment.end === end) end = comment.start;
      i--;
    }
  }

  /** The token from an offset on, without taking anything: only names and symbols matter. */
  peek(offset: number, steps = 1): string {
    const ahead = new Lexer(this.text);
    ahead.end = offset;
    for (let i = 0; i < steps; i++) ahead.next();
    return ahead.kind === 'name' ? 'name' : ahead.kind === 'end' ? 'end' : ahead.symbol;
  }
}
