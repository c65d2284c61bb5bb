/** Literals of Python: closed, joined with the variable that holds the store directory, and opened again. */

import type { Site } from '../../analyzers/site.ts';
import type { PythonPlaces, PythonString } from '../../syntax/python/source.ts';
import { edit } from '../literal-plan.ts';
import type { Edit } from '../transform.ts';

/** One underscore: two would be mangled inside of classes, and names with one are not imported by `*`. */
export const VARIABLE = '_unmoor_store';

/** The store directory as the reader of the literal needs it. */
function expression({ reader, isBytes }: PythonString): string {
  const text = {
    text: VARIABLE,
    'percent-format': `${VARIABLE}.replace("%","%%")`,
    'brace-format': `${VARIABLE}.replace("{","{{").replace("}","}}")`,
    pattern: `__import__("re").escape(${VARIABLE})`,
  }[reader];
  return isBytes ? `__import__("os").fsencode(${text})` : text;
}

/** Whether the literal may be closed and opened again at the offset. */
function mayBeSplit(text: string, offset: number, { opening, textStart }: PythonString): boolean {
  const before = text.slice(textStart, offset);
  // A backslash would quote the closing quote, in raw strings too; a quote would be one of the three that close.
  if ((/\\*$/.exec(before)?.[0].length ?? 0) % 2 === 1) return false;
  return !(opening.length >= 3 && before.endsWith(opening.at(-1) as string));
}

/**
 * Edits of the sites in one expression of literals; undefined where the literals cannot be divided.
 *
 * @param text the whole source
 */
export function literalEdits(
  text: string,
  sites: readonly Pick<Site, 'offset'>[],
  places: PythonPlaces,
  storeDir: string,
): Edit[] | undefined {
  const edits: Edit[] = [];
  let isOpen = true;
  for (const { offset } of sites) {
    const place = places.get(offset);
    if (place?.kind !== 'string') return undefined;
    if (place.isFormatted) {
      // An f-string takes the variable where it stands; a raw one too.
      if (place.reader !== 'text') return undefined;
      edits.push(edit(offset, storeDir, `{${VARIABLE}}`));
      continue;
    }
    if (!mayBeSplit(text, offset, place)) return undefined;
    if (isOpen) {
      edits.push(edit(place.expressionStart, '', '('), edit(place.expressionEnd, '', ')'));
      isOpen = false;
    }
    edits.push(edit(offset, storeDir, `${place.closing}+${expression(place)}+${place.opening}`));
  }
  return edits;
}
