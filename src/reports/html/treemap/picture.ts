/** The closure as a picture: an object's area is its size, or the number of its paths; its colour and pattern its verdict. */

import { escapeHtml } from '../escape.ts';
import { coordinate, groupedCount, size } from '../figures.ts';
import type { ObjectRow, Verdict } from '../object-rows.ts';
import { type Collected, collectSmall, type Frame, type Tile, tiles } from './layout.ts';

interface Measure {
  readonly id: string;
  readonly label: string;
  readonly weight: (row: ObjectRow) => number;
  readonly text: (weight: number) => string;
}

const MEASURES: readonly Measure[] = [
  { id: 'size', label: 'Size', weight: ({ object }) => object.size, text: size },
  {
    id: 'paths',
    label: 'Paths',
    weight: ({ object }) => object.sites.length,
    text: (weight) => groupedCount(weight, 'path'),
  },
];

/** One picture for screens and paper, one for phones: lettering does not shrink. */
const FRAMES: readonly (Frame & { readonly id: string; readonly most: number; readonly share: number })[] = [
  { id: 'wide', width: 1100, height: 440, most: 300, share: 0.0006 },
  { id: 'narrow', width: 340, height: 420, most: 150, share: 0.0025 },
];

/** Between tiles. */
const GAP = 2;
const CHARACTER_WIDTH = 7.1;
const LINE_HEIGHT = 16;
const PADDING = 7;

const VERDICTS: Readonly<Record<Verdict, string>> = {
  clean: 'relocatable as it is',
  rewritten: 'relocatable after rewriting',
  blocked: 'blocked',
};

function clipped(text: string, width: number): string {
  const room = Math.floor((width - 2 * PADDING) / CHARACTER_WIDTH);
  if (text.length <= room) return text;
  return room < 5 ? '' : `${text.slice(0, room - 1)}…`;
}

function lettering(lines: readonly string[], { width, height }: Frame): string {
  const shown = lines.slice(0, Math.max(0, Math.floor((height - 8) / LINE_HEIGHT)));
  return shown
    .map((line, i) => {
      const text = clipped(line, width);
      const className = i === 0 ? 'tile-name' : 'tile-note';
      return text === ''
        ? ''
        : `<text class="${className}" x="${PADDING}" y="${PADDING + 11 + i * LINE_HEIGHT}">${escapeHtml(text)}</text>`;
    })
    .join('');
}

function tileMarkup({ item, x, y, ...area }: Tile<Collected<ObjectRow>>, measure: Measure): string {
  const width = Math.max(1, area.width - GAP);
  const height = Math.max(1, area.height - GAP);
  const [first] = item.items as readonly [ObjectRow];
  const alone = item.items.length === 1;
  const verdict = alone ? VERDICTS[first.verdict] : othersVerdict(item.items);
  const kind = alone ? first.verdict : item.items.some((row) => row.verdict === 'blocked') ? 'blocked' : 'others';
  const name = alone ? first.name : `${item.items.length} others`;
  const note = `${measure.text(item.weight)}${kind === 'blocked' ? ', blocked' : ''}`;
  const frame = `width="${coordinate(width)}" height="${coordinate(height)}" rx="3"`;
  const pattern = kind === 'blocked' ? `<rect ${frame} fill="url(#hatch)"/>` : '';
  const label = `${name}: ${measure.text(item.weight)}, ${verdict}`;
  return `<a href="#${alone ? `object-${first.index}` : 'objects'}" transform="translate(${coordinate(x)} ${coordinate(y)})"><title>${escapeHtml(label)}</title><rect ${frame} class="tile-${kind}"/>${pattern}${lettering([name, note], { width, height })}</a>`;
}

function othersVerdict(rows: readonly ObjectRow[]): string {
  const blocked = rows.filter(({ verdict }) => verdict === 'blocked').length;
  return blocked === 0 ? 'none of them blocked' : `${blocked} of them blocked`;
}

function svg(rows: readonly ObjectRow[], measure: Measure, frame: (typeof FRAMES)[number]): string {
  const drawn = tiles(collectSmall(rows, measure.weight, frame), ({ weight }) => weight, frame);
  if (drawn.length === 0) return `<p class="map-${measure.id} soft">Nothing to draw.</p>`;
  const label = `Objects by ${measure.label.toLowerCase()}, each a link to what is told of it`;
  return `<svg class="map map-${measure.id} only-${frame.id}" role="group" aria-label="${label}" viewBox="0 0 ${frame.width - GAP} ${frame.height - GAP}">${drawn.map((tile) => tileMarkup(tile, measure)).join('\n')}</svg>`;
}

/** The diagonal lines over what is blocked; for all pictures of the page. */
export const hatch =
  '<svg class="defs" width="0" height="0" aria-hidden="true"><defs><pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="2" height="7" class="hatch"/></pattern></defs></svg>';

const KEY = (['clean', 'rewritten', 'blocked'] as const)
  .map((verdict) => {
    const pattern = verdict === 'blocked' ? '<rect width="14" height="14" rx="3" fill="url(#hatch)"/>' : '';
    return `<li><svg width="14" height="14" aria-hidden="true"><rect width="14" height="14" rx="3" class="tile-${verdict}"/>${pattern}</svg> ${VERDICTS[verdict]}</li>`;
  })
  .join('');

/** Both pictures, with a switch that needs no script; empty for a single object. */
export function treemapSection(rows: readonly ObjectRow[]): string {
  if (rows.length < 2) return '';
  const switches = MEASURES.map(
    ({ id, label }, i) =>
      `<input type="radio" name="map" id="map-${id}"${i === 0 ? ' checked' : ''}><label for="map-${id}">${label}</label>`,
  );
  const pictures = MEASURES.flatMap((measure) => FRAMES.map((frame) => svg(rows, measure, frame)));
  return `<section aria-labelledby="map">
<h2 id="map">The closure</h2>
<p class="soft">Each rectangle is an object, and a link to it.</p>
<fieldset class="maps">
<legend>Area shows</legend>
${switches.join('')}
<ul class="key">${KEY}</ul>
${pictures.join('\n')}
</fieldset>
</section>`;
}
