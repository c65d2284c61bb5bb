/**
 * A recursive descent parser for Nix. It accepts what `nix-instantiate --parse` accepts (scoping rules aside: unknown
 * variables and attributes defined twice are no concern of the syntax) and the pipe operators of newer versions, and
 * goes on behind an error, so that the rest of a broken file can still be looked at.
 *
 * Grammar: `src/libexpr/parser.y` and `lexer.l` of Nix.
 */

import { pathRest, pathRun } from './lexer.ts';
import { HAS_LEVEL, NEGATE_LEVEL, NOT_LEVEL, OPERATORS } from './operators.ts';
import { indentedOpening, nextInIndented, nextInString } from './strings.ts';
import { TokenReader } from './token-reader.ts';
import type {
  Antiquotation,
  AttributeName,
  Binding,
  Expression,
  Formal,
  Inherit,
  Name,
  NixFile,
  Part,
  PathLiteral,
  StringLiteral,
} from './tree.ts';

/** Expressions inside each other, before a file is given up: deeper ones come from no person's hand. */
const MAX_DEPTH = 1500;

class TooDeep extends Error {}

class Parser extends TokenReader {
  #depth = 0;

  file(): NixFile {
    let expression: Expression;
    try {
      if (this.text.charCodeAt(0) === 0xef && this.text.startsWith('\xef\xbb\xbf')) this.fail('a byte order mark', 0);
      this.lexer.next();
      expression = this.expression();
      if (this.lexer.kind !== 'end') this.unexpected('the end of the file');
    } catch (error) {
      if (!(error instanceof TooDeep)) throw error;
      expression = { kind: 'error', start: 0, end: this.text.length };
      this.fail('nested too deeply to be read', this.lexer.start);
    }
    if (this.lexer.openComment !== undefined) this.fail('a comment has no end', this.lexer.openComment);
    return { expression, errors: this.errors, comments: this.lexer.comments };
  }

  expression(): Expression {
    if (++this.#depth > MAX_DEPTH) throw new TooDeep();
    const expression = this.#function();
    this.#depth--;
    return expression;
  }

  #function(): Expression {
    const { lexer, text } = this;
    const { start } = lexer;
    switch (lexer.symbol) {
      case 'assert':
      case 'with': {
        const kind = lexer.symbol as 'assert' | 'with';
        lexer.next();
        const subject = this.expression();
        this.expect(';');
        const body = this.expression();
        return { kind, start, end: body.end, subject, body };
      }
      case 'if': {
        lexer.next();
        const condition = this.expression();
        this.expect('then');
        const consequence = this.expression();
        this.expect('else');
        const alternative = this.expression();
        return { kind: 'if', start, end: alternative.end, condition, consequence, alternative };
      }
      case 'let':
        return this.#let(true);
      case '{':
        return this.#startsFormals() ? this.#lambdaWithFormals(start, undefined) : this.#operation(0);
    }
    if (lexer.kind === 'name') {
      const { end } = lexer;
      const after = text.charCodeAt(end);
      // Nearly every name is followed by something else; only these are looked at again.
      if (
        after === 0x3a ||
        after === 0x40 ||
        after === 0x20 ||
        after === 0x0a ||
        after === 0x09 ||
        after === 0x0d ||
        after === 0x23 ||
        after === 0x2f
      ) {
        const next = this.peek(end);
        if (next === ':' || next === '@') {
          const name = text.slice(start, end);
          lexer.next();
          lexer.next();
          if (next === '@') return this.#lambdaWithFormals(start, name);
          const body = this.expression();
          return { kind: 'lambda', start, end: body.end, argument: name, formals: undefined, body };
        }
      }
    }
    return this.#operation(0);
  }

