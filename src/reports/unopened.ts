/** What an audit did not look into, in words: the same in every format. */

import type { ReportUnopened } from '../pipeline/report.ts';

/** How many files these are, and members of archives. */
export function countUnopened(unopened: readonly ReportUnopened[] = []): number {
  return unopened.reduce((sum, { members }) => sum + (members ?? 1), 0);
}

/** Where it is: the file, the inner file, and how many others. */
export function unopenedName({ file, member, members }: ReportUnopened): string {
  const others = (members ?? 1) - 1;
  const more = others === 0 ? '' : others === 1 ? ' and another one' : ` and ${others} others`;
  return `${file === '' ? '(the object itself)' : file}${member === undefined ? '' : ` (inside: ${member})`}${more}`;
}

/** Why. */
export function unopenedReason({ format, reason }: ReportUnopened): string {
  return `${format}: ${reason}`;
}
