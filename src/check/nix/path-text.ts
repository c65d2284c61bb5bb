/** Store paths in texts with placeholders: antiquotations at the beginning of a path, and the build's own outputs. */

import { PLACEHOLDER, type StringText } from '../../syntax/nix/string-text.ts';
import type { Antiquotation } from '../../syntax/nix/tree.ts';
import type { Scope } from './scope.ts';
import { isOwnOutput, storeValue } from './store-value.ts';

export interface PathUse {
  readonly kind: 'antiquotation' | 'own';
  /** In the string's text. */
  readonly at: number;
  /** Whether it is surely a store path. */
  readonly sure: boolean;
  readonly antiquotation: Antiquotation | undefined;
}

/** Shell variables that hold the build's own outputs. */
const OUTPUTS =
  'out|bin|dev|lib|doc|man|devdoc|info|static|debug|prefix|python|outputBin|outputLib|outputDev|!output[A-Z][a-z]+';
const OWN = `\\$(?:\\{(?:${OUTPUTS})\\}|(?:out|bin|dev|lib|doc|man|devdoc|info|static|debug|prefix)(?![A-Za-z0-9_]))`;
/** A path begins at the text's start or behind a character that belongs to no path. */
const BEGINNING = '(?<=^|[^\\w./$)}\\ue000-\\uf8ff-])';
const FIND = new RegExp(`${BEGINNING}(?:(${PLACEHOLDER})|(${OWN})(?=[/"':;\\s|,)]|$))`, 'g');

const STARTS_OWN = new RegExp(`^(?:${OWN})(?=/|$)`);

/** Paths of the text between two positions; the own outputs too when they are asked for. */
export function pathsIn(
  string: StringText,
  file: string,
  scope: Scope,
  own = false,
  from = 0,
  to = string.text.length,
): PathUse[] {
  const text = string.text.slice(from, to);
  const uses: PathUse[] = [];
  for (const match of text.matchAll(FIND)) {
    const at = from + match.index;
    if (match[2] !== undefined) {
      if (own) uses.push({ kind: 'own', at, sure: true, antiquotation: undefined });
      continue;
    }
    const antiquotation = string.antiquotationOf(match[1] as string);
    if (antiquotation === undefined) continue;
    if (isOwnOutput(antiquotation, file)) {
      if (own) uses.push({ kind: 'own', at, sure: true, antiquotation });
      continue;
    }
    const value = storeValue(antiquotation.expression, scope, file);
    const goesOn = text[match.index + 1] === '/';
    if (value === 'no' || (value === 'maybe' && !goesOn)) continue;
    uses.push({ kind: 'antiquotation', at, sure: value === 'yes', antiquotation });
  }
  return uses;
}

/** Whether a shell word is a path below the build's own outputs. */
export function isInOwnOutput(word: string, string: StringText, file: string): boolean {
  if (STARTS_OWN.test(word)) return true;
  const first = string.antiquotationOf(word[0] ?? '');
  return first !== undefined && isOwnOutput(first, file);
}
