/**
 * Which language a source is written in, by its name and its first lines. A script whose shebang was made relative
 * begins with `#!/bin/sh` and a few words that only the shell understands; it stays what it was.
 */

import { shebangCommand } from './env-command.ts';
import { languageOf, type ScriptLanguage } from './script-language.ts';
import { parseShebang } from './shebang.ts';

/** What follows `#!/bin/sh` in scripts whose shebang was made relative, by the language that reads over it. */
const headers: readonly (readonly [RegExp, ScriptLanguage])[] = [
  [/^':' \/\*;/, 'node'],
  [/^eval '[^\n]*\n#!perl/, 'perl'],
  [/^eval '[^\n]*\n#!ruby/, 'ruby'],
  [/^_unmoor=\[\[;/, 'lua'],
  [/^# \\\n/, 'tcl'],
  [/^: '\\';/, 'fish'],
];

/** How a file says that it is a script of the language. */
export type ScriptMark = 'shebang' | 'header';

/** How the first lines name the language; undefined when they name another one, or none. */
export function scriptMark(head: Buffer, language: ScriptLanguage): ScriptMark | undefined {
  const shebang = parseShebang(head);
  if (shebang === undefined) return undefined;
  if (shebang.interpreter === '/bin/sh') {
    const rest = head.toString('latin1', shebang.length + 1);
    return headers.some(([pattern, named]) => named === language && pattern.test(rest)) ? 'header' : undefined;
  }
  const command = shebangCommand(shebang);
  const program = command?.words[command.program] ?? shebang.interpreter;
  return languageOf(program) === language ? 'shebang' : undefined;
}

/**
 * How strongly a language's analyzer claims a file: by the name's extension, by the shebang, and most by a relative
 * header, where the first line alone would say shell. 0 for binary files and for those that are too large to be parsed.
 *
 * @param largest bytes
 */
export function sourceClaim(
  file: { readonly file: string; readonly head: Buffer; readonly bytes: { readonly size: number } },
  language: ScriptLanguage,
  extension: RegExp,
  largest: number,
): number {
  if (file.bytes.size > largest || file.head.includes(0)) return 0;
  const mark = scriptMark(file.head, language);
  if (mark !== undefined) return mark === 'header' ? 88 : 85;
  return extension.test(file.file) ? 75 : 0;
}
