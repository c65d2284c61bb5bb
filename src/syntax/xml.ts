/**
 * XML as far as places go: which element's text, which attribute, or which comment holds a byte (XML 1.0, "Documents").
 * Not well-formed input gives what stands before the error.
 */

export interface XmlAttribute {
  readonly name: string;
  /** The value between its quotes; bytes from the file's start. */
  readonly start: number;
  readonly end: number;
}

export interface XmlTag {
  readonly name: string;
  /** Behind the name: where an attribute may be inserted. */
  readonly nameEnd: number;
  readonly attributes: readonly XmlAttribute[];
}

/** A stretch of the file. */
export interface XmlPart {
  readonly kind: 'text' | 'tag' | 'comment';
  readonly start: number;
  readonly end: number;
  /** The tag itself; for text the start tag of the element around, if any. */
  readonly tag: XmlTag | undefined;
}

const NAME = '[A-Za-z_:\u0080-\u00ff][-A-Za-z0-9_:.\u0080-\u00ff]*';
const open = new RegExp(`<(${NAME})((?:\\s+${NAME}\\s*=\\s*(?:"[^"]*"|'[^']*'))*)\\s*(/?)>`, 'y');
const close = new RegExp(`</(${NAME})\\s*>`, 'y');
const attribute = new RegExp(`(${NAME})\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'g');
const declaration = /<!DOCTYPE(?:[^[\]>"']|"[^"]*"|'[^']*'|\[(?:[^\]"']|"[^"]*"|'[^']*')*\])*>/y;

function attributesOf(text: string, start: number): XmlAttribute[] {
  return [...text.matchAll(attribute)].map((match) => {
    const value = match[2] ?? match[3] ?? '';
    const end = start + match.index + match[0].length - 1;
    return { name: match[1] as string, start: end - value.length, end };
  });
}

/** End of a comment, processing instruction or CDATA section at `at`: its kind and where it ends; undefined for others. */
function markupEnd(text: string, at: number): { readonly kind: 'comment' | 'text'; readonly end: number } | undefined {
  const delimiters: readonly (readonly [string, string, 'comment' | 'text'])[] = [
    ['<!--', '-->', 'comment'],
    ['<?', '?>', 'comment'],
    ['<![CDATA[', ']]>', 'text'],
  ];
  const found = delimiters.find(([begin]) => text.startsWith(begin, at));
  if (found !== undefined) {
    const end = text.indexOf(found[1], at + found[0].length);
    return end < 0 ? undefined : { kind: found[2], end: end + found[1].length };
  }
  declaration.lastIndex = at;
  return declaration.test(text) ? { kind: 'comment', end: declaration.lastIndex } : undefined;
}

/** @param text the file, one character a byte */
export function xmlParts(text: string): XmlPart[] {
  const parts: XmlPart[] = [];
  const around: XmlTag[] = [];
  for (let at = 0; at < text.length; ) {
    const next = text.indexOf('<', at);
    const textEnd = next < 0 ? text.length : next;
    if (textEnd > at) parts.push({ kind: 'text', start: at, end: textEnd, tag: around.at(-1) });
    if (next < 0) break;
    at = next;
    open.lastIndex = at;
    close.lastIndex = at;
    const markup = markupEnd(text, at);
    const opened = markup === undefined ? open.exec(text) : null;
    if (markup !== undefined) {
      parts.push({ kind: markup.kind, start: at, end: markup.end, tag: around.at(-1) });
      at = markup.end;
    } else if (opened !== null) {
      const name = opened[1] as string;
      const nameEnd = at + 1 + name.length;
      const tag = { name, nameEnd, attributes: attributesOf(opened[2] as string, nameEnd) };
      parts.push({ kind: 'tag', start: at, end: open.lastIndex, tag });
      if (opened[3] === '') around.push(tag);
      at = open.lastIndex;
    } else if (close.test(text)) {
      around.pop();
      at = close.lastIndex;
    } else {
      break;
    }
  }
  return parts;
}
