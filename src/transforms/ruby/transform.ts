/** Ruby: a global variable, set where the file begins, holds the store directory; literals interpolate it. */

import type { Site } from '../../analyzers/site.ts';
import { type RubyPlace, type RubySource, rubySource } from '../../syntax/ruby/source.ts';
import { edit, planLiterals } from '../literal-plan.ts';
import { shellQuote } from '../shell-quote.ts';
import { stableName } from '../stable-name.ts';
import { type Edit, type Transform, upToStoreDir } from '../transform.ts';

/**
 * The statement that finds the store directory, in the encoding of the file's own literals. Code that comes from no
 * file gets the alias.
 */
function preamble(variable: string, file: string, alias: string): string {
  const components = file === '' ? 1 : file.split('/').length + 1;
  return (
    `${variable}=(::File.realpath(__FILE__).b.split("/",-1)[0...-${components}].join("/").force_encoding(__ENCODING__)` +
    `rescue"${alias}");`
  );
}

/** What goes between `#{` and `}`. */
function expression({ context, textStart }: RubyPlace, text: string, start: number, variable: string): string {
  if (/pattern$/.test(context)) return `::Regexp.escape(${variable})`;
  if (context === 'format' || context === 'raw-format') return `${variable}.gsub("%","%%")`;
  if (context !== 'command' && context !== 'raw-command') return variable;
  switch (shellQuote(text.slice(textStart, start), context === 'raw-command')) {
    case 'single':
      return `${variable}.gsub("'"){"'\\\\''"}`;
    case 'double':
      return `${variable}.gsub(/["$\\x60\\\\]/){"\\\\"+$&}`;
    case 'none':
      return `${variable}.b.match?(/[^\\w\\/.:+=,-]/n)?"'"+${variable}.gsub("'"){"'\\\\''"}+"'":${variable}`;
  }
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Quotes what interpolated text would read otherwise; `keeps` tells which backslashes already quote. */
function escapes(
  text: string,
  place: RubyPlace,
  spans: readonly Span[],
  special: RegExp,
  keeps: (next: string) => boolean,
): Edit[] {
  const edits: Edit[] = [];
  const { textStart, textEnd } = place;
  const ends = new Map(spans.map((span) => [span.start, span.end]));
  for (let i = textStart; i < textEnd; i++) {
    const spanEnd = ends.get(i);
    if (spanEnd !== undefined) i = spanEnd - 1;
    else if (text[i] === '\\' && keeps(text[i + 1] ?? '')) i++;
    else if (special.test(text[i] as string)) edits.push(edit(i, '', '\\'));
  }
  return edits;
}

/** Edits that turn a literal without interpolation into one with it; undefined when there is no such form. */
function interpolating(text: string, place: RubyPlace, spans: readonly Span[]): Edit[] | undefined {
  const { context, start, textStart, textEnd, tagStart, tagEnd } = place;
  if (context === 'raw-here-document') {
    const quote = text.indexOf("'", tagStart);
    return [edit(quote, "'", '"'), edit(tagEnd - 1, "'", '"'), ...escapes(text, place, spans, /[\\#]/, () => false)];
  }
  if (!/^raw/.test(context)) return [];
  const open = text[textStart - 1] as string;
  const close = text[textEnd] as string;
  const keeps = (next: string) =>
    next === '\\' || next === open || next === close || (context === 'raw-words' && /\s/.test(next));
  if (open === "'" && textStart - start <= 2) {
    return [edit(textStart - 1, "'", '"'), ...escapes(text, place, spans, /["\\#]/, keeps), edit(textEnd, "'", '"')];
  }
  if (!/^%[qw]$/.test(text.slice(start, start + 2)) || /[\\#\w]/.test(open)) return undefined;
  const letter = text[start + 1] as string;
  return [edit(start + 1, letter, letter.toUpperCase()), ...escapes(text, place, spans, /[\\#]/, keeps)];
}

/** Whether a pattern is inside `[...]` where it ends. */
function isInClass(pattern: string): boolean {
  return /(?<!\\)(?:\\\\)*\[[^\]]*$/.test(pattern);
}

function rewriteLiteral(
  place: RubyPlace,
  sites: readonly Site[],
  source: RubySource,
  variable: string,
  storeDir: string,
): Edit[] | undefined {
  const { text } = source;
  const { context } = place;
  if (context === 'fixed' || context === 'data') return undefined;
  const spans = sites.map(({ offset }) => {
    let backslashes = 0;
    if (!/^raw/.test(context)) while (text[offset - 1 - backslashes] === '\\') backslashes++;
    return { start: offset - (backslashes % 2), end: offset + storeDir.length };
  });
  if (/pattern$/.test(context) && spans.some(({ start }) => isInClass(text.slice(place.textStart, start))))
    return undefined;
  const around = interpolating(text, place, spans);
  if (around === undefined) return undefined;
  const replaced = spans.map(({ start, end }) =>
    edit(start, text.slice(start, end), `#{${expression(place, text, start, variable)}}`),
  );
  return [...around, ...replaced];
}

export const rubyTransform: Transform = {
  id: 'ruby',
  rules: ['ruby/string', 'ruby/comment'],
  plan(file, sites, context) {
    const source = rubySource(
      file.bytes,
      sites.map(({ offset }) => offset),
    );
    const codeStart = source?.codeStart;
    const variable = `$_unmoor_${stableName(file)}`;
    const placeAt = ({ offset }: Site) => (codeStart === undefined ? undefined : source?.places.get(offset));
    const plan = planLiterals(
      'ruby',
      file,
      sites,
      context,
      (site) => placeAt(site)?.start,
      (group) => {
        const place = placeAt(group[0] as Site);
        if (source === undefined || place === undefined) return undefined;
        const edits = rewriteLiteral(place, group, source, variable, file.storeDir.path);
        return edits && { edits, form: `<directory of __FILE__>/${upToStoreDir(file.file)}` };
      },
    );
    const isRelative = [...plan.remedies.values()].some(({ kind }) => kind === 'relative');
    if (!isRelative || codeStart === undefined) return plan;
    return { ...plan, edits: [edit(codeStart, '', preamble(variable, file.file, context.alias)), ...plan.edits] };
  },
};
