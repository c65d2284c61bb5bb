/**
 * CMake files: a variable with the store directory, found from `CMAKE_CURRENT_LIST_DIR` in the file's first line. Bodies
 * of functions and macros run later and elsewhere, where neither is right any more; they get it from a global property.
 */

import type { Site } from '../../analyzers/site.ts';
import { type CMakeToken, cmakeFile, cmakeTokenAt } from '../../syntax/cmake.ts';
import { planSites, relativeSite, standingRelative, textEdit } from '../plan-sites.ts';
import { privateName } from '../private-name.ts';
import { type Edit, refuse, type Transform, upToStoreDir } from '../transform.ts';

/** Whether the byte at `offset` is escaped by a backslash before it. */
function isEscaped(text: string, offset: number): boolean {
  let backslashes = 0;
  while (text[offset - 1 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 1;
}

/**
 * Makes a quoted argument of one in brackets, in which CMake replaces no variables; every character keeps its meaning.
 *
 * @param paths where a store directory stands that is edited by another
 */
function unbracket(text: string, token: CMakeToken): Edit[] {
  const raw = text.slice(token.start, token.end);
  const level = (/^\[(=*)\[/.exec(raw)?.[1] ?? '').length;
  // The first newline belongs to the bracket.
  const open = /^\[=*\[(?:\r?\n)?/.exec(raw)?.[0] ?? '';
  const close = raw.slice(raw.length - level - 2);
  const content = raw.slice(open.length, raw.length - close.length);
  return [
    textEdit(token.start, open, '"'),
    ...[...content.matchAll(/[\\"$@]/g)].map(({ index }) => textEdit(token.start + open.length + index, '', '\\')),
    textEdit(token.end - close.length, close, '"'),
  ];
}

export const cmakeTransform: Transform = {
  id: 'cmake',
  rules: ['cmake/path'],
  plan(file, sites) {
    const text = file.bytes.read(0, file.bytes.size).toString('latin1');
    const newline = /\r?\n/.exec(text)?.[0] ?? '\n';
    const { tokens, top } = cmakeFile(text);
    const name = privateName(file);
    const brackets = new Set<CMakeToken>();
    const bodies = new Set<number>();
    const plan = planSites(sites, (site: Site) => {
      const stays = standingRelative(file, site);
      if (stays !== undefined) return stays;
      const token = cmakeTokenAt(tokens, site.offset);
      if (token === undefined || (token.kind !== 'bracket' && isEscaped(text, site.offset))) {
        return refuse('escaped-path', 'a backslash before the path leaves no room for a variable');
      }
      if (token.kind === 'bracket') brackets.add(token);
      if (token.body !== undefined) bodies.add(token.body);
      return relativeSite('cmake', file, site, `\${${name}}`);
    });
    const edits = [...plan.edits, ...[...brackets].flatMap((token) => unbracket(text, token))];
    for (const body of bodies) {
      edits.push(textEdit(body, '', `${newline}get_property(${name} GLOBAL PROPERTY ${name})`));
    }
    if (plan.edits.length > 0) {
      const up = `"\${CMAKE_CURRENT_LIST_DIR}/${upToStoreDir(file.file)}"`;
      const define = `get_filename_component(${name} ${up} ABSOLUTE)${newline}`;
      const share = `set_property(GLOBAL PROPERTY ${name} "\${${name}}")${newline}`;
      edits.push(textEdit(top, '', bodies.size > 0 ? define + share : define));
    }
    return { edits, remedies: plan.remedies };
  },
};
