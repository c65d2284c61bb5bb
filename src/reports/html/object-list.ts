/** Every object: one line each, more when it is opened. */

import { unopenedName, unopenedReason } from '../unopened.ts';
import { bar } from './bars.ts';
import { escapeHtml } from './escape.ts';
import { grouped, groupedCount, size } from './figures.ts';
import { filterLink } from './links.ts';
import type { ObjectRow } from './object-rows.ts';
import { sumOf } from './outcomes.ts';

function verdict({ verdict: own, blocked, heldBackBy }: ObjectRow): string {
  if (own === 'blocked') return `<span class="bad">blocked by ${groupedCount(blocked, 'path')}</span>`;
  const text = own === 'clean' ? 'relocatable' : 'relocatable after rewriting';
  if (heldBackBy.length === 0) return `<span class="good">${text}</span>`;
  return `<span class="held">held back by ${grouped(heldBackBy.length)}</span>`;
}

/** Objects that are named before the rest is only counted: every object may need every other. */
const MOST_LINKS = 24;

function objectLinks(rows: readonly ObjectRow[]): string {
  const links = rows.slice(0, MOST_LINKS).map((row) => `<a href="#object-${row.index}">${escapeHtml(row.name)}</a>`);
  const rest = rows.length - links.length;
  return [...links, ...(rest > 0 ? [groupedCount(rest, 'other')] : [])].join(', ');
}

function entry(term: string, description: string): string {
  return description === '' ? '' : `<dt>${term}</dt><dd>${description}</dd>`;
}

function particulars(row: ObjectRow, rows: readonly ObjectRow[], indexOf: ReadonlyMap<string, number>): string {
  const { path, narHash, references, bareMentions, changes = [], unopened = [] } = row.object;
  const needed = references.map((reference) => rows[indexOf.get(reference) ?? -1]);
  const known = needed.filter((other): other is ObjectRow => other !== undefined && other !== row);
  const held = row.heldBackBy.map((i) => rows[i] as ObjectRow);
  const paths = `<a href="${escapeHtml(filterLink({ object: row.name }))}">${groupedCount(row.object.sites.length, 'path')}</a>`;
  const changed = `<a href="#changes-of-${row.index}">${groupedCount(changes.length, 'changed file')}</a>`;
  return `<dl class="particulars" id="object-${row.index}">
${entry('Path', `<code>${escapeHtml(path)}</code>`)}
${entry('NAR hash', `<code>${escapeHtml(narHash)}</code>`)}
${entry('Look at', [...(row.object.sites.length > 0 ? [paths] : []), ...(changes.length > 0 ? [changed] : [])].join(', '))}
${entry('Held back by', objectLinks(held))}
${entry('Needs', objectLinks(known))}
${entry('Needed by', row.dependents === 0 ? '' : groupedCount(row.dependents, 'object'))}
${entry('Not looked into', unopened.map((file) => `<code>${escapeHtml(unopenedName(file))}</code> (${escapeHtml(unopenedReason(file))})`).join('<br>'))}
${entry('Store directory alone', bareMentions === 0 ? '' : groupedCount(bareMentions, 'mention'))}
</dl>`;
}

function item(row: ObjectRow, most: number, more: string, alone: boolean): string {
  const { sites, size: bytes } = row.object;
  const keys = `data-name="${escapeHtml(row.name)}" data-blocked="${row.blocked}" data-paths="${sites.length}" data-size="${bytes}" data-dependents="${row.dependents}"`;
  return `<details class="object"${alone ? ' open' : ''} ${keys}><summary><span class="name">${escapeHtml(row.name)}</span><span class="state">${verdict(row)}</span>${bar(row, most)}<span class="number">${groupedCount(sites.length, 'path')}</span><span class="number">${size(bytes)}</span><span class="number">${alone ? '' : `needed by ${grouped(row.dependents)}`}</span></summary>
${more}</details>`;
}

const ORDERS = [
  ['blocked', 'what blocks'],
  ['paths', 'paths'],
  ['size', 'size'],
  ['dependents', 'needed by'],
  ['name', 'name'],
]
  .map(([value, label]) => `<option value="${value}">${label}</option>`)
  .join('');

export function objectsSection(rows: readonly ObjectRow[]): string {
  const most = Math.max(1, ...rows.map(sumOf));
  const indexOf = new Map(rows.map(({ object, index }) => [object.path, index]));
  const sorted = [...rows].sort((a, b) => b.blocked - a.blocked || b.object.sites.length - a.object.sites.length);
  const items = sorted.map((row) => item(row, most, particulars(row, rows, indexOf), rows.length === 1));
  const order = `<div class="controls"><label class="inline">Sort by <select id="order">${ORDERS}</select></label></div>\n`;
  return `<section aria-labelledby="objects">
<h2 id="objects">${rows.length === 1 ? 'Object' : 'Objects'}</h2>
${rows.length === 1 ? '' : order}<div class="objects" id="object-list">
${items.join('\n')}
</div>
</section>`;
}
