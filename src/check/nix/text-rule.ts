/** Texts that become files: of writers, of here-documents, of `echo`. */

import { hostKey, languageOf, unitLanguage, unknownLanguage } from '../target-language.ts';
import { shown } from './link-rule.ts';
import type { ShellCommand } from './shell.ts';
import type { Range, Subject } from './subject.ts';

const UNIT = /^[ \t]*\[(?:Unit|Service|Socket|Timer|Path|Mount)\][ \t]*$/m;
const BUS = /^[ \t]*\[D-BUS Service\][ \t]*$/m;
const ENTRY = /^[ \t]*\[Desktop (?:Entry|Action .*)\][ \t]*$/m;

/** What file a text is, where its own first lines say so. */
function told(text: string): string | undefined {
  if (BUS.test(text)) return 'dbus-1/x.service';
  if (ENTRY.test(text)) return 'x.desktop';
  return UNIT.test(text) ? 'x.service' : undefined;
}

/** `cat > $out/... <<EOF`, `echo ... > $out/...`. */
export function checkRedirection(subject: Subject, command: ShellCommand): void {
  const { writesTo } = command;
  if (writesTo === undefined || !/^(?:cat|echo|printf|printWords|tee)$/.test(command.name)) return;
  if (!subject.isInOwnOutput(writesTo.target)) return;
  const words = command.name === 'cat' || command.name === 'tee' ? [] : command.words;
  if (writesTo.body !== undefined) reportText(subject, writesTo.body, writesTo.target, command);
  if (words.length > 0) {
    reportText(subject, { start: words[0]?.start ?? 0, end: words.at(-1)?.end ?? 0 }, writesTo.target, command);
  }
}

/**
 * Reports the store paths of a text that becomes a file: one by one where each blocks, else together.
 *
 * @param fileName the file's name, as far as it is known.
 */
export function reportText(
  subject: Subject,
  range: Range & { readonly quoted?: boolean },
  fileName: string,
  command?: ShellCommand,
): void {
  // In a text that the shell does not expand, a variable is what it is when the file is used.
  const own = command !== undefined && range.quoted !== true;
  const uses = subject.paths({ from: range.start, to: range.end, own });
  const text = subject.string.text.slice(range.start, range.end);
  const first = uses[0];
  if (first === undefined) {
    if (subject.mentions(range)) reportWriter(subject, range, range, 1, fileName, text, command);
    return;
  }
  const known = told(text) ?? fileName;
  const language = languageOf(known);
  if (language?.host !== true || subject.file.isModule) {
    reportWriter(subject, { start: first.at, end: first.at + 1 }, range, uses.length, known, text, command);
    return;
  }
  for (const use of uses) {
    const line = lineRange(subject, use.at);
    const { severity, advice } = unitLanguage(language, hostKey(subject.string.text.slice(line.start, line.end)));
    subject.report(
      {
        rule: 'nix/host-text',
        severity,
        message: `absolute store path in a file that the host reads: ${shown(subject.source(line))}`,
        advice,
      },
      { start: use.at, end: use.at + 1 },
      command,
    );
  }
}

function reportWriter(
  subject: Subject,
  at: Range,
  range: Range,
  count: number,
  fileName: string,
  text: string,
  command?: ShellCommand,
): void {
  const shebang = /^#!\s*\S/.test(text) && text.indexOf('\n') > at.start - range.start;
  const language = languageOf(fileName);
  const isScript = /^#!/.test(text) || (language !== undefined && language.host !== true);
  subject.report(
    {
      rule: 'nix/writer',
      severity: 'information',
      message: `text with ${count === 1 ? 'a store path' : `${count} store paths`}${shebang ? ', first in its #! line' : ''}: ${shown(subject.source(lineRange(subject, at.start)))}`,
      advice: language?.host
        ? 'part of the configuration of a system, which stays where its store is'
        : isScript
          ? 'nothing to do: a relocation makes scripts relative, their #! lines too'
          : unknownLanguage.advice,
    },
    at,
    command,
  );
}

function lineRange(subject: Subject, at: number): Range {
  const { text } = subject.string;
  const newline = text.indexOf('\n', at);
  return { start: text.lastIndexOf('\n', at - 1) + 1, end: newline < 0 ? text.length : newline };
}
