/** Comments of shell scripts, which the parser does not tell. */

/**
 * Tells whether bytes that no word holds stand behind a `#` that begins a comment. Asked with ascending offsets, so that
 * long lines are looked at once.
 */
export function commentFinder(text: string): (offset: number) => boolean {
  const sign = /(?:^|[ \t\r;&|()`])#/gm;
  let lineEnd = -1;
  let comment = -1;
  return (offset) => {
    while (lineEnd < offset) {
      sign.lastIndex = lineEnd + 1;
      const next = text.indexOf('\n', lineEnd + 1);
      lineEnd = next < 0 ? text.length : next;
      if (lineEnd >= offset) comment = sign.exec(text)?.index ?? text.length;
    }
    return comment < offset;
  };
}

/** Only blank lines and comments may stand before the first command. */
export function firstCommand(text: string, pos: number | undefined): number | undefined {
  if (pos === undefined) return undefined;
  const isFirst = text
    .slice(0, pos)
    .split('\n')
    .every((line, i, lines) => (i === lines.length - 1 ? /^[ \t]*$/ : /^[ \t]*(?:#.*)?\r?$/).test(line));
  return isFirst ? pos : undefined;
}
