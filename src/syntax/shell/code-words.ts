/** The text of words that a shell reads as code, and how each byte of it was quoted the first time. */

import type { SyntaxNode } from 'unbash';
import type { Evaluation } from './path-context.ts';

type Node<Type extends SyntaxNode['type']> = Extract<SyntaxNode, { type: Type }>;

export interface CodeText {
  readonly text: string;
  /** For each character of `text` where it came from; -1 for what stands in for an expansion, or between words. */
  readonly origins: readonly number[];
  readonly outers: readonly Evaluation['outer'][];
}

/** Stands for the value of an expansion, which is not known. */
const UNKNOWN = 'x';

class Writer {
  text = '';
  readonly origins: number[] = [];
  readonly outers: Evaluation['outer'][] = [];
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  unknown(character = UNKNOWN): void {
    this.text += character;
    this.origins.push(-1);
    this.outers.push('unquoted');
  }

  /** Source text without the backslashes of the pairs that `pair` matches; with none, as it stands. */
  literal(pos: number, end: number, outer: Evaluation['outer'], pair?: RegExp): void {
    for (let at = pos; at < end; at++) {
      const next = this.#source.slice(at, at + 2);
      if (pair !== undefined && next.length === 2 && pair.test(next)) {
        at++;
        if (next[1] === '\n') continue;
      }
      this.text += this.#source[at];
      this.origins.push(at);
      this.outers.push(outer);
    }
  }

  word(node: Node<'Word'>): void {
    if (node.parts === undefined || node.parts.length === 0) this.literal(node.pos, node.end, 'unquoted', /^\\[\s\S]$/);
    for (const part of node.parts ?? []) {
      if (part.type === 'Literal') this.literal(part.pos, part.end, 'unquoted', /^\\[\s\S]$/);
      else if (part.type === 'SingleQuoted') this.literal(part.pos + 1, part.end - 1, 'single');
      else if (part.type === 'DoubleQuoted') {
        for (const inner of part.parts) {
          if (inner.type === 'Literal') this.literal(inner.pos, inner.end, 'double', /^\\[\\"$`\n]$/);
          else this.unknown();
        }
      } else this.unknown();
    }
  }
}

/** The code that words make, joined by blanks as `eval` does. */
export function codeOf(words: readonly (Node<'Word'> | Node<'Assignment'>)[], source: string): CodeText {
  const writer = new Writer(source);
  for (const [i, word] of words.entries()) {
    if (i > 0) writer.unknown(' ');
    if (word.type === 'Word') writer.word(word);
    else if (word.value.type === 'Word') {
      writer.literal(word.pos, word.value.pos, 'unquoted');
      writer.word(word.value);
    } else writer.unknown();
  }
  return writer;
}
