/** Store paths in texts with placeholders: antiquotations at the beginning of a path, and the build's own outputs. */

import { PLACEHOLDER, type StringText } from '../../syntax/nix/string-text.ts';
import type { Scope } from './scope.ts';
import type { SourceFile } from './source-file.ts';
import { isOwnOutput, isPackageName, storeValue } from './store-value.ts';

/** What a shell variable holds: a path in an own output, or another store path. */
export type Held = 'own' | 'store';

export interface PathUse {
  readonly kind: Held;
  /** In the string's text. */
  readonly at: number;
  /** Whether it is surely a store path. */
  readonly sure: boolean;
}

export interface PathQuery {
  readonly string: StringText;
  readonly file: SourceFile;
  readonly scope: Scope;
  /** Shell variables assigned in the text, as far as it was read. */
  readonly variables: ReadonlyMap<string, Held>;
}

/**
 * A path begins at the text's start, behind a character that belongs to no path, behind a flag such as `-L`, or in a
 * `file:` URL.
 */
const BEGINNING = '(?<=^|[^\\w./$)}\\ue000-\\uf8ff-]|(?<![\\w./$)}-])-[LIBF]|\\bfile://)';
const VARIABLE = '(?<!\\\\)\\$(?:\\{!?(\\w+)\\}|(\\w+))';
const FIND = new RegExp(`${BEGINNING}(?:(${PLACEHOLDER})|${VARIABLE}(?=[/"':;\\s|,)\\\\#@!]|$))`, 'g');
const VARIABLE_AT_START = new RegExp(`^${VARIABLE}(?=/|$)`);

/** What each text says of its variables; texts are asked again and again. */
const known = new WeakMap<StringText, Map<string, boolean>>();

/** Whether a variable of that name holds an output here: the package has that output, and the text does not assign it. */
function holdsOutput(name: string, { string, file }: PathQuery): boolean {
  // `${!outputLib}`.
  if (/^output[A-Z][a-z]+$/.test(name)) return true;
  if (!file.outputs.has(name)) return false;
  let names = known.get(string);
  if (names === undefined) {
    names = new Map();
    known.set(string, names);
  }
  let holds = names.get(name);
  if (holds === undefined) {
    const assigned = new RegExp(
      `(?:^|[\\s;&|(])(?:${name}\\+?=|(?:for|select)\\s+${name}\\s+in\\b|(?:read|mapfile|readarray)\\s[^;\\n"']*\\b${name}\\b)`,
    );
    holds = !assigned.test(string.text);
    names.set(name, holds);
  }
  return holds;
}

function heldBy(variable: string, name: string, query: PathQuery): { held: Held; sure: boolean } | undefined {
  const indirect = variable.startsWith('${!');
  // `${!name}` is the value of the variable that `name` names: only the standard environment's own are known.
  if (indirect !== /^output[A-Z]/.test(name)) return undefined;
  if (holdsOutput(name, query)) return { held: 'own', sure: true };
  const held = indirect ? undefined : query.variables.get(name);
  return held === undefined ? undefined : { held, sure: false };
}

/** Paths of the text between two positions; the own outputs too when they are asked for. */
export function pathsIn(query: PathQuery, own = false, from = 0, to = query.string.text.length): PathUse[] {
  const { string, file, scope } = query;
  const text = string.text.slice(from, to);
  const uses: PathUse[] = [];
  for (const match of text.matchAll(FIND)) {
    const at = from + match.index;
    if (match[1] === undefined) {
      const found = heldBy(match[0], (match[2] ?? match[3]) as string, query);
      if (found !== undefined && (own || found.held === 'store')) uses.push({ kind: found.held, at, sure: found.sure });
      continue;
    }
    const antiquotation = string.antiquotationOf(match[1]);
    if (antiquotation === undefined) continue;
    if (isOwnOutput(antiquotation, file.text)) {
      if (own) uses.push({ kind: 'own', at, sure: true });
      continue;
    }
    const value = storeValue(antiquotation.expression, scope, file.text);
    if (value === 'own') {
      if (own) uses.push({ kind: 'own', at, sure: true });
      continue;
    }
    const goesOn = text[match.index + 1] === '/' || isPackageName(antiquotation.expression, file.text);
    if (value === 'no' || (value === 'maybe' && !goesOn)) continue;
    uses.push({ kind: 'store', at, sure: value === 'yes' });
  }
  return uses;
}

/** What a shell word begins with, and whether that is sure: what a variable holds may depend on the way there. */
export function heldAtStart(word: string, query: PathQuery): { held: Held; sure: boolean } | undefined {
  const variable = VARIABLE_AT_START.exec(word);
  if (variable !== null) return heldBy(variable[0], (variable[1] ?? variable[2]) as string, query);
  const first = query.string.antiquotationOf(word[0] ?? '');
  if (first === undefined || !/^(?:.$|.\/)/s.test(word)) return undefined;
  if (isOwnOutput(first, query.file.text)) return { held: 'own', sure: true };
  return storeValue(first.expression, query.scope, query.file.text) === 'own' ? { held: 'own', sure: true } : undefined;
}

/** Which output a word lies in, where its beginning says so: `out` of `$out/bin`; undefined for other words. */
export function outputOf(word: string, query: PathQuery): string | undefined {
  const variable = VARIABLE_AT_START.exec(word);
  const name = variable?.[1] ?? variable?.[2];
  // `$prefix` is `$out` until something else is said.
  if (variable !== null && name !== undefined) {
    return !holdsOutput(name, query) ? undefined : name === 'prefix' ? 'out' : name;
  }
  const first = query.string.antiquotationOf(word[0] ?? '');
  return first && isOwnOutput(first, query.file.text)
    ? /placeholder\s*"(\w+)"/.exec(query.file.text.slice(first.start, first.end))?.[1]
    : undefined;
}
