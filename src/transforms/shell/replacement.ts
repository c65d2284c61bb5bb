/** What stands in place of the store directory, for every way in which a shell may read it. */

import type { Dialect } from '../../syntax/shell/dialect.ts';
import type { PathContext } from '../../syntax/shell/path-context.ts';

/** Holds the store directory as the replacement of sed's command `s` needs it. */
export const sedVariable = (variable: string) => `${variable}_sed`;

/** The replacement outside of any second reading; undefined when there is none. */
function inner({ quoting, opening, embedded }: PathContext, dialect: Dialect, base: string): string | undefined {
  if (embedded?.language === 'awk') return `" ENVIRON["${base}"] "`;
  const variable = embedded === undefined ? base : sedVariable(base);
  // Where quotes have no meaning, and outside of quotes: not split, and literal in patterns.
  const plain = `$${variable}`;
  const quoted = `"${plain}"`;
  switch (quoting) {
    case 'unquoted':
      return quoted;
    case 'single':
      return opening === '' ? `'${quoted}'` : `${quoted}'`;
    case 'double':
    case 'here-document':
    case 'subscript':
    case 'quoted-here-document':
      return plain;
    case 'here-document-pattern':
      return quoted;
    case 'nested-double':
      // dash and ksh leave the outer quotes there: these lead in again. To the others they are empty strings.
      return opening === '' ? quoted : `${plain}"`;
    case 'ansi-c':
      // dash 0.5 does not know these quotes.
      if (dialect === 'sh') return undefined;
      return opening === '' ? `'${quoted}$'` : `${quoted}$'`;
    case 'escaped-backquotes':
    case 'comment':
      return undefined;
  }
}

const encode = {
  unquoted: (code: string) => `'${code.replaceAll("'", "'\\''")}'`,
  single: (code: string) => (code.includes("'") ? undefined : code),
  double: (code: string) => code.replace(/["$`\\]/g, '\\$&'),
  'here-document': (code: string) => code.replace(/[$`\\]/g, '\\$&'),
  'quoted-here-document': (code: string) => code,
} as const;

/** Whether the bytes before `offset` would join with an expansion into something else: a backslash or a dollar. */
function joinsBefore(text: string, offset: number): boolean {
  return /[\\$]/.test(text[offset - 1] ?? '');
}

/**
 * What stands in place of the quotes that open right before the path, if any, and the store directory. These quotes move
 * behind the variable: bash 5.2 makes a byte 127 of an empty string in some expansions.
 *
 * @param variable holds the store directory
 * @returns undefined when no replacement means the same
 */
export function replacementOf(
  context: PathContext,
  text: string,
  dialect: Dialect,
  variable: string,
): string | undefined {
  // In zsh, quotes do not hide the slash that ends a pattern, and belong to a subscript's text.
  const { around, quoting } = context;
  if (dialect === 'zsh' && around !== undefined && quoting !== 'subscript') return undefined;
  const isLiteral = context.quoting === 'single' && context.evaluation === undefined;
  if (!isLiteral && context.quoting !== 'quoted-here-document' && joinsBefore(text, context.offset)) return undefined;
  const code = inner(context, dialect, variable);
  if (code === undefined || context.evaluation === undefined) return code;
  return encode[context.evaluation.outer](code);
}
