/** The same facts from Nix's own parser and from ours, for comparison. */

import { spawnSync } from 'node:child_process';
import type { AttributeName, Expression, Part, StringLiteral } from '../../src/syntax/nix/tree.ts';

export interface Verdict {
  /** Undefined where Nix complains of what is no matter of the grammar, and reads no further. */
  readonly accepted: boolean | undefined;
  /** Pieces of strings, sorted, empty ones left out. */
  readonly strings?: readonly string[];
  readonly message?: string;
}

/** What Nix says that is no matter of the grammar: names that are bound nowhere or twice, numbers out of range. */
const SEMANTIC = /undefined variable|already defined|duplicate formal|invalid integer|invalid float/;

/** Asks `nix-instantiate --parse` about files: in one run where all are good, else each half anew. */
export function nixVerdicts(files: readonly string[]): Verdict[] {
  if (files.length === 0) return [];
  const result = spawnSync('nix-instantiate', ['--parse', ...files], { encoding: 'latin1', maxBuffer: 1 << 30 });
  if (result.error) throw result.error;
  const lines = result.stdout.split('\n').slice(0, -1);
  if (result.status === 0 && lines.length === files.length) {
    return lines.map((line) => ({ accepted: true, strings: stringsOfOutput(line) }));
  }
  if (files.length === 1) {
    const message = result.stderr.replaceAll(/\x1b\[[0-9;]*m/g, '');
    return [{ accepted: SEMANTIC.test(message) ? undefined : result.status === 0, message }];
  }
  const half = files.length >> 1;
  return [...nixVerdicts(files.slice(0, half)), ...nixVerdicts(files.slice(half))];
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

function stringsOfOutput(line: string): string[] {
  const strings: string[] = [];
  for (let at = 0; at < line.length; at++) {
    if (line[at] !== '"') continue;
    // Computed attribute names are printed as `"${...}"`.
    if (line.startsWith('${', at + 1) || line[at - 1] === '}') continue;
    const afterDot = line[at - 1] === '.' || line.startsWith(') ? ', at - 4);
    let value = '';
    for (at++; at < line.length && line[at] !== '"'; at++) {
      if (line[at] === '\\') {
        at++;
        value += ESCAPES[line[at] as string] ?? line[at];
      } else value += line[at];
    }
    // Attribute names are quoted where they are no names.
    const isName = afterDot || line.startsWith(' = ', at + 1) || line[at + 1] === '.';
    if (!isName) strings.push(value);
  }
  return strings.filter((text) => text !== '').sort();
}

/** The pieces of all strings that are no attribute names, as Nix keeps them; sorted, empty ones left out. */
export function stringsOfTree(expression: Expression, text: string): string[] {
  const strings: string[] = [];
  const visitParts = (parts: readonly Part[]) => {
    for (const part of parts) if (part.kind === 'antiquotation') visit(part.expression);
  };
  const visitNames = (names: readonly AttributeName[]) => {
    for (const name of names) {
      if (name.kind === 'antiquotation') {
        // `${"a"}` is a plain name.
        const { expression: named } = name;
        const plain =
          named.kind === 'uri' ||
          (named.kind === 'string' &&
            named.parts.every(({ kind }) => kind === 'text') &&
            // Nix joins the pieces of indented strings only when it evaluates.
            (!named.indented || indentedPieces(named, text).length <= 1));
        if (!plain) visit(name.expression);
      } else if (name.kind === 'string' && name.parts.some(({ kind }) => kind === 'antiquotation')) visit(name);
    }
  };
  const visit = (node: Expression | undefined): void => {
    switch (node?.kind) {
      case 'string':
        strings.push(...(node.indented ? indentedPieces(node, text) : plainPieces(node, text)));
        visitParts(node.parts);
        return;
      case 'path':
        // Nix keeps the first piece as a path, the others as strings.
        for (const [i, { kind, start, end }] of node.parts.entries()) {
          if (kind === 'text' && i > 0) strings.push(text.slice(start, end));
        }
        visitParts(node.parts);
        return;
      case 'uri':
        strings.push(text.slice(node.start, node.end));
        return;
      case 'search-path':
        // Means `__findFile __nixPath "name"`.
        strings.push(text.slice(node.start + 1, node.end - 1));
        return;
      case 'list':
        node.elements.forEach(visit);
        return;
      case 'set':
      case 'let':
        for (const binding of node.bindings) {
          if (binding.kind === 'binding') {
            visitNames(binding.path);
            visit(binding.value);
          } else if (binding.from !== undefined) {
            // Nix prints the source once for each name.
            for (const _ of binding.names) visit(binding.from);
          }
        }
        if (node.kind === 'let') visit(node.body);
        return;
      case 'lambda':
        for (const { fallback } of node.formals ?? []) visit(fallback);
        visit(node.body);
        return;
      case 'with':
      case 'assert':
        visit(node.subject);
        visit(node.body);
        return;
      case 'if':
        visit(node.condition);
        visit(node.consequence);
        visit(node.alternative);
        return;
      case 'apply':
        visit(node.callee);
        visit(node.argument);
        return;
      case 'select':
        visit(node.subject);
        visitNames(node.path);
        visit(node.fallback);
        return;
      case 'has':
        visit(node.subject);
        visitNames(node.path);
        return;
      case 'unary':
        visit(node.operand);
        return;
      case 'binary':
        visit(node.left);
        visit(node.right);
        return;
    }
  };
  visit(expression);
  return strings.filter((piece) => piece !== '').sort();
}

function plainPieces({ parts }: StringLiteral, text: string): string[] {
  const pieces = [''];
  for (const part of parts) {
    if (part.kind === 'antiquotation') pieces.push('');
    else pieces[pieces.length - 1] += part.escaped ?? text.slice(part.start, part.end).replace(/\r\n?/g, '\n');
  }
  return pieces;
}

const INDENTED_TOKEN = /(?:[^$']|\$[^{']|'[^'$])+|\$|'/y;

interface Token {
  text: string;
  /** Escapes and antiquotations end the search for indentation in their line. */
  readonly plain: boolean;
  readonly antiquotation: boolean;
}

/** Splits as Nix's scanner does and strips the indentation that all lines share. */
function indentedPieces({ parts }: StringLiteral, text: string): string[] {
  const tokens: Token[] = [];
  for (const part of parts) {
    if (part.kind === 'antiquotation') tokens.push({ text: '', plain: false, antiquotation: true });
    else if (part.escaped !== undefined) {
      // Nix marks only backslash escapes as having no indentation.
      const plain = text[part.start + 2] !== '\\';
      tokens.push({ text: part.escaped, plain, antiquotation: false });
    } else {
      INDENTED_TOKEN.lastIndex = part.start;
      while (INDENTED_TOKEN.lastIndex < part.end) {
        const found = INDENTED_TOKEN.exec(text)?.[0] ?? '';
        tokens.push({ text: found, plain: true, antiquotation: false });
      }
    }
  }
  let least = Number.POSITIVE_INFINITY;
  let atLineStart = true;
  let indent = 0;
  for (const token of tokens) {
    if (!token.plain) {
      if (atLineStart) least = Math.min(least, indent);
      atLineStart = false;
      continue;
    }
    for (const character of token.text) {
      if (atLineStart) {
        if (character === ' ') indent++;
        else if (character === '\n') indent = 0;
        else {
          atLineStart = false;
          least = Math.min(least, indent);
        }
      } else if (character === '\n') {
        atLineStart = true;
        indent = 0;
      }
    }
  }
  const pieces: string[] = [];
  let start = true;
  let dropped = 0;
  for (const [index, token] of tokens.entries()) {
    if (token.antiquotation) {
      start = false;
      dropped = 0;
      pieces.push('');
      continue;
    }
    let value = '';
    for (const character of token.text) {
      if (start) {
        if (character === ' ') {
          if (dropped++ >= least) value += character;
        } else if (character === '\n') {
          dropped = 0;
          value += character;
        } else {
          start = false;
          dropped = 0;
          value += character;
        }
      } else {
        value += character;
        if (character === '\n') start = true;
      }
    }
    // The blanks of a last line go, when the piece holds its beginning.
    if (index === tokens.length - 1) value = value.replace(/\n *$/, '\n');
    pieces.push(value);
  }
  return pieces;
}
