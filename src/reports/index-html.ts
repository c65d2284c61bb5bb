/** The index over many audits as one page: what to mend first. */

import { createHash } from 'node:crypto';
import type { IndexReport } from '../pipeline/index/report.ts';
import { counted } from './audit-text.ts';
import { escapeHtml } from './html/escape.ts';
import { style } from './html/style.ts';

export interface IndexHtmlOptions {
  /** Link to a package's own page, relative to the index. */
  readonly pageOf: (name: string) => string;
}

const signed = (value: number) => (value > 0 ? `+${value}` : String(value));

function trend({ trend: change }: IndexReport): string {
  if (change === undefined) return '';
  const names = (label: string, list: readonly string[]) =>
    list.length === 0
      ? ''
      : `<p>${label}: ${list.map((name) => `<span class="code">${escapeHtml(name)}</span>`).join(', ')}</p>`;
  return `<section><h2>Since the index before</h2><p>${signed(change.relocatable)} packages relocatable, ${signed(change.blocking)} paths that block.</p>${names('Freed', change.freed)}${names('Held back anew', change.heldBackAnew)}</section>`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[]) =>
    row
      .map((cell, i) => `<td class="${i === 0 ? 'name code' : /^\d+$/.test(cell) ? 'number' : ''}">${cell}</td>`)
      .join('');
  const titles = head.map((title) => `<th scope="col">${title}</th>`).join('');
  return `<div class="scroll"><table><thead><tr>${titles}</tr></thead><tbody>${rows.map((row) => `<tr>${cells(row)}</tr>`).join('\n')}</tbody></table></div>`;
}

export function indexHtml(report: IndexReport, { pageOf }: IndexHtmlOptions): string {
  const free = report.packages.filter(({ blocking }) => blocking === 0).length;
  const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'`;
  const link = (name: string) => `<a href="${escapeHtml(pageOf(name))}">${escapeHtml(name)}</a>`;
  const blockers = report.blockers.map(({ object, packages, blocking, byRule }) => [
    escapeHtml(object),
    String(packages.length),
    String(blocking),
    escapeHtml(Object.keys(byRule).join(', ')),
  ]);
  const packages = report.packages.map(({ name, objects, sites, blocking, heldBackBy }) => [
    link(name),
    blocking === 0
      ? '<span class="good">relocatable</span>'
      : `<span class="bad">held back by ${counted(heldBackBy.length, 'object')}</span>`,
    String(blocking),
    String(sites),
    String(objects),
  ]);
  const rules = Object.entries(report.byRule).map(([rule, { sites, blocking }]) => [
    escapeHtml(rule),
    String(blocking),
    String(sites),
  ]);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Relocatability of ${counted(report.packages.length, 'package')}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Relocatability of ${counted(report.packages.length, 'package')}</h1>
<p class="${free === report.packages.length ? 'good' : 'bad'}">${free} of ${report.packages.length} can be made relocatable with everything that they need.</p>
${trend(report)}
<section>
<h2>What to mend first</h2>
${blockers.length === 0 ? '<p class="good">Nothing holds a package back.</p>' : table(['object', 'packages held back', 'paths that block', 'rules'], blockers)}
</section>
<section>
<h2>Packages</h2>
${table(['package', 'verdict', 'paths that block', 'paths', 'objects'], packages)}
</section>
<section>
<h2>By rule</h2>
${table(['rule', 'paths that block', 'paths'], rules)}
</section>
</main>
</body>
</html>
`;
}
