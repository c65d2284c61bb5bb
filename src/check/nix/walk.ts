/** Goes through a Nix expression and tells for each string where it stands: under which attribute, in which call. */

import {
  type AttributeName,
  type Binding,
  type Expression,
  type Inherit,
  type StringLiteral,
  staticName,
} from '../../syntax/nix/tree.ts';
import { type Scope, scopeOfBindings, scopeOfLambda } from './scope.ts';

/** A call with all its arguments, as `runCommand "x" { } ''...''`. */
export interface Call {
  /** The last name of what is called: `writeText` of `pkgs.writeText`. */
  readonly name: string;
  readonly arguments: readonly Expression[];
  readonly start: number;
  readonly end: number;
}

export interface Place {
  readonly scope: Scope;
  /** The nearest attribute's name. */
  readonly attribute: string | undefined;
  /** All attribute names from the outside in, joined by dots. */
  readonly trail: string;
  /** The nearest binding's first byte. */
  readonly statement: number;
  /** The call whose argument this is, and which one; calls that only hand their argument through do not count. */
  readonly call: Call | undefined;
  readonly position: number;
}

/** Outside of everything. */
export const TOP: Place = {
  scope: { names: new Map(), parent: undefined },
  attribute: undefined,
  trail: '',
  statement: 0,
  call: undefined,
  position: 0,
};

export interface Visitor {
  /** A string, or the operands of a sum with strings in it. */
  text(operands: readonly Expression[], place: Place): void;
  /** A name, a selection or a call where a text may stand as well. */
  value(node: Expression, place: Place): void;
  call(call: Call, place: Place): void;
  /** Each attribute's range. */
  binding(binding: Binding, trail: string): void;
}

