/** What names stand for, as far as a file tells without evaluation. */

import { type Binding, type Expression, type Inherit, type Lambda, staticName } from '../../syntax/nix/tree.ts';

/** A formal of a function such as a package (`{ stdenv, zlib }:`), the plain argument of one, or what is inherited. */
export type Meaning = 'formal' | 'argument' | 'inherited' | { readonly value: Expression; readonly scope: Scope };

export interface Scope {
  readonly names: ReadonlyMap<string, Meaning>;
  readonly parent: Scope | undefined;
}

export function scopeOfBindings(bindings: readonly (Binding | Inherit)[], text: string, parent: Scope): Scope {
  const names = new Map<string, Meaning>();
  const scope: Scope = { names, parent };
  for (const binding of bindings) {
    if (binding.kind === 'inherit') {
      // `inherit x;` adds nothing to what the outer scope says.
      if (binding.from === undefined) continue;
      for (const name of binding.names) names.set(staticName(name, text) ?? '', 'inherited');
    } else if (binding.path.length === 1 && binding.path[0] !== undefined) {
      names.set(staticName(binding.path[0], text) ?? '', { value: binding.value, scope });
    }
  }
  return scope;
}

/**
 * @param isPackage whether the function is the file's own: its formals are packages, as `callPackage` gives them. Those
 *   of other functions may be anything.
 */
export function scopeOfLambda({ argument, formals }: Lambda, parent: Scope, isPackage: boolean): Scope {
  const names = new Map<string, Meaning>();
  if (argument !== undefined) names.set(argument, 'argument');
  const scope: Scope = { names, parent };
  for (const { name, fallback } of formals ?? []) {
    // What is a text where nothing is given is a text where something is.
    names.set(name, fallback?.kind === 'string' ? { value: fallback, scope } : isPackage ? 'formal' : 'argument');
  }
  return scope;
}

export function meaningOf(name: string, scope: Scope): Meaning | undefined {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const meaning = at.names.get(name);
    if (meaning !== undefined) return meaning;
  }
  return undefined;
}
