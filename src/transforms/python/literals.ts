/** Literals of Python: closed, joined with the variable that holds the store directory, and opened again. */

import type { Site } from '../../analyzers/site.ts';
import type { PythonPlaces, PythonReader, PythonString } from '../../syntax/python/source.ts';
import { edit } from '../literal-plan.ts';
import { type ShellQuote, shellQuote } from '../shell-quote.ts';
import type { Edit } from '../transform.ts';

/** One underscore: two would be mangled inside of classes, and names with one are not imported by `*`. */
export const VARIABLE = '_unmoor_store';

/** Python 2 has neither function under these names; its strings are bytes. */
const ENCODE = 'getattr(__import__("os"),"fsencode",str)';
const SHELL_QUOTE = '(getattr(__import__("shlex"),"quote",None)or __import__("pipes").quote)';

/** The store directory as a reader of text needs it, so that it gives what `value` holds. */
function writtenFor(reader: PythonReader, value: string, quote: ShellQuote): string {
  switch (reader) {
    case 'percent-format':
      return `${value}.replace("%","%%")`;
    case 'brace-format':
      return `${value}.replace("{","{{").replace("}","}}")`;
    case 'template':
      return `${value}.replace("$","$$")`;
    case 'pattern':
      return `__import__("re").escape(${value})`;
    case 'replacement':
      return `${value}.replace("\\\\","\\\\\\\\")`;
    case 'shell':
      if (quote === 'none') return `${SHELL_QUOTE}(${value})`;
      if (quote === 'single') return `${value}.replace("'","'\\\\''")`;
      return `__import__("re").sub(r'(["$\x60\\\\])',r"\\\\\\1",${value})`;
  }
}

/** The expression that gives the store directory at a place in a literal. */
function expression({ readers, isBytes, opening, textStart }: PythonString, text: string, from: number): string {
  const isRaw = /^[a-z]*r/i.test(opening);
  const written = readers.reduceRight(
    (value, reader) => writtenFor(reader, value, shellQuote(text.slice(textStart, from), isRaw)),
    VARIABLE,
  );
  return isBytes ? `${ENCODE}(${written})` : written;
}

/** Where the literal can be closed before a path, and what of its text then stands in a literal of its own. */
interface Cut {
  readonly from: number;
  readonly between: string;
}

/** Undefined when a backslash stands before the path: it would quote the closing quote, in raw strings too. */
function cutBefore(text: string, offset: number, { opening, textStart, isNested }: PythonString): Cut | undefined {
  const before = text.slice(textStart, offset);
  if ((/\\*$/.exec(before)?.[0].length ?? 0) % 2 === 1) return undefined;
  const quote = opening.at(-1) as string;
  if (!opening.endsWith(quote.repeat(3))) return { from: offset, between: '' };
  // Quotes at the end of the text would be taken for the first of the three that close.
  const run = (quote === '"' ? /(\\*)("*)$/ : /(\\*)('*)$/).exec(before) as RegExpExecArray;
  const [, backslashes, quotes] = run as unknown as [string, string, string];
  const count = quotes.length - (quotes !== '' && backslashes.length % 2 === 1 ? 1 : 0);
  if (count === 0) return { from: offset, between: '' };
  if (isNested) return undefined;
  const other = quote === '"' ? "'" : '"';
  const letters = opening.replace(/["']+$/, '');
  return { from: offset - count, between: `${letters}${other}${quote.repeat(count)}${other}+` };
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
    const { isFormatted, isNested, isBytes, readers } = place;
    if (isFormatted && readers.length === 0) {
      // An f-string takes the variable where it stands; a raw one too.
      edits.push(edit(offset, storeDir, `{${VARIABLE}}`));
      continue;
    }
    // In the braces of an f-string, the quotes of more than the variable would end it.
    if (isNested && (isBytes || readers.length > 0)) return undefined;
    const cut = cutBefore(text, offset, place);
    if (cut === undefined) return undefined;
    if (isOpen) {
      edits.push(edit(place.expressionStart, '', '('), edit(place.expressionEnd, '', ')'));
      isOpen = false;
    }
    const replacement = `${place.closing}+${cut.between}${expression(place, text, cut.from)}+${place.opening}`;
    edits.push(edit(cut.from, text.slice(cut.from, offset) + storeDir, replacement));
  }
  return edits;
}
