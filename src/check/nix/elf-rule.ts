/** Run paths and interpreters: `patchelf`, and the linker's own flags. */

import { shown } from './link-rule.ts';
import type { ShellCommand } from './shell.ts';
import type { Range, Subject } from './subject.ts';

/** `-rpath=X`, `-Wl,-rpath,X`, `-C link-arg=-Wl,-rpath,X`. */
const WITH_VALUE = /(?:^|[\s,"'=])-{1,2}rpath(?:-link)?[=,]/;
/** `-rpath X`. */
const BEFORE_VALUE = /(?:^|[\s,"'=])-{1,2}rpath["']?$/;

export function checkElf(subject: Subject, command: ShellCommand): void {
  const { words } = command;
  const isPatchelf = command.name.endsWith('patchelf');
  for (const [i, word] of words.entries()) {
    const next = words[i + 1];
    if (isPatchelf && next !== undefined) {
      if (
        word.value === '--set-interpreter' &&
        (subject.bakes(next) || subject.mentions(next) || /dynamic-linker/.test(subject.source(next)))
      ) {
        reportInterpreter(subject, { start: word.start, end: next.end }, command);
        continue;
      }
      const setsPath = /^--(?:set|add|force)-rpath$/.test(word.value);
      if (setsPath && (subject.bakes(next) || subject.mentions(next))) {
        reportRunPath(subject, { start: word.start, end: next.end }, command);
        continue;
      }
    }
    if (WITH_VALUE.test(word.value) && subject.bakes(word)) reportRunPath(subject, word, command);
    else if (!isPatchelf && next !== undefined && BEFORE_VALUE.test(word.value) && subject.bakes(next)) {
      reportRunPath(subject, { start: word.start, end: next.end }, command);
    }
  }
  for (const word of command.assignments) {
    if (/(?:^|[\s,"'=(])-{1,2}rpath[=, ]/.test(word.value) && subject.bakes(word)) {
      reportRunPath(subject, word, command);
    }
  }
}

function reportInterpreter(subject: Subject, range: Range, command: ShellCommand): void {
  subject.report(
    {
      rule: 'nix/interpreter',
      severity: 'information',
      message: `absolute interpreter: ${shown(subject.source(range))}`,
      advice: 'nothing to do: a relocation starts the program through the loader stub',
    },
    range,
    command,
  );
}

export function reportRunPath(subject: Subject, range: Range, command?: ShellCommand): void {
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

/** `runtimeDependencies = [ (lib.getLib udev) ]` and its kin, which autoPatchelfHook adds to run paths. */
export const RUN_PATH_LISTS = /^(?:runtimeDependencies|appendRunpaths)$/;
