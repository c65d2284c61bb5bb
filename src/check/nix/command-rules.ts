/** Commands of build phases that put store paths into files: patchelf, wrappers, substitutions, redirections. */

import { languageOf, type TargetLanguage, unknownLanguage } from '../target-language.ts';
import { checkLink, shown } from './link-rule.ts';
import { type ShellCommand, type ShellWord, shellCommands } from './shell.ts';
import type { Subject } from './subject.ts';

const TRIGGER =
  /\bln\b|patchelf|rpath|[wW]rap(?:per|Program|GApp|QtApp|PythonProgram|Gapps?)|substitute|\bsed\b|\bcat\b|\becho\b|\bprintf\b|[wW]rapperArgs/;

const WRAPPER =
  /^(?:makeWrapper|makeBinaryWrapper|makeShellWrapper|makeCWrapper|wrapProgram(?:Shell|Binary)?|wrapGAppsHook|wrapGApp|wrapQtApp|wrapPythonProgramsIn|wrapThunarWrapper|makeQtWrapper|wrapOCaml)$/;

/** Whether a text can hold anything for these rules. */
export function mayHoldCommands(text: string): boolean {
  return TRIGGER.test(text);
}

export function checkCommands(subject: Subject): void {
  let inOutput = false;
  for (const command of shellCommands(subject.string.text)) {
    if (command.name === 'cd' || command.name === 'pushd') {
      const to = command.words[0]?.value ?? '';
      inOutput = subject.isInOwnOutput(to) || (inOutput && !/^[/$~]/.test(to));
    } else if (command.name === 'popd') inOutput = false;
    subject.noteAssignments(command);
    checkLink(subject, command, inOutput);
    checkElf(subject, command);
    checkWrapper(subject, command);
    checkArrays(subject, command);
    checkSubstitution(subject, command);
    checkRedirection(subject, command);
  }
}

/** Whether a word holds a store path, or an own output. */
function bakes(subject: Subject, word: ShellWord): boolean {
  return subject.paths({ own: true, from: word.start, to: word.end }).length > 0;
}

