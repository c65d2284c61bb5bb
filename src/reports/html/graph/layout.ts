/** Layers with few crossings (Sugiyama, Tagawa, Toda 1981), by dagre. */

import { Graph, layout } from '@dagrejs/dagre';
import type { Line } from './selection.ts';

export interface Box {
  readonly id: number;
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Middle of the box in `x` and `y`. */
export type PlacedBox = Box & Point;

export interface PlacedLine extends Line {
  readonly points: readonly Point[];
}

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly PlacedBox[];
  readonly lines: readonly PlacedLine[];
}

/** From top to bottom, or from left to right. */
export type Direction = 'TB' | 'LR';

const GAPS = {
  TB: { nodesep: 18, edgesep: 12, ranksep: 44, marginx: 8, marginy: 8 },
  LR: { nodesep: 10, edgesep: 6, ranksep: 56, marginx: 8, marginy: 8 },
} as const;

/**
 * @param boxes in an order that depends on nothing but the input: it decides between layouts of equal worth
 * @param lines without circles, from the first layer to the last
 */
export function layered(boxes: readonly Box[], lines: readonly Line[], direction: Direction): Drawing {
  const graph = new Graph();
  graph.setGraph({ rankdir: direction, ...GAPS[direction] });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, width, height } of boxes) graph.setNode(String(id), { width, height });
  for (const { from, to } of lines) graph.setEdge(String(from), String(to));
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { readonly width?: number; readonly height?: number };
  return {
    width,
    height,
    boxes: boxes.map((box) => ({ ...box, ...pointOf(graph.node(String(box.id)) as Point) })),
    lines: lines.map((line) => {
      const { points } = graph.edge(String(line.from), String(line.to)) as { readonly points: readonly Point[] };
      return { ...line, points: points.map(pointOf) };
    }),
  };
}

/** Of both directions the one that is less wide than the frame; boxes are wide and low, so that many in a row are better piled. */
export function drawn(
  boxes: readonly Box[],
  lines: readonly Line[],
  frame: number,
): { readonly drawing: Drawing; readonly direction: Direction } {
  const down = layered(boxes, lines, 'TB');
  if (down.width <= frame) return { drawing: down, direction: 'TB' };
  const right = layered(boxes, lines, 'LR');
  return right.width < down.width ? { drawing: right, direction: 'LR' } : { drawing: down, direction: 'TB' };
}

const pointOf = ({ x, y }: Point): Point => ({ x, y });
