/**
 * Nix expressions as plain data. Positions are half-open byte ranges of the file (texts are latin1: one character a
 * byte). A node is told by its `kind`; what could not be read is an `error` node, so a tree exists for every file.
 */

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A piece of a string's text. */
export interface TextPart extends Span {
  readonly kind: 'text';
  /** What an escape sequence stands for; undefined where the file's own characters are the text. */
  readonly escaped?: string;
}

/** `${...}`, braces included in its range. */
export interface Antiquotation extends Span {
  readonly kind: 'antiquotation';
  readonly expression: Expression;
}

export type Part = TextPart | Antiquotation;

export interface StringLiteral extends Span {
  readonly kind: 'string';
  /** `''...''`. */
  readonly indented: boolean;
  readonly parts: readonly Part[];
}

/** `./a`, `/a`, `~/a`, with or without antiquotations. */
export interface PathLiteral extends Span {
  readonly kind: 'path';
  readonly parts: readonly Part[];
}

export interface Name extends Span {
  readonly kind: 'name';
  readonly name: string;
}

/** Numbers, `<nixpkgs>` and URIs: what stands there is what it is. */
export interface Atom extends Span {
  readonly kind: 'integer' | 'float' | 'search-path' | 'uri';
}

/** What an attribute is called: a name, a string, or `${...}`. */
export type AttributeName = Name | StringLiteral | Antiquotation;

export interface Binding extends Span {
  readonly kind: 'binding';
  readonly path: readonly AttributeName[];
  readonly value: Expression;
}

export interface Inherit extends Span {
  readonly kind: 'inherit';
  readonly from: Expression | undefined;
  readonly names: readonly AttributeName[];
}

export interface AttributeSet extends Span {
  readonly kind: 'set';
  readonly recursive: boolean;
  readonly bindings: readonly (Binding | Inherit)[];
}

export interface Formal extends Span {
  readonly name: string;
  readonly fallback: Expression | undefined;
}

export interface Lambda extends Span {
  readonly kind: 'lambda';
  /** The name of the whole argument, as in `x: ...` and `{ ... } @ x: ...`. */
  readonly argument: string | undefined;
  /** Undefined for `x: ...`. */
  readonly formals: readonly Formal[] | undefined;
  readonly body: Expression;
}

export type Expression =
  | StringLiteral
  | PathLiteral
  | Name
  | Atom
  | AttributeSet
  | Lambda
  | (Span & { readonly kind: 'list'; readonly elements: readonly Expression[] })
  | (Span & {
      readonly kind: 'let';
      readonly bindings: readonly (Binding | Inherit)[];
      /** Undefined for the old form `let { body = ...; }`. */
      readonly body: Expression | undefined;
    })
  | (Span & { readonly kind: 'with' | 'assert'; readonly subject: Expression; readonly body: Expression })
  | (Span & {
      readonly kind: 'if';
      readonly condition: Expression;
      readonly consequence: Expression;
      readonly alternative: Expression;
    })
  | (Span & { readonly kind: 'apply'; readonly callee: Expression; readonly argument: Expression })
  | (Span & {
      readonly kind: 'select';
      readonly subject: Expression;
      readonly path: readonly AttributeName[];
      readonly fallback: Expression | undefined;
    })
  | (Span & { readonly kind: 'has'; readonly subject: Expression; readonly path: readonly AttributeName[] })
  | (Span & { readonly kind: 'unary'; readonly operator: '!' | '-'; readonly operand: Expression })
  | (Span & {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    })
  | (Span & { readonly kind: 'error' });

export interface NixError {
  /** Byte offset. */
  readonly offset: number;
  readonly message: string;
}

export interface NixFile {
  readonly expression: Expression;
  readonly errors: readonly NixError[];
  /** Comments, in order. */
  readonly comments: readonly Span[];
}

/** The name of an attribute where it is known without evaluation. `text` is the file. */
export function staticName(name: AttributeName, text: string): string | undefined {
  if (name.kind === 'name') return name.name;
  if (name.kind === 'antiquotation') {
    const { expression } = name;
    if (expression.kind === 'uri') return text.slice(expression.start, expression.end);
    return expression.kind === 'string' ? staticText(expression, text) : undefined;
  }
  return staticText(name, text);
}

/** The text of a string without antiquotations (indentation not stripped); undefined when it has some. */
export function staticText({ parts }: StringLiteral | PathLiteral, text: string): string | undefined {
  let value = '';
  for (const part of parts) {
    if (part.kind === 'antiquotation') return undefined;
    value += part.escaped ?? text.slice(part.start, part.end);
  }
  return value;
}
