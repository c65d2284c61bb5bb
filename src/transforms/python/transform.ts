/** Python: a variable at the beginning of the module holds the store directory, and literals are joined with it. */

import { pythonPlaces } from '../../syntax/python/source.ts';
import { pythonStart } from '../../syntax/python-start.ts';
import { edit, planLiterals } from '../literal-plan.ts';
import { type Edit, type Transform, upToStoreDir } from '../transform.ts';
import { literalEdits, VARIABLE } from './literals.ts';

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

/** Statements that may not stand behind another one on its line (Python reference, "Compound statements"). */
const COMPOUND = /^(?:@|(?:async|class|def|for|if|match|try|while|with)\b)/;

/** Where and how the helper comes in; undefined where no statement can be added. */
export function insertion(text: string, code: string): Edit | undefined {
  const start = pythonStart(text);
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
