/**
 * The audit as one self-contained HTML page: nothing is fetched, and nothing from a file's name or contents can run, since a
 * policy allows the page's own style and script alone, by their hashes.
 */

import { createHash } from 'node:crypto';
import type { AuditReport, ReportObject, ReportSite } from '../pipeline/report.ts';
import { baseName, counted } from './audit-text.ts';
import { escapeHtml } from './html/escape.ts';
import { script } from './html/script.ts';
import { style } from './html/style.ts';

export interface AuditHtmlOptions {
  /** The page of a rule, as Markdown. */
  readonly page: (rule: string) => string;
}

/** JSON that may stand inside a script element: no `<` ends it, no line separator breaks it. */
function embeddedJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const isBlocking = ({ remedy, role }: ReportSite) => remedy.kind === 'none' && role === 'run-time';

interface Row {
  readonly object: ReportObject;
  readonly index: number;
  readonly relative: number;
  readonly alias: number;
  readonly blocked: number;
  readonly harmless: number;
  /** Objects of the report that need this one, directly or not. */
  readonly dependents: number;
}

/** How many objects reach each object by references. */
function dependentCounts(objects: readonly ReportObject[]): number[] {
  const indexOf = new Map(objects.map(({ path }, i) => [path, i]));
  const users: number[][] = objects.map(() => []);
  for (const [i, { references }] of objects.entries()) {
    for (const reference of references) {
      const target = indexOf.get(reference);
      if (target !== undefined && target !== i) users[target]?.push(i);
    }
  }
  return objects.map((_, start) => {
    const seen = new Set([start]);
    const pending = [start];
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      for (const user of users[at] ?? []) {
        if (seen.has(user)) continue;
        seen.add(user);
        pending.push(user);
      }
    }
    return seen.size - 1;
  });
}

