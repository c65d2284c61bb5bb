/**
 * A lexer for Perl: where quoted text, here-documents, comments and pod stand (perlop, perlsyn, perlpod). Perl cannot
 * be parsed without running it; the lexer gives up when it loses its way, which unbalanced brackets tell.
 */

import { type Delimited, delimitedAt, secondHalf } from './delimiters.ts';
import { type HereDocument, hereDocumentAt } from './here-document.ts';
import type { Lexed, Quoted, QuoteKind, Remark } from './pieces.ts';
import { afterTerm, beforeTerm, hashWords, quoteOperators, shellWords } from './words.ts';

type Expect = 'term' | 'operator' | 'either';

const opening: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** Pod behind the end of the program. */
function podsBehind(text: string, start: number): Remark[] {
  const pods = text.slice(start).matchAll(/^=[A-Za-z][\s\S]*?(?:^=cut\b.*$|(?![\s\S]))/gm);
  return [...pods].map(({ 0: pod, index }) => ({ kind: 'pod', start: start + index, end: start + index + pod.length }));
}

class Lost extends Error {}

class Lexer {
  readonly text: string;
  readonly quoted: Quoted[] = [];
  readonly remarks: Remark[] = [];
  private at = 0;
  private expect: Expect = 'term';
  /** The last token and the one before it. */
  private last = ';';
  private lastButOne = ';';
  private sawOpen = false;
  private sawPipeMode = false;
  private codeStart: number | undefined;
  private readonly brackets: { readonly character: string; readonly endsTerm: boolean }[] = [];
  private readonly documents: HereDocument[] = [];

