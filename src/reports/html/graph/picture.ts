/** The dependencies as a picture: who needs whom, from top to bottom, and what is held back by what. */

import { escapeHtml } from '../escape.ts';
import { coordinate, grouped, groupedCount } from '../figures.ts';
import type { ObjectRow } from '../object-rows.ts';
import type { Reachability } from '../reachability.ts';
import { drawn, type PlacedBox, type PlacedLine, type Point } from './layout.ts';
import { reducedLines, type Selection, selectObjects } from './selection.ts';

const MOST_CHARACTERS = 28;
const CHARACTER_WIDTH = 7.3;
const HEIGHT = 40;
/** Room in a page that is as wide as it gets. */
const FRAME = 1120;

type Standing = 'blocked' | 'held' | 'free';

function standing({ verdict, heldBackBy }: ObjectRow): Standing {
  return verdict === 'blocked' ? 'blocked' : heldBackBy.length > 0 ? 'held' : 'free';
}

function clipped(name: string): string {
  return name.length <= MOST_CHARACTERS ? name : `${name.slice(0, MOST_CHARACTERS - 1)}…`;
}

function note(row: ObjectRow): string {
  const blocked = standing(row) === 'blocked' ? `blocked: ${groupedCount(row.blocked, 'path')}` : undefined;
  const held = row.heldBackBy.length > 0 ? `held back by ${grouped(row.heldBackBy.length)}` : undefined;
  return blocked ?? held ?? (row.verdict === 'clean' ? 'no paths' : groupedCount(row.object.sites.length, 'path'));
}

function boxOf(row: ObjectRow) {
  const characters = Math.max(clipped(row.name).length, note(row).length);
  return { id: row.index, width: Math.max(90, Math.round(characters * CHARACTER_WIDTH + 20)), height: HEIGHT };
}

function node(row: ObjectRow, { x, y, width, height }: PlacedBox): string {
  const kind = standing(row);
  const label = `${row.name}: ${note(row)}`;
  const frame = `width="${width}" height="${height}" rx="6"`;
  const pattern = kind === 'blocked' ? `<rect ${frame} fill="url(#hatch)"/>` : '';
  return `<a class="node node-${kind}" href="#object-${row.index}" data-node="${row.index}" transform="translate(${coordinate(x - width / 2)} ${coordinate(y - height / 2)})"><title>${escapeHtml(label)}</title><rect ${frame} class="node-box"/>${pattern}<text x="10" y="17" class="node-name">${escapeHtml(clipped(row.name))}</text><text x="10" y="32" class="node-note">${escapeHtml(note(row))}</text></a>`;
}

const at = ({ x, y }: Point) => `${coordinate(x)} ${coordinate(y)}`;

/** A soft line: straight to the middle of the first stretch, bows round the corners, straight to the end. */
function pathOf(points: readonly Point[]): string {
  const [first, ...rest] = points as readonly [Point, ...Point[]];
  const last = rest.at(-1) ?? first;
  const bows = rest.slice(0, -1).map((corner, i) => {
    const next = rest[i + 1] as Point;
    const end = i === rest.length - 2 ? next : { x: (corner.x + next.x) / 2, y: (corner.y + next.y) / 2 };
    return `Q${at(corner)} ${at(end)}`;
  });
  return `M${at(first)}${bows.length === 0 ? `L${at(last)}` : bows.join('')}`;
}

function edge({ from, to, points }: PlacedLine, rowOf: ReadonlyMap<number, ObjectRow>): string {
  const target = rowOf.get(to) as ObjectRow;
  const holds = target.verdict === 'blocked' || target.heldBackBy.length > 0 ? ' holds' : '';
  return `<path class="edge${holds}" data-from="${from}" data-to="${to}" d="${pathOf(points)}"/>`;
}

function told({ rows, kind }: Selection, all: number): string {
  if (kind === 'all') return '';
  const shown = `${grouped(rows.length)} of ${groupedCount(all, 'object')}`;
  if (kind === 'blocking') return ` Shown are ${shown}: those that are blocked, and those that they hold back.`;
  if (kind === 'some') return ` Shown are ${shown}: those that hold back most, and some of what they hold back.`;
  return ` Shown are ${shown}, the largest.`;
}

const KEY = [
  ['blocked', 'blocked: its own paths stay absolute'],
  ['held', 'held back by one that it needs'],
  ['free', 'free'],
]
  .map(
    ([kind, text]) =>
      `<li><svg class="node-${kind}" width="22" height="14" aria-hidden="true"><rect x="1" y="1" width="20" height="12" rx="3" class="node-box"/>${kind === 'blocked' ? '<rect x="1" y="1" width="20" height="12" rx="3" fill="url(#hatch)"/>' : ''}</svg> ${text}</li>`,
  )
  .join('');

/** Empty for a single object: it has no one to need. */
export function graphSection(rows: readonly ObjectRow[], reach: Reachability): string {
  if (rows.length < 2) return '';
  const selection = selectObjects(rows);
  const rowOf = new Map(selection.rows.map((row) => [row.index, row]));
  const lines = reducedLines([...rowOf.keys()], reach);
  const { drawing, direction } = drawn(selection.rows.map(boxOf), lines, FRAME);
  const nodes = drawing.boxes.map((box) => node(rowOf.get(box.id) as ObjectRow, box));
  const edges = drawing.lines.map((line) => edge(line, rowOf));
  const width = Math.ceil(drawing.width);
  const height = Math.ceil(drawing.height);
  return `<section aria-labelledby="graph">
<h2 id="graph">Who needs whom</h2>
<p class="soft">Each line leads ${direction === 'TB' ? 'down to what the upper' : 'to the right, to what the left'} object needs; ways over a third object are left out.${told(selection, rows.length)}</p>
<ul class="key">${KEY}</ul>
<div class="graph" tabindex="0" role="region" aria-label="Picture of who needs whom"><svg id="graph-picture" role="group" aria-label="Dependencies between objects; the list of what holds the closure back tells the same" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<g>${edges.join('\n')}</g>
${nodes.join('\n')}
</svg></div>
</section>`;
}
