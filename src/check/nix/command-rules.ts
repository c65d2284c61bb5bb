/** Commands of build phases that put store paths into files. */

import { checkElf } from './elf-rule.ts';
import { checkFlagAssignments } from './flag-rule.ts';
import { checkLink } from './link-rule.ts';
import { shellCommands } from './shell.ts';
import type { Subject } from './subject.ts';
import { checkSubstitution } from './substitution-rule.ts';
import { checkRedirection } from './text-rule.ts';
import { checkWrapper, checkWrapperArrays } from './wrapper-rule.ts';

const TRIGGER =
  /\bln\b|\blndir\b|\bcp\s[^\n]*-\S*s|patchelf|rpath|[wW]rap(?:per|Program|GApp|QtApp|Thunar|OCaml)|substitute|\bsed\b|\bcat\b|\becho\b|\bprint(?:f|Words)\b|\btee\b|FLAGS|[fF]lags/;

/** Whether a text can hold anything for these rules. */
export function mayHoldCommands(text: string): boolean {
  return TRIGGER.test(text);
}

export function checkCommands(subject: Subject): void {
  for (const command of shellCommands(subject.string.text)) {
    subject.noteAssignments(command);
    checkLink(subject, command);
    checkElf(subject, command);
    checkWrapper(subject, command);
    checkWrapperArrays(subject, command);
    checkFlagAssignments(subject, command);
    checkSubstitution(subject, command);
    checkRedirection(subject, command);
  }
}
