/** Python: a variable at the beginning of the module holds the store directory, and literals are joined with it. */

import type { Site } from '../../analyzers/site.ts';
import { type PythonPlaces, type PythonString, pythonPlaces } from '../../syntax/python/source.ts';
import { pythonStart } from '../../syntax/python-start.ts';
import { edit, planLiterals } from '../literal-plan.ts';
import { type Edit, type Transform, upToStoreDir } from '../transform.ts';

/** One underscore: two would be mangled inside of classes, and names with one are not imported by `*`. */
const VARIABLE = '_unmoor_store';

/**
 * The statement that finds the store directory: the module's own file, links resolved, and up from there. Code that comes
 * from no file gets the alias. `os` is loaded before any program's code.
 */
function helper(file: string, alias: string): string {
  const components = (file === '' ? 0 : file.split('/').length) + 1;
  return (
    `${VARIABLE}=(lambda f,o:o.path.realpath(f).rsplit("/",${components})[0]if f else"${alias}")` +
    `(globals().get("__file__"),__import__("os"))`
  );
}

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

function literalEdits(
  text: string,
  sites: readonly Site[],
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

/** Statements that may not stand behind another one on its line (Python reference, "Compound statements"). */
const COMPOUND = /^(?:@|(?:async|class|def|for|if|match|try|while|with)\b)/;

/** Where and how the helper comes in. */
function insertion(text: string, code: string): Edit | undefined {
  const start = pythonStart(text);
  if (start === undefined) return undefined;
  if (start.afterImports !== undefined) return edit(start.afterImports, '', `;${code}`);
  if (start.hasDocstring || start.hasFuture) return undefined;
  const separator = COMPOUND.test(text.slice(start.firstStatement)) ? '\n' : ';';
  return edit(start.firstStatement, '', code + separator);
}

export const pythonTransform: Transform = {
  id: 'python',
  rules: ['python/string', 'python/comment'],
  plan(file, sites, context) {
    const text = file.bytes.read(0, file.bytes.size).toString('latin1');
    const insert = insertion(text, helper(file.file, context.alias));
    const places = pythonPlaces(
      file.bytes,
      sites.map(({ offset }) => offset),
    );
    const plan = planLiterals(
      'python',
      file,
      sites,
      context,
      ({ offset }) => {
        const place = places.get(offset);
        return insert !== undefined && place?.kind === 'string' ? place.expressionStart : undefined;
      },
      (group) => {
        const edits = literalEdits(text, group, places, file.storeDir.path);
        return edits && { edits, form: `<directory of the file>/${upToStoreDir(file.file)}` };
      },
    );
    const isUsed = [...plan.remedies.values()].some(({ kind }) => kind === 'relative');
    return isUsed && insert !== undefined ? { ...plan, edits: [insert, ...plan.edits] } : plan;
  },
};
