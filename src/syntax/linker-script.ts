/**
 * Linker scripts in place of libraries, such as glibc's libc.so: commands with names in parentheses, and comments
 * (GNU ld manual, "Linker Script Format" and "Commands Dealing with Files").
 */

export interface LinkerScriptWord {
  readonly kind: 'word' | 'comment';
  /** Without quotes; bytes from the file's start. */
  readonly start: number;
  readonly end: number;
  /** The outermost command in whose parentheses it stands, such as `GROUP`; `''` outside. */
  readonly command: string;
}

const token = /\s*(?:(\/\*)|"([^"\n]*)"|([(),;{}])|([^\s(),;{}"]+))/y;

/** @param text the file, one character a byte */
export function linkerScriptWords(text: string): LinkerScriptWord[] {
  const words: LinkerScriptWord[] = [];
  let command = '';
  let last = '';
  let depth = 0;
  token.lastIndex = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [, comment, quoted, mark, word] = match;
    const end = token.lastIndex;
    if (comment !== undefined) {
      const close = text.indexOf('*/', end);
      const commentEnd = close < 0 ? text.length : close + 2;
      words.push({ kind: 'comment', start: end - 2, end: commentEnd, command: '' });
      token.lastIndex = commentEnd;
    } else if (mark === '(') {
      if (depth === 0) command = last;
      depth++;
    } else if (mark === ')') {
      depth = Math.max(0, depth - 1);
      if (depth === 0) command = '';
    } else if (mark === undefined) {
      last = word ?? '';
      const content = quoted ?? last;
      const stop = quoted === undefined ? end : end - 1;
      words.push({ kind: 'word', start: stop - content.length, end: stop, command });
    }
  }
  return words;
}
