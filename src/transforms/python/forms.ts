/** What becomes of a source's literals, by their values: bytecode that was made from it must follow. */

import { bufferSource } from '../../store/byte-source.ts';
import { scanBytes } from '../../store/scan.ts';
import { NUKED_DIGEST, type StoreDir } from '../../store/store-path.ts';
import { LARGEST_SOURCE, type PythonReader, pythonPlaces } from '../../syntax/python/source.ts';
import { stringValue } from '../../syntax/python/string-value.ts';
import { literalEdits } from './literals.ts';
import { insertion } from './transform.ts';

/** What bytecode can do with a constant by itself; other readers of texts get the store alias there. */
const BYTECODE_READERS = ['percent-format', 'brace-format', 'pattern'] as const satisfies readonly PythonReader[];

/** `alias`: the literals of that value got the store alias, or are read in ways that bytecode does not follow. */
export type LiteralForm = 'text' | (typeof BYTECODE_READERS)[number] | 'alias';

function formFor(readers: readonly PythonReader[]): LiteralForm {
  const [reader, another] = readers;
  if (reader === undefined) return 'text';
  return another === undefined ? (BYTECODE_READERS.find((known) => known === reader) ?? 'alias') : 'alias';
}

export interface LiteralForms {
  /** By `literalKey`. */
  readonly byKey: ReadonlyMap<string, LiteralForm>;
  /** Of constants that are no literal's value, such as pieces of f-strings and what the compiler put together. */
  readonly rest: 'text' | 'alias';
}

export const noForms: LiteralForms = { byKey: new Map(), rest: 'text' };

export function literalKey(isBytes: boolean, value: string): string {
  return `${isBytes ? 'b' : ''}:${value}`;
}

/** The grammar must be loaded. */
export function literalForms(source: Buffer, dir: StoreDir): LiteralForms {
  const forms = new Map<string, LiteralForm>();
  const offsets = scanBytes(source, dir)
    .occurrences.filter(({ digest }) => digest !== NUKED_DIGEST)
    .map(({ offset }) => offset);
  if (offsets.length === 0 || source.length > LARGEST_SOURCE) return noForms;
  const text = source.toString('latin1');
  const places = pythonPlaces(bufferSource(source), offsets);
  const canAdd = insertion(text, '') !== undefined;
  let rest: LiteralForms['rest'] = 'text';
  const found = new Map<string, Set<LiteralForm>>();
  const expressions = new Map<number, number[]>();
  for (const offset of offsets) {
    const start = places.get(offset);
    if (start === undefined || !('expressionStart' in start) || start.expressionStart === undefined) continue;
    expressions.set(start.expressionStart, [...(expressions.get(start.expressionStart) ?? []), offset]);
  }
  for (const [start, inside] of expressions) {
    const place = places.get(inside[0] as number);
    if (place === undefined || !('expressionEnd' in place)) continue;
    const value = stringValue(text.slice(start, place.expressionEnd));
    const form = place.kind === 'string' ? formFor(place.readers) : 'alias';
    if (place.kind === 'string' && (form === 'alias' || (value === undefined && form !== 'text'))) rest = 'alias';
    if (value === undefined) continue;
    const sites = inside.map((offset) => ({ offset }));
    const isRelative = canAdd && literalEdits(text, sites, places, dir.path) !== undefined;
    const key = literalKey(value.isBytes, value.value);
    const readers = found.get(key) ?? new Set();
    found.set(key, readers);
    if (isRelative && place.kind === 'string') readers.add(form);
  }
  // One constant stands for all literals of its value: those that could not be divided do not count beside others.
  for (const [key, readers] of found) {
    const [reader, another] = readers;
    forms.set(key, reader === undefined || another !== undefined ? 'alias' : reader);
  }
  return { byKey: forms, rest };
}