function rowsOf(report: AuditReport): Row[] {
  const dependents = dependentCounts(report.objects);
  return report.objects.map((object, index) => {
    const count = (test: (site: ReportSite) => boolean) => object.sites.filter(test).length;
    const blocked = count(isBlocking);
    const none = count(({ remedy }) => remedy.kind === 'none');
    return {
      object,
      index,
      relative: count(({ remedy }) => remedy.kind === 'relative'),
      alias: count(({ remedy }) => remedy.kind === 'alias'),
      blocked,
      harmless: none - blocked,
      dependents: dependents[index] ?? 0,
    };
  });
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

function size(bytes: number): string {
  const power = Math.min(UNITS.length - 1, bytes < 1024 ? 0 : Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${UNITS[power]}`;
}

function verdict({ object, blocked }: Row): string {
  if (blocked > 0) return `<span class="bad">blocked by ${counted(blocked, 'path')}</span>`;
  return `<span class="good">${object.sites.length === 0 ? 'relocatable' : 'relocatable after rewriting'}</span>`;
}

function bar({ relative, alias, blocked, harmless }: Row, most: number): string {
  const label = `${relative} relative, ${alias} alias, ${blocked} stay, ${harmless} harmless`;
  const drawn = segments([relative, alias, blocked, harmless], most);
  return `<svg role="img" aria-label="${label}" width="160" height="11" viewBox="0 0 100 7" preserveAspectRatio="none"><rect width="100" height="7" class="f-line"/>${drawn}</svg>`;
}

const FILLS = ['good', 'alias', 'bad', 'soft'];

/** Stacked rectangles, one hundred units for the longest bar. */
function segments(counts: readonly number[], most: number): string {
  let x = 0;
  return counts
    .map((count, i) => {
      const width = most === 0 ? 0 : (100 * count) / most;
      const rectangle = `<rect x="${x.toFixed(2)}" y="0" width="${width.toFixed(2)}" height="7" class="f-${FILLS[i]}"/>`;
      x += width;
      return count === 0 ? '' : rectangle;
    })
    .join('');
}

function objectTable(rows: readonly Row[]): string {
  const most = Math.max(1, ...rows.map(({ object }) => object.sites.length));
  const sorted = [...rows].sort((a, b) => b.blocked - a.blocked || b.object.sites.length - a.object.sites.length);
  const lines = sorted.map(
    (row) =>
      `<tr><td class="name code"><a href="#sites-title" data-object="${row.index}">${escapeHtml(baseName(row.object.path))}</a></td><td>${verdict(row)}</td><td>${bar(row, most)}</td><td class="number">${row.object.sites.length}</td><td class="number">${size(row.object.size)}</td><td class="number">${row.dependents}</td></tr>`,
  );
  return `<div class="scroll"><table><thead><tr><th scope="col">object</th><th scope="col">verdict</th><th scope="col">paths by what becomes of them</th><th scope="col" class="number">paths</th><th scope="col" class="number">size</th><th scope="col" class="number">needed by</th></tr></thead><tbody>${lines.join('\n')}</tbody></table></div>`;
}

const LEGEND = [
  ['good', 'becomes relative'],
  ['alias', 'store alias'],
  ['bad', 'stays, and blocks'],
  ['soft', 'stays, harmless (documentation, build time, dead)'],
]
  .map(
    ([fill, text]) =>
      `<span><svg width="11" height="11" aria-hidden="true"><rect width="11" height="11" rx="3" class="f-${fill}"/></svg> ${text}</span>`,
  )
  .join('');

/** What holds the closure back: blocked objects, by how many others need them. */
function blockers(rows: readonly Row[]): string {
  const blocked = rows
    .filter((row) => row.blocked > 0)
    .sort((a, b) => b.dependents - a.dependents || b.blocked - a.blocked);
  if (blocked.length === 0) return '<p class="good">Nothing holds this closure back.</p>';
  const items = blocked.map(
    (row) =>
      `<li><a class="code" href="#sites-title" data-object="${row.index}">${escapeHtml(baseName(row.object.path))}</a>: ${counted(row.blocked, 'path')}, needed by ${counted(row.dependents, 'object')}</li>`,
  );
  return `<ol>${items.join('')}</ol>`;
}

function ruleTable({ totals, objects }: AuditReport): string {
  const counts = new Map<string, [number, number, number]>();
  for (const { sites } of objects) {
    for (const { rule, remedy } of sites) {
      const entry = counts.get(rule) ?? [0, 0, 0];
      entry[remedy.kind === 'relative' ? 0 : remedy.kind === 'alias' ? 1 : 2]++;
      counts.set(rule, entry);
    }
  }
  const lines = Object.entries(totals.byRule)
    .sort(([, a], [, b]) => b - a)
    .map(([rule, count]) => {
      const cells = (counts.get(rule) ?? []).map((value) => `<td class="number">${value === 0 ? '' : value}</td>`);
      return `<tr><td class="code"><a href="#${anchor(rule)}">${escapeHtml(rule)}</a></td><td class="number">${count}</td>${cells.join('')}</tr>`;
    });
  return `<div class="scroll"><table><thead><tr><th scope="col">rule</th><th scope="col" class="number">paths</th><th scope="col" class="number">relative</th><th scope="col" class="number">alias</th><th scope="col" class="number">stay</th></tr></thead><tbody>${lines.join('\n')}</tbody></table></div>`;
}

const anchor = (rule: string) => `rule-${rule.replace(/\W/g, '-')}`;

function interned(): { readonly values: string[]; index(value: string): number } {
  const known = new Map<string, number>();
  const values: string[] = [];
  return {
    values,
    index(value) {
      let at = known.get(value);
      if (at === undefined) {
        at = values.push(value) - 1;
        known.set(value, at);
      }
      return at;
    },
  };
}

const KINDS = ['relative', 'alias', 'none'] as const;

/** The sites as arrays of numbers and texts: object, file, rule, offset, role, remedy, before, after. */
function siteData(report: AuditReport): unknown {
  const [files, rules, roles] = [interned(), interned(), interned()];
  const sites = report.objects.flatMap((object, index) =>
    object.sites.map((site) => [
      index,
      files.index(site.member === undefined ? site.file : `${site.file}: ${site.member}`),
      rules.index(site.rule),
      site.offset,
      roles.index(site.role),
      KINDS.indexOf(site.remedy.kind),
      site.text,
      site.remedy.form ?? site.remedy.reason ?? '',
    ]),
  );
  const objects = report.objects.map(({ path }) => baseName(path));
  return { objects, files: files.values, rules: rules.values, roles: roles.values, sites };
}

function options(values: readonly string[], all: string): string {
  return [
    `<option value="">${all}</option>`,
    ...values.map((value, i) => `<option value="${i}">${escapeHtml(value)}</option>`),
  ].join('');
}

function card(value: string | number, label: string, className = ''): string {
  return `<div class="card"><b class="${className}">${value}</b>${label}</div>`;
}

/** The whole page. */
export function auditHtml(report: AuditReport, { page }: AuditHtmlOptions): string {
  const rows = rowsOf(report);
  const data = siteData(report) as { readonly objects: string[]; readonly rules: string[]; readonly roles: string[] };
  const blocked = rows.filter((row) => row.blocked > 0).length;
  const clean = rows.filter(({ object }) => object.sites.length === 0).length;
  const title = `${report.objects.length === 1 ? baseName(report.objects[0]?.path ?? '') : counted(report.objects.length, 'store object')}: hardcoded paths`;
  const policy = `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(script)}; base-uri 'none'; form-action 'none'`;
  const summary =
    blocked > 0
      ? `<p class="bad">${counted(blocked, 'object')} of ${rows.length} cannot be made relocatable as ${blocked === 1 ? 'it is' : 'they are'}.</p>`
      : '<p class="good">Everything here can be made relocatable.</p>';
  const pages = data.rules.map(
    (rule) =>
      `<details id="${anchor(rule)}"><summary class="code">${escapeHtml(rule)}</summary><pre>${escapeHtml(page(rule))}</pre></details>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<header>
<h1>${escapeHtml(title)}</h1>
<p class="soft">Paths below <code>${escapeHtml(report.storeDir)}</code> that stand in the objects, what they are, and what a relocation makes of them.</p>
${summary}
</header>
<section class="cards" aria-label="Summary">
${card(rows.length, rows.length === 1 ? 'object' : 'objects')}
${card(clean, 'without a path', 'good')}
${card(rows.length - clean - blocked, 'relocatable after rewriting', 'good')}
${card(blocked, 'blocked', blocked > 0 ? 'bad' : 'good')}
${card(report.totals.sites, 'hardcoded paths')}
${card(size(rows.reduce((sum, { object }) => sum + object.size, 0)), 'in files')}
</section>
<section>
<h2>What holds it back</h2>
${blockers(rows)}
</section>
<section>
<h2>Objects</h2>
<div class="legend">${LEGEND}</div>
${objectTable(rows)}
</section>
<section>
<h2>By rule</h2>
${ruleTable(report)}
</section>
<section>
<h2 id="sites-title">Paths</h2>
<div class="filters">
<label>Search <input type="search" id="search" placeholder="file, path, rule ..."></label>
<label>Object <select id="object">${options(data.objects, 'all')}</select></label>
<label>Rule <select id="rule">${options(data.rules, 'all')}</select></label>
<label>Becomes <select id="remedy">${options(['relative', 'alias', 'stays'], 'all')}</select></label>
<label>Role <select id="role">${options(data.roles, 'all')}</select></label>
</div>
<p id="count" class="soft" role="status" aria-live="polite"></p>
<noscript><p>The list needs JavaScript; the page brings its own. <code>unmoor audit --verbose</code> prints it.</p></noscript>
<div class="sites" id="sites" tabindex="0" role="region" aria-labelledby="sites-title"><div id="spacer" role="list"></div></div>
</section>
<section>
<h2>Rules</h2>
${pages.join('\n')}
</section>
</main>
<script type="application/json" id="data">${embeddedJson(data)}</script>
<script>${script}</script>
</body>
</html>
`;
}
