/** Areas in proportion to weights: squarified treemaps (Bruls, Huizing, van Wijk: Squarified Treemaps, 2000), by d3. */

import { hierarchy, treemap, treemapSquarify } from 'd3-hierarchy';

export interface Frame {
  readonly width: number;
  readonly height: number;
}

export interface Tile<T> {
  readonly item: T;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Branch<T> {
  readonly item?: T;
  readonly weight: number;
  readonly children?: readonly Branch<T>[];
}

/**
 * Fills the frame with a rectangle for each item, from the left and the top; the heaviest first gives the best shapes.
 * @param weight 0 or more; what weighs nothing gets no rectangle
 */
export function tiles<T>(items: readonly T[], weight: (item: T) => number, { width, height }: Frame): Tile<T>[] {
  const children = items.map((item) => ({ item, weight: weight(item) })).filter((branch) => branch.weight > 0);
  if (children.length === 0) return [];
  const root = hierarchy<Branch<T>>({ weight: 0, children }, (branch) => branch.children as Branch<T>[]).sum(
    (branch) => branch.weight,
  );
  const layout = treemap<Branch<T>>().tile(treemapSquarify).size([width, height]);
  return layout(root)
    .leaves()
    .map(({ data, x0, y0, x1, y1 }) => ({ item: data.item as T, x: x0, y: y0, width: x1 - x0, height: y1 - y0 }));
}

export interface Collected<T> {
  readonly items: readonly T[];
  readonly weight: number;
}

/**
 * Puts what would be too small to see together, at the end; the others stay by themselves, the heaviest first.
 * @param most how many stay by themselves at most
 * @param share of the whole weight that an item needs to stay by itself
 */
export function collectSmall<T>(
  items: readonly T[],
  weight: (item: T) => number,
  { most, share }: { readonly most: number; readonly share: number },
): Collected<T>[] {
  const sorted = items.filter((item) => weight(item) > 0).sort((a, b) => weight(b) - weight(a));
  const total = sorted.reduce((sum, item) => sum + weight(item), 0);
  const kept = sorted.filter((item, i) => i < most && weight(item) >= total * share);
  const rest = sorted.slice(kept.length);
  const alone = (item: T): Collected<T> => ({ items: [item], weight: weight(item) });
  if (rest.length <= 1) return sorted.map(alone);
  return [...kept.map(alone), { items: rest, weight: rest.reduce((sum, item) => sum + weight(item), 0) }];
}
