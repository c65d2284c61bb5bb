/** Which objects need which, directly or not. */

import type { ReportObject } from '../../pipeline/report.ts';

export interface Reachability {
  readonly count: number;
  /** Whether object `from` needs object `to`, directly or not; in a circle, an object needs itself. */
  reaches(from: number, to: number): boolean;
}

/** Positions of the objects that each object refers to; others, and itself, left out. */
function targetsOf(objects: readonly ReportObject[]): number[][] {
  const indexOf = new Map(objects.map(({ path }, i) => [path, i]));
  return objects.map(({ references }, i) => {
    const targets = references.map((path) => indexOf.get(path)).filter((target) => target !== undefined);
    return [...new Set(targets)].filter((target) => target !== i);
  });
}

/** One bit for each pair of objects, found by uniting until nothing is added (once more than there are circles in a row). */
export function reachability(objects: readonly ReportObject[]): Reachability {
  const targets = targetsOf(objects);
  const words = Math.ceil(objects.length / 32);
  const bits = new Uint32Array(objects.length * words);
  const order = depthFirst(targets);
  for (let changed = true; changed; ) {
    changed = false;
    for (const at of order) {
      for (const target of targets[at] ?? []) {
        if (unite(bits, at * words, target, words)) changed = true;
      }
    }
  }
  return {
    count: objects.length,
    reaches: (from, to) => ((bits[from * words + (to >>> 5)] ?? 0) & (1 << (to & 31))) !== 0,
  };
}

/** Adds `target` and what it reaches to the row at `row`. */
function unite(bits: Uint32Array, row: number, target: number, words: number): boolean {
  let changed = false;
  for (let i = 0; i < words; i++) {
    const own = i === target >>> 5 ? 1 << (target & 31) : 0;
    const old = bits[row + i] ?? 0;
    bits[row + i] = old | (bits[target * words + i] ?? 0) | own;
    if (bits[row + i] !== old) changed = true;
  }
  return changed;
}

/** What is needed before what needs it, where there are no circles. */
function depthFirst(targets: readonly (readonly number[])[]): number[] {
  const order: number[] = [];
  const entered = new Set<number>();
  for (const start of targets.keys()) {
    if (entered.has(start)) continue;
    entered.add(start);
    const trail = [{ at: start, next: 0 }];
    for (let top = trail.at(-1); top !== undefined; top = trail.at(-1)) {
      const target = targets[top.at]?.[top.next++];
      if (target === undefined) {
        order.push(top.at);
        trail.pop();
      } else if (!entered.has(target)) {
        entered.add(target);
        trail.push({ at: target, next: 0 });
      }
    }
  }
  return order;
}
