/** What the lexer finds in a Perl file: quoted text, and text that is no program. */

export type QuoteKind =
  /** `'...'`, `q(...)`: backslashes quote themselves and the delimiters alone. */
  | 'single'
  /** `"..."`, `qq(...)`, the right side of `s///`. */
  | 'double'
  | 'words'
  | 'pattern'
  /** Backticks, `qx(...)`. */
  | 'command'
  | 'here-document'
  | 'raw-here-document'
  /** Commands in single quotes for the shell that was given the file; perl itself never reads them. */
  | 'shell-start'
  /** Text that takes no variable: `tr`, `m'...'`, code in `s///e`, formats, globs. */
  | 'fixed';

/** A piece of quoted text. Offsets are bytes from the file's start. */
export interface Quoted {
  readonly kind: QuoteKind;
  /** First byte of the operator or delimiter; of the tag for a here-document. */
  readonly start: number;
  /** The text between the delimiters; the lines of a here-document. */
  readonly textStart: number;
  readonly textEnd: number;
  /** Behind the closing delimiter; of the tag for a here-document. */
  readonly end: number;
  /** Opening and closing delimiter. */
  readonly open: string;
  readonly close: string;
  /** What reads the text: a shell, `sprintf`, or nothing that is known. */
  readonly reader: 'shell' | 'format' | 'none';
}

export interface Remark {
  readonly kind: 'comment' | 'pod' | 'end' | 'data';
  readonly start: number;
  readonly end: number;
}

export interface Lexed {
  readonly quoted: readonly Quoted[];
  readonly remarks: readonly Remark[];
  /** Where the first word of code stands; undefined when there is none. */
  readonly codeStart: number | undefined;
}
