/**
 * PHP: the way from `__DIR__` up to the store directory takes the place of the path. It is a constant, and so may stand
 * where constants must: in properties, parameters and attributes.
 */

import type { Site } from '../../analyzers/site.ts';
import type { PhpString } from '../../syntax/php/lexer.ts';
import { phpSource } from '../../syntax/php/source.ts';
import { edit, planLiterals } from '../literal-plan.ts';
import { shellQuote } from '../shell-quote.ts';
import { type Edit, type Transform, upToStoreDir } from '../transform.ts';

/** Functions of PHP that read their first argument as something else than text (PHP manual, "Function Reference"). */
const shellFunctions = /^(?:exec|shell_exec|system|passthru|popen|proc_open)$/;
const patternFunctions = /^preg_(?:match|match_all|replace|replace_callback|split|grep|filter)$/;
const formatFunctions = /^v?s?printf$/;

/** The expression for the store directory as the reader of the string needs it. */
function expression({ called = '', kind, textStart }: PhpString, text: string, start: number, up: string): string {
  const path = `__DIR__.'/${up}'`;
  if (formatFunctions.test(called)) return `str_replace('%','%%',${path})`;
  if (patternFunctions.test(called)) {
    const delimiter = text[textStart] ?? '';
    return /[\w\s\\'"]/.test(delimiter) ? `preg_quote(${path})` : `preg_quote(${path},'${delimiter}')`;
  }
  if (!shellFunctions.test(called)) return path;
  switch (shellQuote(text.slice(textStart, start), kind === 'single')) {
    case 'none':
      return `escapeshellarg(${path})`;
    case 'single':
      return `str_replace("'","'\\\\''",${path})`;
    case 'double':
      return `addcslashes(${path},"\\"\\$\\x60\\\\")`;
  }
}

function rewriteString(string: PhpString, sites: readonly Site[], text: string, storeDir: string, up: string) {
  const { kind, start, textStart, textEnd, end, holes } = string;
  // Constants do not stand in heredocs, and backticks take variables only.
  if (kind !== 'single' && kind !== 'double') return undefined;
  const open = text.slice(start, textStart);
  const close = text.slice(textEnd, end);
  const edits: Edit[] = [edit(start, '', '('), edit(end, '', ')')];
  for (const { offset } of sites) {
    if (holes.some((hole) => hole.start <= offset && offset < hole.end)) return undefined;
    let backslashes = 0;
    while (text[offset - 1 - backslashes] === '\\') backslashes++;
    // A backslash that quotes nothing stays in the text; a variable would take the path's beginning for its own.
    if (backslashes % 2 === 1) return undefined;
    edits.push(edit(offset, storeDir, `${close}.${expression(string, text, offset, up)}.${open}`));
  }
  return edits;
}

export const phpTransform: Transform = {
  id: 'php',
  rules: ['php/string', 'php/comment'],
  plan(file, sites, context) {
    const source = phpSource(file.bytes);
    const up = upToStoreDir(file.file);
    const stringAt = ({ offset }: Site) => {
      const found = source?.at(offset);
      return found !== undefined && 'string' in found ? found.string : undefined;
    };
    return planLiterals(
      'php',
      file,
      sites,
      context,
      (site) => stringAt(site)?.start,
      (group) => {
        const string = stringAt(group[0] as Site);
        const edits = string && source && rewriteString(string, group, source.text, file.storeDir.path, up);
        return edits && { edits, form: `<__DIR__>/${up}` };
      },
    );
  },
};
