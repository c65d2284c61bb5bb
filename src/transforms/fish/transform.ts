/** fish: a global variable, set by the first command, holds the store directory; words and strings take it. */

import { DIGEST_LENGTH } from '../../store/store-path.ts';
import type { FishPlace, FishQuoting } from '../../syntax/fish/place.ts';
import { fishSource } from '../../syntax/fish/source.ts';
import { edit, planLiterals } from '../literal-plan.ts';
import { stableName } from '../stable-name.ts';
import { type Transform, upToStoreDir } from '../transform.ts';

/** Text between single quotes of fish. */
const quoted = (text: string) => `'${text.replace(/['\\]/g, '\\$&')}'`;

/** A regular expression for text; fish knows bytes that are no ASCII as characters. */
const literal = (text: string) =>
  text.replace(/[^\x00-\x7f]+/g, '\x80').replace(/[^\w/ -]/g, (c) => (c === '\x80' ? '[^/]+' : `\\${c}`));

/**
 * The command that finds the store directory: the name by which fish reads the file, links resolved, and what stands
 * before the file's path in the store. A file that turns out not to be this one (a copy, standard input) gets the alias.
 * `string collect` keeps a directory's newlines. The digest is left out: it would be a reference that the object may not
 * have had.
 */
function preamble(variable: string, object: string, file: string, alias: string, isExported: boolean): string {
  const end = literal(`${object.slice(DIGEST_LENGTH)}${file === '' ? '' : `/${file}`}`);
  const set = `set -g${isExported ? 'x' : ''} ${variable}`;
  return (
    `${set} (builtin realpath -- (status -f|string collect) 2>/dev/null|string collect);` +
    `${set} (string replace -rf -- ${quoted(`(?s)\\A(.*)/.{${DIGEST_LENGTH}}${end}\\z`)} '$1' "$${variable}"|string collect)` +
    `;or ${set} ${alias};`
  );
}

const encode: Record<FishQuoting, (code: string) => string> = {
  bare: quoted,
  single: (code) => code.replace(/['\\]/g, '\\$&'),
  double: (code) => code.replace(/["$\\]/g, '\\$&'),
};

/** What stands in place of the store directory; undefined when nothing means the same. */
function replacementOf({ quoting, outer, joinsBefore }: FishPlace, variable: string): string | undefined {
  if (quoting === 'comment' || joinsBefore) return undefined;
  const code = quoting === 'single' ? `'"$${variable}"'` : `$${variable}`;
  return outer.reduce((inner, quotes) => encode[quotes](inner), code);
}

export const fishTransform: Transform = {
  id: 'fish',
  rules: ['fish/word', 'fish/comment'],
  plan(file, sites, context) {
    const source = fishSource(
      file.bytes,
      sites.map(({ offset }) => offset),
    );
    const codeStart = source?.codeStart;
    const variable = `__unmoor_${stableName(file)}`;
    let isExported = false;
    const plan = planLiterals(
      'fish',
      file,
      sites,
      context,
      ({ offset }) => (codeStart === undefined ? undefined : offset),
      ([site]) => {
        const place = site && source?.places.get(site.offset);
        const replacement = place && replacementOf(place, variable);
        if (site === undefined || replacement === undefined) return undefined;
        isExported ||= place?.isNewShell === true;
        const form = `<directory of the file>/${upToStoreDir(file.file)}`;
        return { edits: [edit(site.offset, file.storeDir.path, replacement)], form };
      },
    );
    const isRelative = [...plan.remedies.values()].some(({ kind }) => kind === 'relative');
    if (!isRelative || codeStart === undefined) return plan;
    const alias = context.alias.replace(/\/+$/, '');
    const code = preamble(variable, file.object as string, file.file, alias, isExported);
    return { ...plan, edits: [edit(codeStart, '', code), ...plan.edits] };
  },
};
