import { visibleLine, visibleText } from '../visible.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] as string);
}

/** Text that stays text in HTML, in elements and in quoted attributes, and that shows what it is. */
export function escapeHtml(text: string): string {
  return escaped(visibleText(text));
}

/** The same for texts of our own with many lines. */
export function escapeLines(text: string): string {
  return text
    .split('\n')
    .map((line) => escaped(visibleLine(line)))
    .join('\n');
}

/** JSON that may stand inside a script element: no `<` ends it, no line separator breaks it. */
export function embeddedJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}
