/** The index over many audits as one page: what to mend first. */

import type { IndexReport } from '../pipeline/index/report.ts';
import { htmlDocument } from './html/document.ts';
import { escapeHtml } from './html/escape.ts';
import { coordinate, grouped, groupedCount, signed } from './html/figures.ts';
import { blockersTable, languageTables, type PageOf, packagesTable } from './html/index-tables.ts';

export interface IndexHtmlOptions {
  readonly pageOf: PageOf;
}

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

export function indexHtml(report: IndexReport, { pageOf }: IndexHtmlOptions): string {
  return htmlDocument({
    title: `Relocatability of ${groupedCount(report.packages.length, 'package')}`,
    body: `${header(report)}
<main>
${trend(report)}
<section aria-labelledby="first"><h2 id="first">What to mend first</h2>
${report.blockers.length === 0 ? '' : '<p class="soft">Objects whose paths stay absolute; those that hold back most packages come first.</p>\n'}${blockersTable(report, pageOf)}
</section>
<section aria-labelledby="packages"><h2 id="packages">Packages</h2>
${packagesTable(report, pageOf)}
</section>
<section aria-labelledby="languages"><h2 id="languages">Languages</h2>
<p class="soft">Over all objects, each counted once.</p>
${languageTables(report)}
</section>
</main>
<footer><p>Made by Unmoor. This page is one file: it loads nothing and sends nothing.</p></footer>`,
  });
}