/** Functions whose result is, or holds, one of their arguments. */
const TRANSPARENT =
  /^(?:optional(?:s|String|Attrs)?|concat(?:Map)?(?:StringsSep|Strings|Lists|Map)?|concatStringsSep|concatMapStringsSep|map|mkIf|mkDefault|mkForce|mkBefore|mkAfter|mkMerge|toString|escapeShellArgs?|trim|flatten|singleton|remove|filter|toList|unwords|unlines|intersperse|imap[01]|mapAttrsToList|attrValues|optionalDrvAttr|withFeatureAs|enableFeatureAs|foldl'|foldr|genList|forEach|replaceStrings|stringAsChars|removePrefix|removeSuffix)$/;

/** The last name of an expression that is a name or a selection. */
export function lastName(expression: Expression, text: string): string | undefined {
  if (expression.kind === 'name') return expression.name;
  if (expression.kind !== 'select') return undefined;
  const last = expression.path.at(-1);
  return last && staticName(last, text);
}

/** A call's callee and arguments, out of the applications that it is made of. */
export function callOf(
  expression: Expression & { readonly kind: 'apply' },
  text: string,
): Call & { callee: Expression } {
  const args: Expression[] = [];
  let callee: Expression = expression;
  while (callee.kind === 'apply') {
    args.push(callee.argument);
    callee = callee.callee;
  }
  const { start, end } = expression;
  return { name: lastName(callee, text) ?? '', arguments: args.reverse(), start, end, callee };
}

/** The function that a file is: of two in a row (`lib: { stdenv }: ...`) the one with formals. */
function outermostFunction(root: Expression): Expression {
  let node = root;
  for (;;) {
    if (node.kind === 'with' || node.kind === 'assert') node = node.body;
    else if (node.kind === 'let' && node.body !== undefined) node = node.body;
    else if (node.kind === 'lambda' && node.formals === undefined) node = node.body;
    else return node;
  }
}

/** What stands there is not what the attribute or the argument is made of. */
function aside(place: Place): Place {
  return { ...place, call: undefined, attribute: undefined };
}

export function walkNix(root: Expression, text: string, visitor: Visitor): void {
  const outermost = outermostFunction(root);
  const names = (path: readonly AttributeName[], place: Place) => {
    for (const name of path) if (name.kind !== 'name') visit(name.kind === 'string' ? name : name.expression, place);
  };
  const bindings = (all: readonly (Binding | Inherit)[], place: Place, outer: Place) => {
    for (const binding of all) {
      if (binding.kind === 'inherit') {
        if (binding.from !== undefined) visit(binding.from, outer);
        continue;
      }
      names(binding.path, outer);
      const own = binding.path.map((name) => staticName(name, text) ?? '*');
      const trail = place.trail === '' ? own.join('.') : `${place.trail}.${own.join('.')}`;
      visitor.binding(binding, trail);
      visit(binding.value, { ...place, attribute: own.at(-1), trail, statement: binding.start });
    }
  };
  const visit = (node: Expression | undefined, place: Place): void => {
    switch (node?.kind) {
      case 'string':
        visitor.text([node], place);
        parts(node.parts, place);
        return;
      case 'name':
        visitor.value(node, place);
        return;
      case 'path':
        parts(node.parts, place);
        return;
      case 'list':
        for (const element of node.elements) visit(element, place);
        return;
      case 'set':
        bindings(
          node.bindings,
          node.recursive ? { ...place, scope: scopeOfBindings(node.bindings, text, place.scope) } : place,
          place,
        );
        return;
      case 'let': {
        const inner = { ...place, scope: scopeOfBindings(node.bindings, text, place.scope) };
        bindings(node.bindings, aside(inner), inner);
        visit(node.body, inner);
        return;
      }
      case 'lambda': {
        const inner = { ...place, scope: scopeOfLambda(node, place.scope, node === outermost) };
        for (const { fallback } of node.formals ?? []) visit(fallback, inner);
        visit(node.body, inner);
        return;
      }
      case 'with':
      case 'assert':
        visit(node.subject, aside(place));
        visit(node.body, place);
        return;
      case 'if':
        visit(node.condition, aside(place));
        visit(node.consequence, place);
        visit(node.alternative, place);
        return;
      case 'apply':
        // What a transparent function is given is looked at by itself.
        if (!TRANSPARENT.test(callOf(node, text).name)) visitor.value(node, place);
        application(node, place);
        return;
      case 'select':
        visitor.value(node, place);
        visit(node.subject, aside(place));
        names(node.path, aside(place));
        visit(node.fallback, place);
        return;
      case 'has':
        visit(node.subject, aside(place));
        names(node.path, aside(place));
        return;
      case 'unary':
        visit(node.operand, place);
        return;
      case 'binary': {
        // Sums and the like are nested to the left, as deep as they are long.
        const operands: Expression[] = [];
        let isText = false;
        let onlySums = true;
        let left: Expression = node;
        while (left.kind === 'binary') {
          onlySums &&= left.operator === '+';
          isText ||= left.right.kind === 'string';
          operands.push(left.right);
          left = left.left;
        }
        operands.push(left);
        operands.reverse();
        isText = onlySums && (isText || left.kind === 'string');
        if (isText) visitor.text(operands, place);
        for (const operand of operands) {
          if (!isText) visit(operand, place);
          else if (operand.kind === 'string') parts(operand.parts, place);
          else if (operand.kind === 'apply') application(operand, place);
          else if (operand.kind !== 'name' && operand.kind !== 'select') visit(operand, place);
        }
        return;
      }
    }
  };
  const application = (node: Expression & { readonly kind: 'apply' }, place: Place): void => {
    const call = callOf(node, text);
    visitor.call(call, place);
    visit(call.callee, aside(place));
    const transparent = TRANSPARENT.test(call.name);
    for (const [position, argument] of call.arguments.entries()) {
      visit(argument, transparent ? place : { ...place, call, position, attribute: undefined });
    }
  };
  const parts = (all: StringLiteral['parts'], place: Place) => {
    const inside = aside(place);
    for (const part of all) {
      if (part.kind !== 'antiquotation') continue;
      // A text inside a text, as in `''a ${optionalString b ''c''}''`, is still what the outer one is.
      const { expression } = part;
      const isText = expression.kind === 'apply' && TRANSPARENT.test(callOf(expression, text).name);
      visit(expression, isText ? place : inside);
    }
  };
  visit(root, TOP);
}