  constructor(text: string) {
    this.text = text;
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text)?.[0];
  }

  private token(text: string, expect: Expect): void {
    this.lastButOne = this.last;
    this.last = text;
    this.expect = expect;
  }

  private skip(text: string, expect: Expect): void {
    this.at += text.length;
    this.token(text, expect);
  }

  run(): Lexed {
    const { text } = this;
    this.at = text.startsWith('\xef\xbb\xbf') ? 3 : 0;
    this.pod();
    while (this.at < text.length) {
      const character = text[this.at] as string;
      if (character === '\n') {
        this.at++;
        this.newline();
      } else if (/\s/.test(character)) this.at++;
      else if (character === '#') this.comment();
      else if (character === '\x04' || character === '\x1a') this.rest('end');
      else {
        this.codeStart ??= this.at;
        this.code(character);
      }
    }
    if (this.brackets.length > 0 || this.documents.length > 0) throw new Lost();
    return { quoted: this.quoted, remarks: this.remarks, codeStart: this.codeStart };
  }

  private comment(): void {
    const start = this.at;
    const end = this.text.indexOf('\n', start);
    this.at = end < 0 ? this.text.length : end;
    this.remarks.push({ kind: 'comment', start, end: this.at });
  }

  /** At the beginning of a line: bodies of here-documents, then pod. */
  private newline(): void {
    for (const { quote, tag, indented } of this.documents.splice(0)) {
      const textStart = this.at;
      for (;;) {
        if (this.at >= this.text.length) throw new Lost();
        const end = this.text.indexOf('\n', this.at);
        const line = this.text.slice(this.at, end < 0 ? this.text.length : end).replace(/\r$/, '');
        if ((indented ? line.replace(/^[ \t]+/, '') : line) === tag) {
          this.quoted.push({ ...quote, textStart, textEnd: this.at });
          this.at = end < 0 ? this.text.length : end + 1;
          break;
        }
        if (end < 0) throw new Lost();
        this.at = end + 1;
      }
    }
    this.pod();
  }

  private pod(): void {
    while (this.match(/=[A-Za-z]/y) !== undefined) {
      const start = this.at;
      const cut = /^=cut\b.*$/gm;
      cut.lastIndex = start;
      const found = cut.exec(this.text);
      this.at = found === null ? this.text.length : found.index + found[0].length;
      this.remarks.push({ kind: 'pod', start, end: this.at });
      if (this.text[this.at] === '\n') this.at++;
    }
  }

  /** What is no code any more: pod in it is documentation in any case. */
  private rest(kind: 'end' | 'data'): void {
    const start = this.at;
    for (const pod of podsBehind(this.text, start)) this.remarks.push(pod);
    this.remarks.push({ kind, start, end: this.text.length });
    this.at = this.text.length;
    if (this.documents.length > 0) throw new Lost();
  }

  private code(character: string): void {
    if (/[A-Za-z_\x80-\xff]/.test(character)) {
      this.word();
      return;
    }
    if (
      /[0-9]/.test(character) ||
      (character === '.' && this.expect === 'term' && /[0-9]/.test(this.text[this.at + 1] ?? ''))
    ) {
      const number = this.match(
        /0[xX][\da-fA-F_]+|0[bB][01_]+|(?:[\d_]+(?:\.(?!\.)[\d_]*)?|\.[\d_]+)(?:[eE][+-]?\d+)?(?:\.\d+)*/y,
      );
      this.skip(number ?? character, 'operator');
      return;
    }
    switch (character) {
      case "'": {
        this.quote('single', this.at, this.at);
        return;
      }
      case '"': {
        this.quote('double', this.at, this.at);
        return;
      }
      case '`': {
        this.quote('command', this.at, this.at);
        return;
      }
      case '(':
      case '[':
        this.brackets.push({ character, endsTerm: true });
        {
          this.skip(character, 'term');
          return;
        }
      case '{': {
        this.brace();
        return;
      }
      case ')':
      case ']':
      case '}': {
        this.closeBracket(character);
        return;
      }
      case '$':
      case '@': {
        this.variable();
        return;
      }
      case '%':
      case '&':
      case '*': {
        this.sigilOrOperator();
        return;
      }
      case '/': {
        this.slash();
        return;
      }
      case '<': {
        this.less();
        return;
      }
      case '-': {
        this.minus();
        return;
      }
      case ';':
        this.sawOpen = false;
        {
          this.skip(';', 'term');
          return;
        }
      default: {
        this.operator();
        return;
      }
    }
  }

  private operator(): void {
    const operator = this.match(/\+\+|=>|=~|!~|[=!]=|\|\||&&|\.\.\.?|<=>|\*\*|./sy) as string;
    this.skip(operator, operator === '++' ? this.expect : 'term');
  }

  private minus(): void {
    const arrow = this.match(/->\s*(?:[@%&*$]\*|\$#\*|@(?=[[{]))?/y);
    if (arrow !== undefined) {
      this.at += arrow.length;
      this.token('->', /[*@]$/.test(arrow) ? 'operator' : 'term');
      return;
    }
    if (this.match(/--/y)) {
      this.skip('--', this.expect);
      return;
    }
    // A file test, or a word in quotes for free.
    const test = this.expect === 'operator' ? undefined : this.match(/-[A-Za-z](?![\w:])(?!\s*=>)/y);
    this.skip(test ?? '-', 'term');
  }

  private brace(): void {
    const isSubscript = this.expect === 'operator' && /[\]})]$|^->$|^[$@%&]/.test(this.last) && this.last !== ')';
    const afterArrow = this.last === '->';
    if (isSubscript || afterArrow) {
      const key = this.match(/\{\s*-?[A-Za-z_]\w*\s*\}/y);
      if (key !== undefined) {
        this.skip(key, 'operator');
        return;
      }
    }
    const isBlock =
      !afterArrow &&
      !isSubscript &&
      (/^[;{})]$/.test(this.last) || (/^\w/.test(this.last) && !hashWords.has(this.last)));
    this.brackets.push({ character: '{', endsTerm: !isBlock });
    this.skip('{', 'term');
  }

  private closeBracket(character: string): void {
    const open = this.brackets.pop();
    if (open === undefined || open.character !== opening[character]) throw new Lost();
    this.skip(character, open.endsTerm ? 'operator' : 'term');
  }

  private variable(): void {
    const casts = this.match(/(?:\$#|[$@])(?:\$(?=[\w{$:]))*/y) as string;
    const rest = this.text.slice(this.at + casts.length, this.at + casts.length + 256);
    const simple =
      /^(?:\{\s*\^?\w+\s*\}|(?:::)*[A-Za-z_\x80-\xff][\w\x80-\xff]*(?:(?:::|'(?=[A-Za-z_]))[\w\x80-\xff]+)*(?:::)?|\d+|\^[A-Z\]\\^_?[]|::)/.exec(
        rest,
      )?.[0];
    if (simple !== undefined) {
      this.skip(casts + simple, 'operator');
      return;
    }
    if (rest[0] === '{') {
      this.at += casts.length + 1;
      this.brackets.push({ character: '{', endsTerm: true });
      this.token('{', 'term');
      return;
    }
    // Variables of one punctuation character; `$#` and `@` alone may end here.
    if (casts.startsWith('$') && casts !== '$#' && rest !== '' && !/\s/.test(rest[0] as string)) {
      this.skip(casts + rest[0], 'operator');
      return;
    }
    this.skip(casts + (casts === '@' && /^[-+]/.test(rest) ? rest[0] : ''), 'operator');
  }

  private sigilOrOperator(): void {
    const next = this.text[this.at + 1] ?? '';
    const spaced = /\s/.test(this.text[this.at - 1] ?? ' ') && !/\s/.test(next);
    const isSigil = this.expect === 'term' || (this.expect === 'either' && spaced);
    if (!isSigil || !/[\w{$:^+!\x80-\xff-]/.test(next)) {
      this.operator();
      return;
    }
    const name = this.match(
      /[%&*](?:\$+(?=[\w{$:]))?(?:\{\s*\^?\w+\s*\}|(?:::)*[A-Za-z_\x80-\xff]\w*(?:(?:::|'(?=[A-Za-z_]))\w+)*(?:::)?|\^\w|[+!-](?!\w))/y,
    );
    if (name !== undefined) {
      this.skip(name, 'operator');
      return;
    }
    const cast = this.match(/[%&*]\$*\{/y);
    if (cast === undefined) {
      this.operator();
      return;
    }
    this.at += cast.length;
    this.brackets.push({ character: '{', endsTerm: true });
    this.token('{', 'term');
  }

  private slash(): void {
    const before = this.text[this.at - 1] ?? ' ';
    const after = this.text[this.at + 1] ?? ' ';
    const isPattern =
      this.expect === 'term' || (this.expect === 'either' && /\s/.test(before) && !/[\s=/]/.test(after));
    if (isPattern) {
      this.pattern(this.at, this.at, 'pattern');
      return;
    }
    this.skip(this.match(/\/\/=?|\/=?/y) as string, 'term');
  }

  private less(): void {
    if (this.match(/<<~?\s*["'`]|<<~?\\?[A-Za-z_]/y) !== undefined && this.hereDocument()) return;
    if (this.expect !== 'operator') {
      const glob = this.match(/<\$?[\w:]*>|<[^\s<>=;(][^<>\n;]*>/y);
      if (glob !== undefined) {
        const { at } = this;
        this.add('fixed', at, at + 1, at + glob.length - 1, '<', '>');
        this.skip(glob, 'operator');
        return;
      }
    }
    this.skip(this.match(/<=>|<<=|<=|<<|</y) as string, 'term');
  }

  /** A here-document, when it can be one: a shift by a constant looks alike, but no line ends it. */
  private hereDocument(): boolean {
    const isValue = this.expect === 'operator' && !/^\$/.test(this.last);
    const found = hereDocumentAt(this.text, this.at, isValue);
    if (found === undefined) return false;
    this.documents.push(found);
    const whole = this.text.slice(this.at, found.quote.end);
    this.skip(whole, 'operator');
    return true;
  }

  private word(): void {
    const start = this.at;
    const first = this.match(/[A-Za-z_\x80-\xff][\w\x80-\xff]*/y) as string;
    const isFree =
      this.last !== '->' &&
      this.last !== 'sub' &&
      !/^\s*=>/.test(this.text.slice(start + first.length, start + first.length + 80));
    if (isFree && quoteOperators.has(first) && this.quoteOperator(first, start)) return;
    const isKnown = beforeTerm.has(first) || quoteOperators.has(first);
    const whole = isKnown
      ? first
      : (this.match(/[A-Za-z_\x80-\xff][\w\x80-\xff]*(?:(?:::|'(?=[A-Za-z_]))[\w\x80-\xff]+)*(?:::)?/y) as string);
    if (this.last === 'sub' || whole === 'prototype') {
      this.skip(whole, 'either');
      this.prototypeText();
      return;
    }
    if (isFree && (whole === '__END__' || whole === '__DATA__')) {
      this.rest(whole === '__END__' ? 'end' : 'data');
      return;
    }
    if (isFree && whole === 'format' && this.format()) return;
    if (whole === 'open') this.sawOpen = true;
    if (!isFree || afterTerm.has(whole)) {
      this.skip(whole, 'operator');
      return;
    }
    this.skip(whole, beforeTerm.has(whole) ? 'term' : 'either');
    if (whole === 'sub') this.prototypeText();
  }

  /** A prototype, whose characters are neither variables nor operators. */
  private prototypeText(): void {
    const prototype = this.match(/\s*\([\s$@%&*;\\[\]_+]*\)/y);
    if (prototype !== undefined && !prototype.includes('\n')) this.at += prototype.length;
  }

  private format(): boolean {
    const found = this.match(/format(?:[ \t]+[\w:]+)?[ \t]*=[ \t]*\n[\s\S]*?^\.[ \t]*$/my);
    if (found === undefined || !/^[;{}]$/.test(this.last)) return false;
    this.add('fixed', this.at, this.at, this.at + found.length, '', '');
    this.skip(found, 'term');
    return true;
  }

  private quoteOperator(word: string, start: number): boolean {
    const after = start + word.length;
    const blank = /(?:\s+(?:#.*\n\s*)*)?/y;
    blank.lastIndex = after;
    const gap = (blank.exec(this.text) as RegExpExecArray)[0];
    const delimiter = this.text[after + gap.length];
    if (delimiter === undefined || (gap !== '' && (delimiter === '#' || /\w/.test(delimiter)))) return false;
    if (/^[;)]$/.test(delimiter)) return false;
    const isMatched = this.last === '=~' || this.last === '!~';
    if ((delimiter === ',' || delimiter === '=') && !isMatched && (gap !== '' || !/^(?:qw|qr|tr|m)$/.test(word)))
      return false;
    const at = after + gap.length;
    switch (word) {
      case 'q':
        this.quote('single', start, at);
        break;
      case 'qq':
        this.quote('double', start, at);
        break;
      case 'qw':
        this.quote('words', start, at);
        break;
      case 'qx':
        this.quote(delimiter === "'" ? 'fixed' : 'command', start, at);
        break;
      case 'm':
      case 'qr':
        this.pattern(start, at, delimiter === "'" ? 'fixed' : 'pattern');
        break;
      case 's':
        this.substitution(start, at, delimiter);
        break;
      default:
        this.transliteration(start, at, delimiter);
    }
    return true;
  }

  private add(kind: QuoteKind, start: number, textStart: number, textEnd: number, open: string, close: string): void {
    const isPipe = this.sawOpen && /^\s*\||\|\s*$/.test(this.text.slice(textStart, textEnd));
    const called = this.last === '(' ? this.lastButOne : this.last;
    const end = textEnd + close.length;
    const isAlone = shellWords.has(called) && !/^\s*,/.test(this.text.slice(end, end + 80));
    const next = /^\s*,/.test(this.text.slice(end, end + 80));
    // `open` with a mode and one more argument gives that to a shell.
    const isShell = kind === 'command' || isPipe || isAlone || (this.sawPipeMode && !next);
    this.sawPipeMode = this.sawOpen && /^\s*(?:-\||\|-)\s*$/.test(this.text.slice(textStart, textEnd));
    this.quoted.push({
      // Text that becomes a program may put the path between quotes of its own.
      kind: this.last === 'eval' ? 'fixed' : kind,
      ...{ start, textStart, textEnd, end, open, close },
      reader: isShell ? 'shell' : /^s?printf$/.test(called) ? 'format' : 'none',
    });
  }

  private delimited(at: number): Delimited {
    const found = delimitedAt(this.text, at);
    // The bodies of here-documents would begin inside.
    if (found === undefined || (this.documents.length > 0 && this.text.slice(at, found.end).includes('\n'))) {
      throw new Lost();
    }
    return found;
  }

  private quote(kind: QuoteKind, start: number, at: number): void {
    const { close, end } = this.delimited(at);
    this.add(kind, start, at + 1, end - 1, this.text[at] as string, close);
    this.at = end;
    this.token('"', 'operator');
  }

  private flags(from: number): string {
    this.at = from;
    const flags = this.match(/[a-zA-Z]*/y) as string;
    this.at += flags.length;
    this.token('/', 'operator');
    return flags;
  }

  private pattern(start: number, at: number, kind: QuoteKind): void {
    this.quote(kind, start, at);
    this.flags(this.at);
  }

  private substitution(start: number, at: number, delimiter: string): void {
    const first = this.delimited(at);
    const second = secondHalf(this.text, first.end, delimiter);
    const { close, end } = this.delimited(second);
    const plain = delimiter !== "'";
    this.add(plain ? 'pattern' : 'fixed', start, at + 1, first.end - 1, delimiter, first.close);
    const from = this.quoted.length;
    const open = this.text[second] as string;
    this.add(plain && open !== "'" ? 'double' : 'fixed', second, second + 1, end - 1, open, close);
    const flags = this.flags(end);
    if (flags.includes('e')) this.quoted[from] = { ...(this.quoted[from] as Quoted), kind: 'fixed' };
  }

  private transliteration(start: number, at: number, delimiter: string): void {
    const first = this.delimited(at);
    const second = secondHalf(this.text, first.end, delimiter);
    const { close, end } = this.delimited(second);
    this.add('fixed', start, at + 1, end - 1, delimiter, close);
    this.flags(end);
  }
}

/** @param text the file, one character a byte. Gives undefined when the lexer has lost its way. */
export function lexPerl(text: string): Lexed | undefined {
  try {
    return new Lexer(text).run();
  } catch (error) {
    if (error instanceof Lost) return undefined;
    throw error;
  }
}
