/** Which objects a picture of the dependencies shows, and by which lines. */

import type { ObjectRow } from '../object-rows.ts';
import type { Reachability } from '../reachability.ts';

/** More than so many nodes are no picture any more. */
export const MOST_NODES = 60;

export interface Selection {
  readonly rows: readonly ObjectRow[];
  /** `all`: every object; `blocking`: blocked objects and what needs them; `some`: the weightiest of those; `large`: by size. */
  readonly kind: 'all' | 'blocking' | 'some' | 'large';
}

const bySize = (a: ObjectRow, b: ObjectRow) => b.object.size - a.object.size || a.index - b.index;
const byDependents = (a: ObjectRow, b: ObjectRow) => b.dependents - a.dependents || a.index - b.index;

/** At most `most` objects: all, or what is blocked and held back, or the largest when nothing is. */
export function selectObjects(rows: readonly ObjectRow[], most = MOST_NODES): Selection {
  if (rows.length <= most) return { rows, kind: 'all' };
  const blocked = rows.filter(({ verdict }) => verdict === 'blocked');
  const held = rows.filter(({ verdict, heldBackBy }) => verdict !== 'blocked' && heldBackBy.length > 0);
  const inOrder = (chosen: readonly ObjectRow[]) => [...chosen].sort((a, b) => a.index - b.index);
  const roots = rows.filter(({ dependents }) => dependents === 0);
  if (blocked.length === 0) {
    const large = [...rows].sort(bySize);
    return { rows: inOrder([...new Set([...roots.slice(0, most / 4), ...large])].slice(0, most)), kind: 'large' };
  }
  if (blocked.length + held.length <= most) return { rows: inOrder([...blocked, ...held]), kind: 'blocking' };
  const weightiest = [...blocked].sort(byDependents).slice(0, Math.ceil(most / 2));
  const ends = held.filter(({ dependents }) => dependents === 0).slice(0, most / 4);
  const between = [...held].sort((a, b) => b.heldBackBy.length - a.heldBackBy.length || byDependents(a, b));
  return { rows: inOrder([...new Set([...weightiest, ...ends, ...between])].slice(0, most)), kind: 'some' };
}

export interface Line {
  readonly from: number;
  readonly to: number;
}

/**
 * The fewest lines that still tell which of these objects needs which, over objects that are not shown too (the transitive
 * reduction). In a circle, the object that comes first in the report is above.
 * @param nodes positions of objects
 */
export function reducedLines(nodes: readonly number[], { reaches }: Reachability): Line[] {
  const above = (a: number, b: number) => a !== b && reaches(a, b) && (a < b || !reaches(b, a));
  return nodes.flatMap((from) => {
    const below = nodes.filter((to) => above(from, to));
    return below.filter((to) => !below.some((between) => above(between, to))).map((to) => ({ from, to }));
  });
}
