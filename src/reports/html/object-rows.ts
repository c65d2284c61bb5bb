/** What the page tells of each object. */

import type { AuditReport, ReportObject } from '../../pipeline/report.ts';
import { displayNames } from '../object-names.ts';
import { visibleText } from '../visible.ts';
import { baseName } from '../words.ts';
import { type Outcomes, outcomesOf } from './outcomes.ts';
import type { Reachability } from './reachability.ts';

/** Its own sites only: whether an object is held back by others is another question. */
export type Verdict = 'clean' | 'rewritten' | 'blocked';

export interface ObjectRow extends Outcomes {
  readonly object: ReportObject;
  /** Position in the report. */
  readonly index: number;
  /** Base name without the digest, where that is enough to tell it from the others. */
  readonly name: string;
  readonly verdict: Verdict;
  /** How many objects of the report need this one, directly or not. */
  readonly dependents: number;
  /** Positions of the blocked objects that this one needs. */
  readonly heldBackBy: readonly number[];
}

/** One row for each object, in the order of the report. */
export function objectRows({ objects }: AuditReport, { reaches }: Reachability): ObjectRow[] {
  const names = displayNames(objects.map(({ path }) => visibleText(baseName(path))));
  const found = objects.map(({ sites }) => outcomesOf(sites));
  const blocked = [...found.keys()].filter((i) => (found[i]?.blocked ?? 0) > 0);
  return objects.map((object, index) => {
    const own = found[index] as Outcomes;
    return {
      object,
      index,
      name: names[index] ?? '',
      verdict: own.blocked > 0 ? 'blocked' : object.sites.length > 0 ? 'rewritten' : 'clean',
      ...own,
      dependents: objects.reduce((sum, _, user) => sum + (user !== index && reaches(user, index) ? 1 : 0), 0),
      heldBackBy: blocked.filter((other) => other !== index && reaches(index, other)),
    };
  });
}
