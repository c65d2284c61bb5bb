/** Where in a shell script a path stands. Plain data. */

import type { Embedded } from './embedded.ts';

/** How the shell reads the bytes of a path. */
export type Quoting =
  /** Outside of quotes. */
  | 'unquoted'
  | 'single'
  /** Between double quotes, or where quotes have no meaning but expansions do. */
  | 'double'
  /** Double quotes inside a word that is quoted already, as in `"${x:-"..."}"`: shells differ. */
  | 'nested-double'
  | 'ansi-c'
  | 'here-document'
  /** The pattern of an expansion in a here-document. */
  | 'here-document-pattern'
  | 'quoted-here-document'
  | 'subscript'
  /** Backquotes with escapes inside: what they hold is not what stands there. */
  | 'escaped-backquotes'
  | 'comment';

/** A word that is read a second time: by `eval`, `trap` or `alias` in the same shell, or by another one, behind
 * `-c` or as its input. */
export interface Evaluation {
  readonly by: 'same-shell' | 'new-shell';
  /** How the word itself is quoted. */
  readonly outer: 'unquoted' | 'single' | 'double' | 'here-document' | 'quoted-here-document';
}

export interface QuotedHereDocument {
  readonly delimiter: number;
  readonly delimiterText: string;
  readonly delimiterValue: string;
  readonly body: number;
  readonly bodyEnd: number;
}

export interface PathContext {
  /** In a program of another language that the word holds, or is. */
  readonly embedded?: Embedded | undefined;
  readonly offset: number;
  readonly quoting: Quoting;
  /** Set when the word is read a second time; `quoting` is then how it is quoted in the second reading. */
  readonly evaluation: Evaluation | undefined;
  readonly hereDocument: QuotedHereDocument | undefined;
  /** The quotes that open right before the path, such as `$'`; empty when other bytes stand between. */
  readonly opening: string;
  /** In the pattern or replacement of `${x/pattern/replacement}`, or in a subscript. */
  readonly around: 'replacement' | 'subscript' | undefined;
  /** A few words for people. */
  readonly what: string;
}