function checkElf(subject: Subject, command: ShellCommand): void {
  const { words } = command;
  for (const [i, word] of words.entries()) {
    const next = words[i + 1];
    if (command.name.endsWith('patchelf') && next !== undefined) {
      if (word.value === '--set-interpreter' && (bakes(subject, next) || /dynamic-linker/.test(next.value))) {
        subject.report(
          {
            rule: 'nix/interpreter',
            severity: 'information',
            message: `absolute interpreter: ${shown(subject.source({ start: word.start, end: next.end }))}`,
            advice: 'nothing to do: a relocation starts the program through the loader stub',
          },
          { start: word.start, end: next.end },
          command,
        );
      }
      if (/^--(?:set|add|force)-rpath$/.test(word.value) && bakes(subject, next)) {
        reportRunPath(subject, { start: word.start, end: next.end }, command);
        continue;
      }
    }
    if (/(?:^|[\s,"'=])-{1,2}rpath(?:-link)?[=,]/.test(word.value) && bakes(subject, word))
      reportRunPath(subject, word, command);
    else if (
      /(?:^|[\s,])-{1,2}rpath$/.test(word.value) &&
      !command.name.endsWith('patchelf') &&
      next &&
      bakes(subject, next)
    ) {
      reportRunPath(subject, { start: word.start, end: next.end }, command);
    }
  }
  for (const word of command.assignments) {
    if (/(?:^|[\s,"'=])-{1,2}rpath[=, ]/.test(word.value) && bakes(subject, word))
      reportRunPath(subject, word, command);
  }
}

export function reportRunPath(
  subject: Subject,
  range: { readonly start: number; readonly end: number },
  command?: ShellCommand,
): void {
  subject.report(
    {
      rule: 'nix/rpath',
      severity: 'information',
      message: `absolute run path: ${shown(subject.source(range))}`,
      advice: 'nothing to do: a relocation makes it relative to $ORIGIN',
    },
    range,
    command,
  );
}

function checkWrapper(subject: Subject, command: ShellCommand): void {
  if (!WRAPPER.test(command.name)) return;
  // The first word is the program; the second of makeWrapper is the wrapper's own place.
  const rest = command.words.slice(command.name.startsWith('wrap') ? 1 : 2);
  const baked = rest.filter((word) => subject.paths({ from: word.start, to: word.end }).length > 0);
  const first = baked[0];
  if (first === undefined) return;
  const binary = /Binary|CWrapper/.test(command.name);
  subject.report(
    {
      rule: 'nix/wrapper',
      severity: 'information',
      message: `${command.name} writes ${baked.length === 1 ? 'a store path' : `${baked.length} store paths`} into the wrapper: ${shown(subject.source(first))}`,
      advice: binary
        ? 'nothing to do: a relocation keeps compiled wrappers working through the store alias'
        : 'nothing to do: a relocation makes the paths of shell wrappers relative',
    },
    first,
    command,
  );
}

/** `gappsWrapperArgs+=(--prefix PATH : ${...})`. */
function checkArrays(subject: Subject, command: ShellCommand): void {
  for (const word of command.assignments) {
    if (!/^\w*[wW]rapperArgs\+?=/.test(word.value)) continue;
    const [first] = subject.paths({ from: word.start, to: word.end });
    if (first === undefined) continue;
    subject.report(
      {
        rule: 'nix/wrapper',
        severity: 'information',
        message: `store path in a wrapper's arguments: ${shown(subject.source(word))}`,
        advice: WRAPPED,
      },
      word,
      command,
    );
  }
}

/** What becomes of the paths of wrappers whose kind is not known. */
export const WRAPPED =
  'nothing to do: a relocation makes the paths of wrappers relative, or keeps them working through the store alias';

const REPLACEMENT = /^--(?:replace(?:-fail|-warn|-quiet)?|subst-var-by)$/;

function checkSubstitution(subject: Subject, command: ShellCommand): void {
  const { name, words } = command;
  if (name === 'substituteInPlace' || name === 'substitute') {
    const first = words.findIndex(({ value }) => value.startsWith('--'));
    const files = words.slice(0, first < 0 ? words.length : first);
    for (const [i, word] of words.entries()) {
      const by = words[i + 2];
      if (REPLACEMENT.test(word.value) && by !== undefined && bakes(subject, by)) {
        reportSubstitution(
          subject,
          files.map(({ value }) => value),
          by,
          command,
        );
      }
    }
  } else if (name === 'sed' && words.some(({ value }) => /^(?:-[a-zA-Z]*i|--in-place)/.test(value))) {
    const { scripts, files } = sedOperands(words);
    for (const word of scripts) {
      if (bakes(subject, word)) {
        reportSubstitution(
          subject,
          files.map(({ value }) => value),
          word,
          command,
        );
      }
    }
  }
}

/** The scripts of sed are what -e names, or the first operand where nothing is named. */
function sedOperands(words: readonly ShellWord[]): { scripts: ShellWord[]; files: ShellWord[] } {
  const scripts: ShellWord[] = [];
  const files: ShellWord[] = [];
  let named = false;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as ShellWord;
    const long = word.value.startsWith('--expression=');
    if (long || /^-[a-zA-Z]*e$/.test(word.value) || word.value === '--expression') {
      named = true;
      const script = long ? word : words[++i];
      if (script !== undefined) scripts.push(script);
    } else if (/^-[a-zA-Z]*f$/.test(word.value)) {
      named = true;
      i++;
    } else if (!word.value.startsWith('-')) files.push(word);
  }
  if (!named) scripts.push(...files.splice(0, 1));
  return { scripts, files };
}

const ORDER = ['information', 'warning', 'error'];

function reportSubstitution(subject: Subject, files: readonly string[], word: ShellWord, command: ShellCommand): void {
  const languages = files.map((file) => languageOf(file) ?? unknownLanguage);
  const worst = languages.reduce<TargetLanguage>(
    (a, b) => (ORDER.indexOf(b.severity) > ORDER.indexOf(a.severity) ? b : a),
    languages[0] ?? unknownLanguage,
  );
  const isHost = /^(?:systemd|desktop entry|udev or polkit)$/.test(worst.name);
  const into = worst === unknownLanguage ? (files[0] ?? 'a file') : `${worst.name} (${files[0]})`;
  subject.report(
    {
      rule: isHost ? 'nix/host-text' : 'nix/substitute',
      severity: worst.severity,
      message: `store path substituted into ${readable(into)}: ${shown(subject.source(word))}`,
      advice: worst.advice,
    },
    word,
    command,
  );
}

/** Placeholders are shown as what they are. */
function readable(text: string): string {
  return text.replace(/[\ue000-\uf8ff]/g, '${...}');
}

/** `cat > $out/... <<EOF`, `echo ... > $out/...`. */
function checkRedirection(subject: Subject, command: ShellCommand): void {
  const { writesTo } = command;
  if (writesTo === undefined || !/^(?:cat|echo|printf|tee)$/.test(command.name)) return;
  if (!subject.isInOwnOutput(writesTo.target)) return;
  const words = command.name === 'cat' ? [] : command.words;
  const ranges = writesTo.body === undefined ? words : [writesTo.body, ...words];
  for (const range of ranges) reportText(subject, range, writesTo.target, command);
}

const HOST_TEXT = /^\s*\[(?:Desktop Entry|D-BUS Service|Unit|Service|Socket|Timer)\]\s*$/m;

/**
 * Reports the store paths of a text that becomes a file: one by one where each blocks, else together.
 *
 * @param fileName the file's name, as far as it is known.
 */
export function reportText(
  subject: Subject,
  range: { readonly start: number; readonly end: number },
  fileName: string,
  command?: ShellCommand,
): void {
  const uses = subject.paths({ from: range.start, to: range.end, own: command !== undefined });
  const first = uses[0];
  if (first === undefined) return;
  const text = subject.string.text.slice(range.start, range.end);
  const language = HOST_TEXT.test(text) ? languageOf('x.service') : languageOf(fileName);
  const at = (use: { readonly at: number }) => ({ start: use.at, end: use.at + 1 });
  if (language?.severity === 'error') {
    for (const use of uses) {
      subject.report(
        {
          rule: 'nix/host-text',
          severity: 'error',
          message: `absolute store path in a file that the host reads: ${lineAt(subject, use.at)}`,
          advice: language.advice,
        },
        at(use),
        command,
      );
    }
    return;
  }
  const shebang = /^#!\s*\S/.test(text) && text.indexOf('\n') > first.at - range.start;
  const isScript = /^#!/.test(text) || language !== undefined;
  subject.report(
    {
      rule: 'nix/writer',
      severity: 'information',
      message: `text with ${uses.length === 1 ? 'a store path' : `${uses.length} store paths`}${shebang ? ', first in its #! line' : ''}: ${lineAt(subject, first.at)}`,
      advice: isScript
        ? 'nothing to do: a relocation makes scripts relative, their #! lines too'
        : unknownLanguage.advice,
    },
    at(first),
    command,
  );
}

function lineAt(subject: Subject, at: number): string {
  const { text } = subject.string;
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const newline = text.indexOf('\n', at);
  return shown(subject.source({ start, end: newline < 0 ? text.length : newline }));
}
