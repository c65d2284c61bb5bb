/** Layers from top to bottom with few crossings (Sugiyama, Tagawa, Toda 1981), by dagre. */

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

const GAP = { nodesep: 18, edgesep: 12, ranksep: 44, marginx: 8, marginy: 8 };

/**
 * @param boxes in an order that depends on nothing but the input: it decides between layouts of equal worth
 * @param lines without circles, from above to below
 */
export function layered(boxes: readonly Box[], lines: readonly Line[]): Drawing {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'TB', ...GAP });
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

const pointOf = ({ x, y }: Point): Point => ({ x, y });
