/** What to mend first: blocked objects, by how many others need them, and why each of them is blocked. */

import type { ReportSite } from '../../pipeline/report.ts';
import { escapeHtml } from './escape.ts';
import { grouped, groupedCount } from './figures.ts';
import { filterLink, ruleAnchor } from './links.ts';
import type { ObjectRow } from './object-rows.ts';
import { isBlocking } from './outcomes.ts';

/** Objects that are told of at once; the others are behind a fold. */
const MOST_OBJECTS = 12;
/** Reasons of one object that are told; the rest is counted. */
const MOST_REASONS = 4;

interface Reason {
  readonly site: ReportSite;
  readonly count: number;
}

/** Sites of the same rule with the same reason count as one, the most frequent first. */
function reasonsOf(sites: readonly ReportSite[]): Reason[] {
  const found = new Map<string, { site: ReportSite; count: number }>();
  for (const site of sites) {
    const key = `${site.rule} ${site.remedy.reason ?? ''}`;
    const known = found.get(key);
    if (known === undefined) found.set(key, { site, count: 1 });
    else known.count++;
  }
  return [...found.values()].sort((a, b) => b.count - a.count);
}

function reasonMarkup({ site, count }: Reason): string {
  return `<li><a class="tag code" href="#${ruleAnchor(site.rule)}">${escapeHtml(site.rule)}</a> ${escapeHtml(site.remedy.reason ?? 'no reason was given')}${count > 1 ? ` <span class="soft">(${grouped(count)} times)</span>` : ''}</li>`;
}

/** In a report on one object alone there is nobody else. */
function neededBy({ dependents }: ObjectRow): string {
  return dependents === 0 ? '' : `<span class="soft">needed by ${groupedCount(dependents, 'object')}</span> `;
}

function blocker(row: ObjectRow): string {
  const reasons = reasonsOf(row.object.sites.filter(isBlocking));
  const rest = reasons.slice(MOST_REASONS).reduce((sum, { count }) => sum + count, 0);
  const more = rest > 0 ? `<li class="soft">${groupedCount(rest, 'path')} for other reasons</li>` : '';
  const paths = filterLink({ object: row.name, becomes: 'stays', role: 'run-time' });
  return `<li>
<p><a class="strong" href="#object-${row.index}">${escapeHtml(row.name)}</a> ${neededBy(row)}<a href="${escapeHtml(paths)}">${groupedCount(row.blocked, 'path')}</a></p>
<ul class="reasons">${reasons.slice(0, MOST_REASONS).map(reasonMarkup).join('')}${more}</ul>
</li>`;
}

function folded(rows: readonly ObjectRow[]): string {
  if (rows.length === 0) return '';
  return `<details class="panel"><summary>${groupedCount(rows.length, 'more object')}</summary><ol class="blockers" start="${MOST_OBJECTS + 1}">${rows.map(blocker).join('\n')}</ol></details>
`;
}

export function blockersSection(rows: readonly ObjectRow[]): string {
  const blocked = rows
    .filter(({ verdict }) => verdict === 'blocked')
    .sort((a, b) => b.dependents - a.dependents || b.blocked - a.blocked);
  if (blocked.length === 0) return '';
  return `<section aria-labelledby="blockers">
<h2 id="blockers">What to mend first</h2>
<p class="soft">Blocked objects; those that most others need come first.</p>
<ol class="blockers">${blocked.slice(0, MOST_OBJECTS).map(blocker).join('\n')}</ol>
${folded(blocked.slice(MOST_OBJECTS))}</section>`;
}
