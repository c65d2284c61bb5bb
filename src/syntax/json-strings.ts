/** Strings of a JSON text with the keys that lead to them (RFC 8259). Stops at what is no JSON. */

export interface JsonString {
  /** Between the quotes; bytes from the file's start. */
  readonly start: number;
  readonly end: number;
  /** Keys from the top; elements of an array have the key `*`. As they are spelled. */
  readonly path: readonly string[];
}

const token = /[\s,]*(?:([{}[\]])|"((?:[^"\\\u0000-\u001f]|\\.)*)"(\s*:)?|[-+.A-Za-z0-9]+)/y;

/** The string values, not the keys. */
export function jsonStrings(text: string): JsonString[] {
  const strings: JsonString[] = [];
  /** One for each open object or array: the key of the member that is being read. */
  const path: string[] = [];
  const isArray: boolean[] = [];
  token.lastIndex = text.startsWith('\u00ef\u00bb\u00bf') ? 3 : 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [, bracket, content, colon] = match;
    if (bracket === '{' || bracket === '[') {
      isArray.push(bracket === '[');
      path.push(bracket === '[' ? '*' : '');
    } else if (bracket !== undefined) {
      isArray.pop();
      path.pop();
    } else if (content !== undefined && colon !== undefined) {
      if (path.length > 0 && isArray.at(-1) === false) path[path.length - 1] = content;
    } else if (content !== undefined) {
      const end = token.lastIndex - 1;
      strings.push({ start: end - content.length, end, path: [...path] });
    }
  }
  return strings;
}
