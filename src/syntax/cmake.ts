/**
 * CMake's language: commands with arguments, quoted, unquoted or in brackets, and comments (cmake-language(7), "Syntax";
 * Source/LexerParser/cmListFileLexer.in.l). Values are not evaluated here.
 */

export interface CMakeToken {
  readonly kind: 'quoted' | 'unquoted' | 'bracket' | 'comment';
  /** Bytes from the file's start; delimiters and the comment's mark included. */
  readonly start: number;
  readonly end: number;
  /** The command whose argument it is, in lower case; `''` for comments. */
  readonly command: string;
  /** Where the body of the innermost function or macro begins that holds it; undefined outside. */
  readonly body: number | undefined;
}

export interface CMakeFile {
  readonly tokens: readonly CMakeToken[];
  /** Where the first command may be inserted: behind a byte order mark or a `#!` line. */
  readonly top: number;
}

const BOM = '\u00ef\u00bb\u00bf';
const blank = /[ \t\r\n]*/y;
const identifier = /[A-Za-z_][A-Za-z0-9_]*/y;
const bracketOpen = /\[(=*)\[/y;
const quoted = /"(?:[^"\\]|\\[\s\S])*"/y;
/** With the legacy forms: `-Da="b c"` and `$(MAKEVAR)`. */
const unquoted =
  /(?:\$\([A-Za-z0-9_]*\)|[^ \0\t\r\n()#"\\]|\\[^\0\n]|"(?:\$\([A-Za-z0-9_]*\)|[^\0\r\n()#"\\]|\\[^\0\n])*")+/y;

/** End of the match of a sticky expression at `at`; -1 when there is none. */
function matchEnd(expression: RegExp, text: string, at: number): number {
  expression.lastIndex = at;
  return expression.test(text) ? expression.lastIndex : -1;
}

/** End of the bracket argument at `at`; -1 when there is none, or it is not closed. */
function bracketEnd(text: string, at: number): number {
  bracketOpen.lastIndex = at;
  const open = bracketOpen.exec(text);
  if (open === null) return -1;
  const close = `]${open[1]}]`;
  const end = text.indexOf(close, bracketOpen.lastIndex);
  return end < 0 ? -1 : end + close.length;
}

function commentEnd(text: string, at: number): number {
  const bracket = bracketEnd(text, at + 1);
  if (bracket >= 0) return bracket;
  const newline = text.indexOf('\n', at);
  return newline < 0 ? text.length : newline;
}

/**
 * Reads the file as far as it is well formed: behind the first error there are no tokens.
 *
 * @param text the file, one character a byte
 */
export function cmakeFile(text: string): CMakeFile {
  const tokens: CMakeToken[] = [];
  const top = text.startsWith(BOM) ? BOM.length : (/^#!.*\n/.exec(text)?.[0].length ?? 0);
  /** Bodies of the functions and macros around; undefined while the command that opens one is not closed. */
  const bodies: number[] = [];
  let command = '';
  let depth = 0;
  for (let at = top; at < text.length; ) {
    at = matchEnd(blank, text, at);
    if (at >= text.length) break;
    const character = text[at] as string;
    const add = (kind: CMakeToken['kind'], end: number) => {
      tokens.push({ kind, start: at, end, command: kind === 'comment' ? '' : command, body: bodies.at(-1) });
      at = end;
    };
    if (character === '#') {
      add('comment', commentEnd(text, at));
    } else if (depth === 0) {
      const end = matchEnd(identifier, text, at);
      if (end < 0) break;
      command = text.slice(at, end).toLowerCase();
      at = matchEnd(blank, text, end);
      if (text[at] !== '(') break;
      at++;
      depth = 1;
      if (command === 'endfunction' || command === 'endmacro') bodies.pop();
    } else if (character === '(') {
      depth++;
      at++;
    } else if (character === ')') {
      depth--;
      at++;
      if (depth === 0 && (command === 'function' || command === 'macro')) bodies.push(at);
    } else {
      const kind = character === '"' ? 'quoted' : bracketEnd(text, at) >= 0 ? 'bracket' : 'unquoted';
      const end = kind === 'bracket' ? bracketEnd(text, at) : matchEnd(kind === 'quoted' ? quoted : unquoted, text, at);
      if (end < 0) break;
      add(kind, end);
    }
  }
  return { tokens, top };
}

/** The token that holds the byte at `offset`. Tokens are in order. */
export function cmakeTokenAt(tokens: readonly CMakeToken[], offset: number): CMakeToken | undefined {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((tokens[middle] as CMakeToken).end <= offset) low = middle + 1;
    else high = middle;
  }
  const token = tokens[low];
  return token !== undefined && token.start <= offset ? token : undefined;
}
