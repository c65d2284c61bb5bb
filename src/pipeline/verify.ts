/** The checks on a finished result, before it gets its name. Each looks at the result itself, not at what was planned. */

import type { ObjectOutcome } from './object-task.ts';
import type { VerificationCheck } from './report.ts';
import type { Result } from './result.ts';
import { checkElfFiles } from './verify-elf.ts';
import { checkTargets } from './verify-targets.ts';

/** Law 1 and law 2 in the result: what stands there is what was left on purpose. */
function checkEscaped({ outcomes }: Result): VerificationCheck {
  const details = outcomes.flatMap(({ baseName, escaped }) => escaped.map((line) => `${baseName}/${line}`));
  const files = outcomes.reduce((sum, { rewritten }) => sum + rewritten.length, 0);
  return {
    name: 'occurrences',
    ok: details.length === 0,
    summary: `${files} rewritten files read again: no occurrence that was not left on purpose`,
    details,
  };
}

/** Digests that an object may lose: those of dead paths, in a relocation that drops them. */
function droppable({ sites }: ObjectOutcome): Set<string> {
  const dead = sites.filter(({ site: { role } }) => role === 'dead' || role === 'documentation');
  return new Set(dead.map(({ site }) => site.occurrence.digest));
}

/** Law 4: the set of digests in each object. */
function checkReferences({ outcomes, closure, shrunk }: Result): VerificationCheck {
  const details: string[] = [];
  const present = new Set(closure.map(({ baseName }) => baseName.slice(0, 32)));
  for (const outcome of outcomes) {
    const { baseName, digestsBefore, digestsAfter } = outcome;
    const after = new Set(digestsAfter);
    const before = new Set(digestsBefore);
    const may = shrunk ? droppable(outcome) : new Set();
    const lost = digestsBefore.filter((digest) => !after.has(digest) && !may.has(digest));
    const absent = shrunk ? digestsAfter.filter((digest) => !present.has(digest)) : [];
    if (absent.length > 0) details.push(`${baseName} still names ${absent.join(', ')}, which did not come along`);
    const gained = digestsAfter.filter((digest) => !before.has(digest));
    if (lost.length > 0) details.push(`${baseName} lost ${lost.join(', ')}`);
    if (gained.length > 0) details.push(`${baseName} gained ${gained.join(', ')}`);
  }
  return {
    name: 'references',
    ok: details.length === 0,
    summary: `${outcomes.length} objects refer to the same objects as before${shrunk ? ', dead paths apart' : ''}`,
    details,
  };
}

/** All checks, in the order in which people should read them. */
export function verifyResult(result: Result): VerificationCheck[] {
  return [checkEscaped(result), checkReferences(result), checkElfFiles(result), ...checkTargets(result)];
}
