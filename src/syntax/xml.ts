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
  readonly kind: 'text' | 'tag' | 'comment' | 'declaration';
  readonly start: number;
  readonly end: number;
  /** The tag itself; for text the start tag of the element around, if any. */
  readonly tag: XmlTag | undefined;
}

const NAME = '[A-Za-z_:\u0080-\u00ff][-A-Za-z0-9_:.\u0080-\u00ff]*';
const opening = new RegExp(`<(${NAME})`, 'y');
const close = new RegExp(`</(${NAME})\\s*>`, 'y');
const attribute = new RegExp(`\\s+(${NAME})\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'y');
const tagEnd = /\s*(\/?)>/y;

/** The start tag at `at`, and where it ends; undefined when there is none. */
function startTag(
  text: string,
  at: number,
): { readonly tag: XmlTag; readonly end: number; readonly empty: boolean } | undefined {
  opening.lastIndex = at;
  const name = opening.exec(text)?.[1];
  if (name === undefined) return undefined;
  const nameEnd = opening.lastIndex;
  const attributes: XmlAttribute[] = [];
  let from = nameEnd;
  for (;;) {
    attribute.lastIndex = from;
    const match = attribute.exec(text);
    if (match === null) break;
    from = attribute.lastIndex;
    const value = match[2] ?? match[3] ?? '';
    attributes.push({ name: match[1] as string, start: from - 1 - value.length, end: from - 1 });
  }
  tagEnd.lastIndex = from;
  const end = tagEnd.exec(text);
  return end === null
    ? undefined
    : { tag: { name, nameEnd, attributes }, end: tagEnd.lastIndex, empty: end[1] === '/' };
}

/** End of the document type declaration at `at`; -1 when there is none, or it is not closed. */
function declarationEnd(text: string, at: number): number {
  if (!text.startsWith('<!DOCTYPE', at)) return -1;
  let inSubset = false;
  for (let i = at; i < text.length; i++) {
    const character = text[i] as string;
    if (character === '"' || character === "'") {
      i = text.indexOf(character, i + 1);
      if (i < 0) return -1;
    } else if (character === '[') inSubset = true;
    else if (character === ']') inSubset = false;
    else if (character === '>' && !inSubset) return i + 1;
    else if (text.startsWith('<!--', i)) {
      i = text.indexOf('-->', i);
      if (i < 0) return -1;
    }
  }
  return -1;
}

/** End of a comment, processing instruction or CDATA section at `at`: its kind and where it ends; undefined for others. */
function markupEnd(
  text: string,
  at: number,
): { readonly kind: 'comment' | 'text' | 'declaration'; readonly end: number } | undefined {
  const delimiters: readonly (readonly [string, string, 'comment' | 'text' | 'declaration'])[] = [
    ['<!--', '-->', 'comment'],
    ['<?', '?>', 'declaration'],
    ['<![CDATA[', ']]>', 'text'],
  ];
  const found = delimiters.find(([begin]) => text.startsWith(begin, at));
  if (found !== undefined) {
    const end = text.indexOf(found[1], at + found[0].length);
    return end < 0 ? undefined : { kind: found[2], end: end + found[1].length };
  }
  const end = declarationEnd(text, at);
  return end < 0 ? undefined : { kind: 'declaration', end };
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
    close.lastIndex = at;
    const markup = markupEnd(text, at);
    const opened = markup === undefined ? startTag(text, at) : undefined;
    if (markup !== undefined) {
      parts.push({ kind: markup.kind, start: at, end: markup.end, tag: around.at(-1) });
      at = markup.end;
    } else if (opened !== undefined) {
      parts.push({ kind: 'tag', start: at, end: opened.end, tag: opened.tag });
      if (!opened.empty) around.push(opened.tag);
      at = opened.end;
    } else if (close.test(text)) {
      around.pop();
      at = close.lastIndex;
    } else {
      break;
    }
  }
  return parts;
}
