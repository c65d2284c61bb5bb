/**
 * Files of `[group]` lines and `key=value` lines: desktop entries (Desktop Entry Specification, "Basic format of the
 * file"), D-Bus services (dbus-daemon(1)), systemd units (systemd.syntax(7)).
 */

import { type LogicalLine, logicalLines } from './lines.ts';

export interface KeyFileLine extends LogicalLine {
  readonly kind: 'entry' | 'comment' | 'other';
  /** Name of the group around; `''` before the first. */
  readonly group: string;
  /** The key, without the locale in brackets. */
  readonly key: string;
}

const isComment = (line: string) => /^\s*[#;]/.test(line);

/** Lines joined at a backslash, over comments between them (systemd.syntax(7)). */
function joinedLines(text: string): LogicalLine[] {
  const joined: LogicalLine[] = [];
  let open = false;
  for (const { start, end } of logicalLines(text, false)) {
    const line = text.slice(start, end);
    const last = joined.at(-1);
    if (open && last !== undefined) joined[joined.length - 1] = { start: last.start, end };
    else joined.push({ start, end });
    if (!isComment(line)) open = /\\\r?$/.test(line);
  }
  return joined;
}

/** @param joins whether a backslash at the end joins a line with the next, as in systemd units */
export function keyFileLines(text: string, joins: boolean): KeyFileLine[] {
  let group = '';
  return (joins ? joinedLines(text) : logicalLines(text, false)).map(({ start, end }) => {
    const line = text.slice(start, end);
    const header = /^\s*\[([^\]\r\n]*)\]\s*$/.exec(line);
    if (header !== null) group = header[1] as string;
    const entry = /^\s*([A-Za-z0-9-]+)(?:\[[^\]=]*\])?\s*=/.exec(line);
    const kind = isComment(line) ? 'comment' : entry === null ? 'other' : 'entry';
    return { kind, group, key: entry?.[1] ?? '', start, end };
  });
}
