/** The index over many audits as one page: what to mend first. */

import type { IndexReport } from '../pipeline/index/report.ts';
import { htmlDocument } from './html/document.ts';
import { escapeHtml } from './html/escape.ts';
import { coordinate, grouped, groupedCount } from './html/figures.ts';

export interface IndexHtmlOptions {
  /** Link to a package's own page, relative to the index. */
  readonly pageOf: (name: string) => string;
}

const DIGEST = /^[0-9a-z]{32}-(?=.)/;
const signed = (value: number) => `${value > 0 ? '+' : value < 0 ? '−' : ''}${grouped(Math.abs(value))}`;
const shortName = (object: string) => escapeHtml(object.replace(DIGEST, ''));

function header({ packages, blockers }: IndexReport): string {
  const free = packages.filter(({ blocking }) => blocking === 0).length;
  const all = packages.length;
  const verdict =
    free === all
      ? `<p class="verdict verdict-good"><strong>All relocatable:</strong> ${all === 1 ? 'the package' : `all ${grouped(all)} packages`} can be made relocatable with everything that ${all === 1 ? 'it needs' : 'they need'}.</p>`
      : `<p class="verdict verdict-bad"><strong>${grouped(free)} of ${groupedCount(all, 'package')}</strong> can be made relocatable with everything that they need. ${groupedCount(blockers.length, 'object')} ${blockers.length === 1 ? 'holds' : 'hold'} the others back.</p>`;
  const width = all === 0 ? 0 : (1000 * free) / all;
  return `<header class="top">
<p class="kicker">Audits of hardcoded store paths</p>
<h1>Relocatability of ${groupedCount(all, 'package')}</h1>
${verdict}
<svg class="bar bar-whole" role="img" aria-label="${free} of ${all} relocatable" viewBox="0 0 1000 10" preserveAspectRatio="none"><rect width="1000" height="10" class="${free === all ? 'f-ground' : 'f-blocked'}"/><rect width="${coordinate(width)}" height="10" class="f-relative"/></svg>
</header>`;
}

function trend({ trend: change }: IndexReport): string {
  if (change === undefined) return '';
  const names = (label: string, tone: string, list: readonly string[]) =>
    list.length === 0
      ? ''
      : `<p><span class="${tone}">${label}</span>: ${list.map((name) => `<span class="code">${escapeHtml(name)}</span>`).join(', ')}</p>`;
  return `<section aria-labelledby="trend"><h2 id="trend">Since the index before</h2>
<dl class="facts"><div><dt>packages relocatable</dt><dd>${signed(change.relocatable)}</dd></div><div><dt>paths that block</dt><dd>${signed(change.blocking)}</dd></div></dl>
${names('Freed', 'good', change.freed)}${names('Held back anew', 'bad', change.heldBackAnew)}</section>`;
}

interface Cell {
  readonly html: string;
  readonly isNumber?: true;
}

const text = (html: string): Cell => ({ html });
const number = (value: number): Cell => ({
  html: value === 0 ? '<span class="soft">–</span>' : grouped(value),
  isNumber: true,
});

function table(label: string, head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const attribute = (i: number) => (rows[0]?.[i]?.isNumber ? ' class="number"' : '');
  const titles = head.map((title, i) => `<th scope="col"${attribute(i)}>${title}</th>`).join('');
  const lines = rows.map((row) => {
    const cells = row.map(({ html }, i) =>
      i === 0 ? `<th scope="row" class="strong">${html}</th>` : `<td${attribute(i)}>${html}</td>`,
    );
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table><thead><tr>${titles}</tr></thead><tbody>${lines.join('\n')}</tbody></table></div>`;
}

function tags(rules: readonly string[]): string {
  return rules.map((rule) => `<span class="tag code">${escapeHtml(rule)}</span>`).join(' ');
}

function blockersTable({ blockers, packages }: IndexReport): string {
  if (blockers.length === 0) return '<p class="good">Nothing holds a package back.</p>';
  const share = (count: number) => {
    const width = coordinate((1000 * count) / Math.max(1, packages.length));
    return `<svg class="bar" role="img" aria-label="${count} of ${packages.length} packages" viewBox="0 0 1000 10" preserveAspectRatio="none"><rect width="1000" height="10" class="f-ground"/><rect width="${width}" height="10" class="f-blocked"/></svg>`;
  };
  const rows = blockers.map(({ object, packages: held, blocking, byRule }) => [
    text(shortName(object)),
    number(held.length),
    text(share(held.length)),
    number(blocking),
    text(tags(Object.keys(byRule))),
  ]);
  return table(
    'What to mend first',
    ['object', 'packages held back', 'share of packages', 'paths that block', 'rules'],
    rows,
  );
}

export function indexHtml(report: IndexReport, { pageOf }: IndexHtmlOptions): string {
  const packages = report.packages.map(({ name, objects, sites, blocking, heldBackBy }) => [
    text(`<a href="${escapeHtml(pageOf(name))}">${escapeHtml(name)}</a>`),
    text(
      blocking === 0
        ? '<span class="good">relocatable</span>'
        : `<span class="bad">held back by ${groupedCount(heldBackBy.length, 'object')}</span>`,
    ),
    number(blocking),
    number(sites),
    number(objects),
  ]);
  const rules = Object.entries(report.byRule).map(([rule, { sites, blocking }]) => [
    text(`<span class="code">${escapeHtml(rule)}</span>`),
    number(blocking),
    number(sites),
  ]);
  return htmlDocument({
    title: `Relocatability of ${groupedCount(report.packages.length, 'package')}`,
    body: `${header(report)}
<main>
${trend(report)}
<section aria-labelledby="first"><h2 id="first">What to mend first</h2>
${blockersTable(report)}
</section>
<section aria-labelledby="packages"><h2 id="packages">Packages</h2>
${table('Packages', ['package', 'verdict', 'paths that block', 'paths', 'objects'], packages)}
</section>
<section aria-labelledby="rules"><h2 id="rules">By rule</h2>
${table('By rule', ['rule', 'paths that block', 'paths'], rules)}
</section>
</main>
<footer><p>Made by Unmoor.</p></footer>`,
  });
}
