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

const VARIABLE = /^\$\{?(!?\w+)/;

/** What each text says of its variables; texts are asked again and again. */
const known = new WeakMap<StringText, Map<string, boolean>>();

/** Whether a variable of that name holds an output here: the package has that output, and the text does not assign it. */
function holdsOutput(variable: string, string: StringText, file: string): boolean {
  const name = VARIABLE.exec(variable)?.[1] ?? '';
  if (/^!?output/.test(name)) return true;
  let names = known.get(string);
  if (names === undefined) {
    names = new Map();
    known.set(string, names);
  }
  let holds = names.get(name);
  if (holds === undefined) {
    const isOutput = name === 'out' || name === 'prefix' || new RegExp(`\\boutputs\\s*=[^;]*"${name}"`).test(file);
    const assigned = new RegExp(
      `(?:^|[\\s;&|(])(?:${name}\\+?=|(?:for|select)\\s+${name}\\s+in\\b|(?:read|mapfile|readarray)\\s[^;\\n"']*\\b${name}\\b)`,
    );
    holds = isOutput && !assigned.test(string.text);
    names.set(name, holds);
  }
  return holds;
}

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
      if (own && holdsOutput(match[2], string, file))
        uses.push({ kind: 'own', at, sure: true, antiquotation: undefined });
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
  if (STARTS_OWN.test(word)) return holdsOutput(word, string, file);
  const first = string.antiquotationOf(word[0] ?? '');
  return first !== undefined && isOwnOutput(first, file);
}
