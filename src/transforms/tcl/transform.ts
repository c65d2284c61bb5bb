/** Tcl: a global variable, set where the file begins, holds the store directory; words substitute it. */

import type { Site } from '../../analyzers/site.ts';
import type { TclMatching } from '../../syntax/tcl/cases.ts';
import { type TclPlace, type TclSource, tclSource } from '../../syntax/tcl/source.ts';
import { edit, planLiterals } from '../literal-plan.ts';
import { stableName } from '../stable-name.ts';
import { type Edit, type Transform, upToStoreDir } from '../transform.ts';

/**
 * The command that finds the store directory. `file normalize` resolves links in all components but the last, so one
 * more is put behind the file's name and taken away again. Scripts from no file, and safe interpreters, get the alias.
 */
function preamble(variable: string, file: string, alias: string): string {
  const components = (file === '' ? 1 : file.split('/').length + 1) + 1;
  const directory = `${'[file dirname '.repeat(components)}[file normalize [file join [info script] _]]${']'.repeat(components)}`;
  return `if {[info script] eq "" || [catch {set ${variable} ${directory}}]} {set ${variable} ${alias}};`;
}

/** The store directory in a pattern, so that it matches itself. */
const patterns: Readonly<Record<TclMatching, (value: string) => string>> = {
  exact: (value) => value,
  glob: (value) => `[regsub -all {[]*?\\\\[]} ${value} {\\\\&}]`,
  regexp: (value) => `[regsub -all {\\W} ${value} {\\\\&}]`,
};

/** Cases without the braces around them. */
function openCases({ start, end, cases }: TclPlace): Edit[] {
  if (cases === undefined) return [];
  const { subject, hasEnd, escapes } = cases;
  return [
    ...(hasEnd ? [] : [edit(subject, '', '-- ')]),
    edit(start, '{', ' '),
    ...escapes.map((at) => edit(at, '', '\\')),
    edit(end - 1, '}', ' '),
  ];
}

function rewriteWord(
  place: TclPlace,
  sites: readonly Site[],
  source: TclSource,
  variable: string,
  storeDir: string,
): Edit[] | undefined {
  const { text } = source;
  const { context, start, end } = place;
  const value = context === 'script' ? `\\\${${variable}}` : `\${${variable}}`;
  const substitution = patterns[place.matching ?? 'exact'](value);
  const edits: Edit[] = [];
  if (context === 'braced-path') edits.push(edit(start, '{', '"'), edit(end - 1, '}', '"'));
  else if (context === 'pipeline') edits.push(edit(start, '', '[list '), edit(end, '', ']'));
  else if (context === 'cases') edits.push(...openCases(place));
  else if (context === 'braced-list') edits.push(edit(start, '{', '[list '), edit(end - 1, '}', ']'));
  else if (context !== 'word' && context !== 'script') return undefined;
  for (const { offset } of sites) {
    let backslashes = 0;
    while (text[offset - 1 - backslashes] === '\\') backslashes++;
    // A dollar sign alone is plain only as long as no name or brace follows.
    if (/(?<!\\)(?:\\\\)*\$$/.test(text.slice(start, offset))) return undefined;
    const from = offset - (backslashes % 2);
    edits.push(edit(from, text.slice(from, offset + storeDir.length), substitution));
  }
  return edits;
}

export const tclTransform: Transform = {
  id: 'tcl',
  rules: ['tcl/word', 'tcl/comment'],
  plan(file, sites, context) {
    const source = tclSource(file.bytes);
    const codeStart = source?.codeStart;
    const variable = `::_unmoor_${stableName(file)}`;
    const plan = planLiterals(
      'tcl',
      file,
      sites,
      context,
      (site) => source?.at(site.offset)?.start,
      (group) => {
        const place = source?.at((group[0] as Site).offset);
        if (source === undefined || place === undefined) return undefined;
        const edits = rewriteWord(place, group, source, variable, file.storeDir.path);
        return edits && { edits, form: `<directory of the script>/${upToStoreDir(file.file)}` };
      },
    );
    const isRelative = [...plan.remedies.values()].some(({ kind }) => kind === 'relative');
    if (!isRelative || codeStart === undefined) return plan;
    return { ...plan, edits: [edit(codeStart, '', preamble(variable, file.file, context.alias)), ...plan.edits] };
  },
};
