/** Paths by language, and by rule. */

import type { AuditReport, ReportSite } from '../../pipeline/report.ts';
import { bar, barKey } from './bars.ts';
import { escapeHtml } from './escape.ts';
import { grouped } from './figures.ts';
import { filterLink, languageOf, ruleAnchor } from './links.ts';
import { outcomesOf } from './outcomes.ts';

function groupBy(sites: readonly ReportSite[], key: (site: ReportSite) => string): [string, ReportSite[]][] {
  const groups = new Map<string, ReportSite[]>();
  for (const site of sites) {
    const group = groups.get(key(site));
    if (group === undefined) groups.set(key(site), [site]);
    else group.push(site);
  }
  return [...groups].sort(([a, left], [b, right]) => right.length - left.length || (a < b ? -1 : 1));
}

const number = (count: number) =>
  `<td class="number">${count === 0 ? '<span class="soft">–</span>' : grouped(count)}</td>`;

function languageRow(language: string, sites: readonly ReportSite[], most: number): string {
  const isRule = sites.every(({ rule }) => rule === language);
  const link = filterLink({ rule: isRule ? language : `${language}/` });
  return `<tr><th scope="row" class="code"><a href="${escapeHtml(link)}">${escapeHtml(language)}</a></th><td class="wide">${bar(outcomesOf(sites), most)}</td>${number(sites.length)}</tr>`;
}

function ruleRow(rule: string, sites: readonly ReportSite[]): string {
  const { relative, alias, blocked, harmless } = outcomesOf(sites);
  return `<tr><th scope="row" class="code"><a href="#${ruleAnchor(rule)}">${escapeHtml(rule)}</a></th><td class="number"><a href="${escapeHtml(filterLink({ rule }))}">${grouped(sites.length)}</a></td>${[relative, alias, harmless, blocked].map(number).join('')}</tr>`;
}

const head = (titles: readonly string[]) =>
  `<thead><tr>${titles.map((title, i) => `<th scope="col"${i === 0 ? '' : ' class="number"'}>${title}</th>`).join('')}</tr></thead>`;

export function languagesSection({ objects }: AuditReport): string {
  const sites = objects.flatMap((object) => object.sites);
  if (sites.length === 0) return '';
  const languages = groupBy(sites, ({ rule }) => languageOf(rule));
  const most = languages[0]?.[1].length ?? 0;
  const rules = groupBy(sites, ({ rule }) => rule);
  return `<section aria-labelledby="languages">
<h2 id="languages">Languages</h2>
${barKey()}
<div class="scroll"><table class="chart"><thead><tr><th scope="col">language or format</th><th scope="col">what becomes of its paths</th><th scope="col" class="number">paths</th></tr></thead><tbody>
${languages.map(([language, own]) => languageRow(language, own, most)).join('\n')}
</tbody></table></div>
<details class="panel"><summary>By rule</summary>
<div class="scroll" tabindex="0" role="region" aria-label="Paths by rule"><table>${head(['rule', 'paths', 'relative', 'alias', 'harmless', 'block'])}<tbody>
${rules.map(([rule, own]) => ruleRow(rule, own)).join('\n')}
</tbody></table></div></details>
</section>`;
}
