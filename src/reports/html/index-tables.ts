/** The tables of an index: what to mend first, the packages, languages and rules. */

import type { IndexBlocker, IndexPackage, IndexReport } from '../../pipeline/index/report.ts';
import { displayNames } from '../object-names.ts';
import { visibleText } from '../visible.ts';
import { escapeHtml } from './escape.ts';
import { coordinate, grouped, groupedCount, signed } from './figures.ts';
import { languageOf } from './links.ts';

/** Link to a package's own page, relative to the index. */
export type PageOf = (name: string) => string;

/** Rows that are shown at once; the others are behind a fold. */
const ROWS_SHOWN = 30;
/** Names that are told before the rest is counted. */
const NAMES_SHOWN = 4;

interface Cell {
  readonly html: string;
  /** How the whole column is laid out. */
  readonly kind?: 'number' | 'meter';
}

const text = (html: string): Cell => ({ html });
const number = (value: number): Cell => ({
  html: value === 0 ? '<span class="soft">–</span>' : grouped(value),
  kind: 'number',
});

interface Table {
  /** What a screen reader calls it. */
  readonly label: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

function tableMarkup({ label, head, rows }: Table): string {
  const attribute = (i: number) => (rows[0]?.[i]?.kind === undefined ? '' : ` class="${rows[0][i].kind}"`);
  const titles = head.map((title, i) => `<th scope="col"${attribute(i)}>${title}</th>`).join('');
  const lines = rows.map((row) => {
    const cells = row.map(({ html }, i) =>
      i === 0 ? `<th scope="row" class="strong name">${html}</th>` : `<td${attribute(i)}>${html}</td>`,
    );
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table><thead><tr>${titles}</tr></thead><tbody>${lines.join('\n')}</tbody></table></div>`;
}

/** A table whose many last rows are behind a fold; searching in the page finds them there. */
function table(content: Table, more: string): string {
  const { label, rows } = content;
  const first = tableMarkup({ ...content, rows: rows.slice(0, ROWS_SHOWN) });
  if (rows.length <= ROWS_SHOWN) return first;
  const rest = tableMarkup({ ...content, label: `${label}, the rest`, rows: rows.slice(ROWS_SHOWN) });
  return `${first}\n<details class="panel"><summary>${groupedCount(rows.length - ROWS_SHOWN, `more ${more}`)}</summary>${rest}</details>`;
}

/** The first few of a list of names, and how many more there are. */
function some(names: readonly string[]): string {
  const rest = names.length - NAMES_SHOWN;
  return `${names.slice(0, NAMES_SHOWN).join(', ')}${rest > 0 ? ` <span class="soft">and ${grouped(rest)} more</span>` : ''}`;
}

function tags(rules: readonly string[]): string {
  return rules.map((rule) => `<span class="tag code">${escapeHtml(rule)}</span>`).join(' ');
}

/** How many of all packages, as a bar. */
function share(count: number, all: number): string {
  const width = coordinate((1000 * count) / Math.max(1, all));
  return `<svg class="bar" role="img" aria-label="${count} of ${all} packages" viewBox="0 0 1000 10" preserveAspectRatio="none"><rect width="1000" height="10" class="f-ground"/><rect width="${width}" height="10" class="f-blocked"/></svg>`;
}

const link = (name: string, pageOf: PageOf) => `<a href="${escapeHtml(pageOf(name))}">${escapeHtml(name)}</a>`;

function blockerNames(blockers: readonly IndexBlocker[]): Map<string, string> {
  const objects = [...new Set(blockers.map(({ object }) => object))];
  const shown = displayNames(objects.map(visibleText));
  return new Map(objects.map((object, i) => [object, escapeHtml(shown[i] as string)]));
}

export function blockersTable({ blockers, packages }: IndexReport, pageOf: PageOf): string {
  if (blockers.length === 0) return '<p class="good">Nothing holds a package back.</p>';
  const names = blockerNames(blockers);
  const rows = blockers.map(({ object, packages: held, blocking, byRule }) => [
    text(`${names.get(object)}<br>${tags(Object.keys(byRule))}`),
    number(blocking),
    number(held.length),
    { html: share(held.length, packages.length), kind: 'meter' } as const,
    text(some(held.map((name) => link(name, pageOf)))),
  ]);
  const head = ['object', 'paths that block', 'holds back', 'share of packages', 'packages'];
  return table({ label: 'Objects that hold packages back', head, rows }, 'object');
}

function verdict({ blocking, heldBackBy }: IndexPackage, names: ReadonlyMap<string, string>): string {
  if (blocking === 0) return '<span class="good">relocatable</span>';
  return `<span class="bad">held back</span> by ${some(heldBackBy.map((object) => names.get(object) ?? escapeHtml(object)))}`;
}

/** Against the earlier index; empty where that did not have the package. */
function change({ blocking, before }: IndexPackage): Cell {
  if (before === undefined) return { html: '<span class="soft">new</span>', kind: 'number' };
  const tone = blocking < before ? 'good' : 'bad';
  const html = blocking === before ? '<span class="soft">–</span>' : signed(blocking - before);
  return { html: `<span class="${tone}">${html}</span>`, kind: 'number' };
}

export function packagesTable({ packages, blockers, trend }: IndexReport, pageOf: PageOf): string {
  const names = blockerNames(blockers);
  const rows = packages.map((entry) => [
    text(link(entry.name, pageOf)),
    text(verdict(entry, names)),
    number(entry.blocking),
    ...(trend === undefined ? [] : [change(entry)]),
    number(entry.sites),
    number(entry.objects),
  ]);
  const changed = trend === undefined ? [] : ['change'];
  const head = ['package', 'verdict', 'paths that block', ...changed, 'paths', 'objects'];
  return table({ label: 'All packages', head, rows }, 'package');
}

interface Count {
  sites: number;
  blocking: number;
}

const countCells = ({ sites, blocking }: Count) => [number(blocking), number(sites)];
const COUNTS = ['paths that block', 'paths'];

/** Languages, and the rules of each behind a fold. */
export function languageTables({ byRule }: IndexReport): string {
  const languages = new Map<string, Count>();
  for (const [rule, { sites, blocking }] of Object.entries(byRule)) {
    const count = languages.get(languageOf(rule)) ?? { sites: 0, blocking: 0 };
    count.sites += sites;
    count.blocking += blocking;
    languages.set(languageOf(rule), count);
  }
  const sorted = [...languages].sort(([, a], [, b]) => b.blocking - a.blocking || b.sites - a.sites);
  const code = (name: string) => text(`<span class="code">${escapeHtml(name)}</span>`);
  const rows = sorted.map(([language, count]) => [code(language), ...countCells(count)]);
  const rules = Object.entries(byRule).map(([rule, count]) => [code(rule), ...countCells(count)]);
  return `${tableMarkup({ label: 'Paths by language', head: ['language or format', ...COUNTS], rows })}
<details class="panel"><summary>By rule</summary>${tableMarkup({ label: 'Paths by rule', head: ['rule', ...COUNTS], rows: rules })}</details>`;
}
