/** The checks on a finished result, before it gets its name. Each looks at the result itself, not at what was planned. */

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

/** Law 4: the set of digests in each object. */
function checkReferences({ outcomes }: Result): VerificationCheck {
  const details: string[] = [];
  for (const { baseName, digestsBefore, digestsAfter } of outcomes) {
    const after = new Set(digestsAfter);
    const before = new Set(digestsBefore);
    const lost = digestsBefore.filter((digest) => !after.has(digest));
    const gained = digestsAfter.filter((digest) => !before.has(digest));
    if (lost.length > 0) details.push(`${baseName} lost ${lost.join(', ')}`);
    if (gained.length > 0) details.push(`${baseName} gained ${gained.join(', ')}`);
  }
  return {
    name: 'references',
    ok: details.length === 0,
    summary: `${outcomes.length} objects refer to the same objects as before`,
    details,
  };
}

/** All checks, in the order in which people should read them. */
export function verifyResult(result: Result): VerificationCheck[] {
  return [checkEscaped(result), checkReferences(result), checkElfFiles(result), ...checkTargets(result)];
}
