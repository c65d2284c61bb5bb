/** Stacked bars: how many paths become what. */

import { coordinate, grouped } from './figures.ts';
import type { Outcomes } from './outcomes.ts';

const KINDS = ['relative', 'alias', 'harmless', 'blocked'] as const;

const TEXTS: Readonly<Record<(typeof KINDS)[number], string>> = {
  relative: 'become relative',
  alias: 'go through the store alias',
  harmless: 'stay, and no running program needs them',
  blocked: 'stay, and a running program may need them',
};

function words(outcomes: Outcomes): string {
  return KINDS.filter((kind) => outcomes[kind] > 0)
    .map((kind) => `${grouped(outcomes[kind])} ${TEXTS[kind]}`)
    .join(', ');
}

const UNITS = 1000;

/** @param most the paths of a bar over the whole width */
export function bar(outcomes: Outcomes, most: number, className = 'bar'): string {
  let x = 0;
  const parts = KINDS.map((kind) => {
    // What there is can be seen, however little it is.
    const width = outcomes[kind] === 0 ? 0 : Math.max(6, (UNITS * outcomes[kind]) / Math.max(1, most));
    const part = `<rect x="${coordinate(x)}" width="${coordinate(width)}" height="10" class="f-${kind}"/>`;
    x += width;
    return width === 0 ? '' : part;
  });
  const label = x === 0 ? 'no paths' : words(outcomes);
  return `<svg class="${className}" role="img" aria-label="${label}" viewBox="0 0 ${coordinate(Math.max(UNITS, x))} 10" preserveAspectRatio="none"><rect width="${coordinate(Math.max(UNITS, x))}" height="10" class="f-ground"/>${parts.join('')}</svg>`;
}

/** What the colours of bars mean; with counts, for a whole. */
export function barKey(outcomes?: Outcomes): string {
  const items = KINDS.filter((kind) => outcomes === undefined || outcomes[kind] > 0).map((kind) => {
    const count = outcomes === undefined ? '' : `<b>${grouped(outcomes[kind])}</b> `;
    return `<li><svg width="14" height="14" aria-hidden="true"><rect width="14" height="14" rx="3" class="f-${kind}"/></svg> ${count}${TEXTS[kind]}</li>`;
  });
  return `<ul class="key">${items.join('')}</ul>`;
}
