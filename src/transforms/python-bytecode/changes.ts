/** What has to be done to a module's constants when it is run: the argument of `prepare` in start.py. */

import {
  isString,
  itemsOf,
  type MarshalCode,
  type MarshalNode,
  type MarshalString,
  resolved,
} from '../../syntax/python/marshal.ts';
import type { MarshalValue } from './marshal-writer.ts';

/** How a constant wants the store directory: nothing for plain text, `b` for bytes, `%`, `{` and `r` for its readers. */
export type Joint = '' | '%' | '{' | 'r' | 'b' | 'b%' | 'b{' | 'br';

/**
 * Changes of a module's code, as nested tuples: kind, indices of plain text, and pairs of an index with other changes.
 *
 * @param joints the strings that were taken apart
 * @returns undefined when no constant changes
 */
export function changesOf(module: MarshalCode, joints: ReadonlyMap<MarshalString, Joint>): MarshalValue | undefined {
  const known = new Map<MarshalNode, MarshalValue | undefined>();

  const ofItems = (kind: string, items: readonly MarshalNode[]): MarshalValue | undefined => {
    const plain: number[] = [];
    const others: MarshalValue[] = [];
    for (const [i, item] of items.entries()) {
      const changes = ofNode(resolved(item));
      if (changes === '') plain.push(i);
      else if (changes !== undefined) others.push([i, changes]);
    }
    return plain.length + others.length === 0 ? undefined : [kind, plain, others];
  };

  const ofNode = (node: ReturnType<typeof resolved>): MarshalValue | undefined => {
    if (isString(node)) return joints.get(node);
    if (known.has(node)) return known.get(node);
    const changes =
      node.kind === 'code'
        ? ofItems('code', itemsOf(node.constants))
        : node.kind === 'other'
          ? undefined
          : ofItems(node.kind, node.items);
    known.set(node, changes);
    return changes;
  };

  return ofNode(module);
}

/** Frozen sets that hold a changed constant: their order must stay until they are put together again. */
export function changedSets(module: MarshalCode, joints: ReadonlyMap<MarshalString, Joint>): MarshalNode[] {
  const holds = new Map<MarshalNode, boolean>();
  const sets: MarshalNode[] = [];
  const visit = (place: MarshalNode): boolean => {
    const node = resolved(place);
    if (isString(node)) return joints.has(node);
    const before = holds.get(node);
    if (before !== undefined) return before;
    const items = node.kind === 'code' ? itemsOf(node.constants) : node.kind === 'other' ? [] : node.items;
    let answer = false;
    for (const item of items) if (visit(item)) answer = true;
    holds.set(node, answer);
    if (answer && node.kind === 'frozenset') sets.push(node);
    return answer;
  };
  visit(module);
  return sets;
}