  /** Whether the brace begins a function's formals, not a set. */
  #startsFormals(): boolean {
    const { end } = this.lexer;
    const first = this.peek(end);
    if (first === '...') return true;
    if (first === '}') return [':', '@'].includes(this.peek(end, 2));
    if (first !== 'name') return false;
    const second = this.peek(end, 2);
    return second === ',' || second === '?' || (second === '}' && [':', '@'].includes(this.peek(end, 3)));
  }

  #lambdaWithFormals(start: number, argumentBefore: string | undefined): Expression {
    const { lexer } = this;
    let argument = argumentBefore;
    const formals: Formal[] = [];
    this.expect('{');
    while (lexer.kind === 'name' || this.is('...')) {
      if (this.take('...')) break;
      const from = lexer.start;
      const name = this.text.slice(from, lexer.end);
      let end = lexer.end;
      lexer.next();
      let fallback: Expression | undefined;
      if (this.take('?')) {
        fallback = this.expression();
        end = fallback.end;
      }
      formals.push({ start: from, end, name, fallback });
      if (!this.take(',')) break;
    }
    this.expect('}');
    if (argument === undefined && this.take('@')) {
      if (lexer.kind === 'name') {
        argument = this.text.slice(lexer.start, lexer.end);
        lexer.next();
      } else this.unexpected('a name');
    }
    this.expect(':');
    const body = this.expression();
    return { kind: 'lambda', start, end: body.end, argument, formals, body };
  }

  /** `let ... in e`, or the old `let { ... }`, which alone may be an operand. */
  #let(withBody: boolean): Expression {
    const { lexer } = this;
    const { start } = lexer;
    lexer.next();
    if (this.is('{')) {
      if (withBody) {
        // Other operators and arguments may follow a set.
        lexer.seek(start);
        return this.#operation(0);
      }
      lexer.next();
      const bindings = this.#bindings('}', true);
      const end = lexer.end;
      this.expect('}');
      return { kind: 'let', start, end, bindings, body: undefined };
    }
    if (!withBody) this.unexpected("'{'");
    const bindings = this.#bindings('in', false);
    this.expect('in');
    const body = this.expression();
    return { kind: 'let', start, end: body.end, bindings, body };
  }

  #operation(least: number): Expression {
    if (++this.#depth > MAX_DEPTH) throw new TooDeep();
    let left = this.#operand();
    let unchained: number | undefined;
    for (;;) {
      const { symbol } = this.lexer;
      if (symbol === '?') {
        if (HAS_LEVEL < least) break;
        this.lexer.next();
        const path = this.#attributePath();
        left = { kind: 'has', start: left.start, end: this.endBefore(left.start), subject: left, path };
        continue;
      }
      const operator = symbol === '' ? undefined : OPERATORS.get(symbol);
      if (operator === undefined || operator.level < least) break;
      if (operator.level === unchained) {
        this.fail(`'${symbol}' cannot be chained`, this.lexer.start);
      }
      unchained = operator.side === 'none' ? operator.level : undefined;
      this.lexer.next();
      const right = this.#operation(operator.side === 'right' ? operator.level : operator.level + 1);
      left = { kind: 'binary', start: left.start, end: right.end, operator: symbol, left, right };
    }
    this.#depth--;
    return left;
  }

  #operand(): Expression {
    const { start, symbol } = this.lexer;
    if (symbol !== '!' && symbol !== '-') return this.#application();
    this.lexer.next();
    const operand = this.#operation(symbol === '!' ? NOT_LEVEL : NEGATE_LEVEL);
    return { kind: 'unary', start, end: operand.end, operator: symbol, operand };
  }

  /** Whether an operand begins here. */
  #startsSimple(): boolean {
    const { kind, symbol } = this.lexer;
    if (kind === 'symbol') {
      return symbol === '"' || symbol === "''" || symbol === '(' || symbol === '{' || symbol === '[';
    }
    if (kind === 'keyword') return symbol === 'rec' || symbol === 'let';
    return kind !== 'end';
  }

  #application(): Expression {
    if (!this.#startsSimple()) {
      const { start } = this.lexer;
      this.unexpected('an expression');
      return { kind: 'error', start, end: start };
    }
    let callee = this.#select();
    while (this.#startsSimple()) {
      const argument = this.#select();
      callee = { kind: 'apply', start: callee.start, end: argument.end, callee, argument };
    }
    return callee;
  }

  #select(): Expression {
    if (++this.#depth > MAX_DEPTH) throw new TooDeep();
    const expression = this.#selection();
    this.#depth--;
    return expression;
  }

  #selection(): Expression {
    const subject = this.#simple();
    const { start } = subject;
    if (this.take('.')) {
      const path = this.#attributePath();
      const end = this.endBefore(start);
      if (!this.take('or')) return { kind: 'select', start, end, subject, path, fallback: undefined };
      const fallback = this.#startsSimple() ? this.#select() : this.#application();
      return { kind: 'select', start, end: fallback.end, subject, path, fallback };
    }
    // `or` was a name once: `map or [ ]` still means something.
    if (this.is('or')) {
      const { start: from, end } = this.lexer;
      this.lexer.next();
      return { kind: 'apply', start, end, callee: subject, argument: { kind: 'name', start: from, end, name: 'or' } };
    }
    return subject;
  }

  #simple(): Expression {
    const { lexer } = this;
    const { start, end, kind } = lexer;
    switch (kind) {
      case 'name': {
        lexer.next();
        return { kind, start, end, name: this.text.slice(start, end) };
      }
      case 'integer':
      case 'float':
      case 'uri':
      case 'search-path':
        lexer.next();
        return { kind, start, end };
      case 'path':
        return this.#path();
    }
    switch (lexer.symbol) {
      case '"':
      case "''":
        return this.#string();
      case '(': {
        lexer.next();
        const expression = this.expression();
        if (!this.expect(')')) this.#skipTo(')');
        return expression;
      }
      case 'let':
        return this.#let(false);
      case 'rec':
      case '{': {
        const recursive = this.take('rec');
        this.expect('{');
        const bindings = this.#bindings('}', true);
        const close = lexer.end;
        this.expect('}');
        return { kind: 'set', start, end: Math.max(start, close), recursive, bindings };
      }
    }
    return this.#list();
  }

  #list(): Expression {
    const { lexer } = this;
    const { start } = lexer;
    this.expect('[');
    const elements: Expression[] = [];
    for (;;) {
      if (this.#startsSimple()) elements.push(this.#select());
      else if (this.is(']') || lexer.kind === 'end' || this.is(';') || this.is('}') || this.is(')')) break;
      else {
        this.unexpected("']'");
        lexer.next();
      }
    }
    const { end } = lexer;
    this.expect(']');
    return { kind: 'list', start, end, elements };
  }

  #bindings(close: string, dynamic: boolean): (Binding | Inherit)[] {
    const { lexer } = this;
    const bindings: (Binding | Inherit)[] = [];
    while (!this.is(close) && lexer.kind !== 'end') {
      const { start } = lexer;
      if (this.is('inherit')) {
        bindings.push(this.#inherit());
      } else {
        const path = this.#attributePath();
        if (!dynamic && isComputed(path[0])) this.fail('a name in let cannot be computed', start);
        if (this.expect('=')) {
          const value = this.expression();
          bindings.push({ kind: 'binding', start, end: value.end, path, value });
        }
      }
      if (this.take(';')) continue;
      this.unexpected("';'");
      if (this.is(close)) break;
      // Goes on with the next binding; something is always taken, so that this ends.
      if (lexer.start === start) lexer.next();
      if (!this.#skipTo(';')) break;
    }
    return bindings;
  }

  /** Goes behind the next symbol of its kind; false at a closing bracket or the end, which are left. */
  #skipTo(symbol: string): boolean {
    const { lexer } = this;
    let open = 0;
    for (; lexer.kind !== 'end'; lexer.next()) {
      if (open === 0 && this.take(symbol)) return true;
      if (this.is('{') || this.is('(') || this.is('[') || this.is('${')) open++;
      else if (this.is('}') || this.is(')') || this.is(']')) {
        if (open === 0) return false;
        open--;
      } else if (this.is('"') || this.is("''")) {
        this.#string();
        lexer.seek(this.endBefore(0));
      }
    }
    return false;
  }

  #inherit(): Inherit {
    const { lexer } = this;
    const { start } = lexer;
    lexer.next();
    let from: Expression | undefined;
    if (this.take('(')) {
      from = this.expression();
      this.expect(')');
    }
    const names: AttributeName[] = [];
    while (lexer.kind === 'name' || this.is('or') || this.is('"') || this.is('${')) {
      const name = this.#attribute();
      if (isComputed(name)) this.fail('a name in inherit cannot be computed', name.start);
      names.push(name);
    }
    return { kind: 'inherit', start, end: lexer.start, from, names };
  }

  #attributePath(): AttributeName[] {
    const path = [this.#attribute()];
    while (this.take('.')) path.push(this.#attribute());
    return path;
  }

  #attribute(): AttributeName {
    const { lexer } = this;
    const { start, end } = lexer;
    if (lexer.kind === 'name' || this.is('or')) {
      lexer.next();
      return { kind: 'name', start, end, name: this.text.slice(start, end) } satisfies Name;
    }
    if (this.is('"')) return this.#string();
    if (this.is('${')) {
      const name = this.#antiquotation(start);
      lexer.seek(name.end);
      return name;
    }
    this.unexpected('a name');
    return { kind: 'name', start, end: start, name: '' };
  }

  /** `${...}`; the lexer stays at the closing brace, since a string's text may follow. */
  #antiquotation(start: number): Antiquotation {
    const { lexer } = this;
    lexer.seek(start + 2);
    const expression = this.expression();
    if (!this.is('}')) {
      this.unexpected("'}'");
      this.#skipTo('}');
      return { kind: 'antiquotation', start, end: Math.max(start + 2, this.endBefore(start)), expression };
    }
    return { kind: 'antiquotation', start, end: lexer.end, expression };
  }

  #string(): StringLiteral {
    const { lexer, text } = this;
    const { start } = lexer;
    const indented = this.is("''");
    const next = indented ? nextInIndented : nextInString;
    const parts: Part[] = [];
    let at = indented ? indentedOpening(text, start) : start + 1;
    for (;;) {
      const piece = next(text, at);
      at = piece.end;
      if (piece.kind === 'close') {
        if (piece.end === piece.start) this.fail('a string has no end', start);
        break;
      }
      if (piece.kind === 'open') {
        const part = this.#antiquotation(piece.start);
        at = part.end;
        parts.push(part);
      } else parts.push(piece as Part);
    }
    lexer.seek(at);
    return { kind: 'string', start, end: at, indented, parts };
  }

  #path(): PathLiteral {
    const { lexer, text } = this;
    const { start } = lexer;
    const parts: Part[] = [{ kind: 'text', start, end: lexer.end }];
    let at = lexer.end;
    for (;;) {
      if (text.startsWith('${', at)) {
        const part = this.#antiquotation(at);
        at = part.end;
        parts.push(part);
        continue;
      }
      const run = pathRun(text, at);
      const end = text[run] === '/' ? pathRest(text, run) : run;
      if (end === at) break;
      parts.push({ kind: 'text', start: at, end });
      at = end;
    }
    if (parts.at(-1)?.kind === 'text' && text[at - 1] === '/') this.fail('a path ends with a slash', at - 1);
    lexer.seek(at);
    return { kind: 'path', start, end: at, parts };
  }
}

/** Whether a name is known only by evaluation. */
function isComputed(name: AttributeName | undefined): boolean {
  if (name === undefined || name.kind === 'name') return false;
  return !isPlainString(name.kind === 'string' ? name : name.expression);
}

/** A URI is a string without quotes. */
function isPlainString(expression: Expression): boolean {
  if (expression.kind === 'uri') return true;
  if (expression.kind !== 'string') return false;
  // Nix joins the pieces of indented strings only when it evaluates.
  if (expression.indented && expression.parts.length > 1) return false;
  return expression.parts.every(({ kind }) => kind === 'text');
}

/**
 * Reads a Nix file. Never throws on any text; what is wrong stands in `errors`.
 *
 * @param text latin1: one character a byte.
 */
export function parseNix(text: string): NixFile {
  return new Parser(text).file();
}
