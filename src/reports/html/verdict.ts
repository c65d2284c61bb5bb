/** The top of the page: what the audit comes to, in one sentence and one bar. */

import type { AuditReport } from '../../pipeline/report.ts';
import { countUnopened } from '../unopened.ts';
import { bar, barKey } from './bars.ts';
import { escapeHtml } from './escape.ts';
import { grouped, groupedCount, size } from './figures.ts';
import type { ObjectRow, Verdict } from './object-rows.ts';
import { type Outcomes, sumOf } from './outcomes.ts';

function total(rows: readonly ObjectRow[]): Outcomes {
  const sum = { relative: 0, alias: 0, blocked: 0, harmless: 0 };
  for (const row of rows)
    for (const kind of ['relative', 'alias', 'blocked', 'harmless'] as const) sum[kind] += row[kind];
  return sum;
}

/** What the report is about: the only object that no other needs, or how many objects there are. */
export function subject(rows: readonly ObjectRow[]): string {
  const roots = rows.filter(({ dependents }) => dependents === 0);
  return roots.length === 1 ? (roots[0] as ObjectRow).name : groupedCount(rows.length, 'object');
}

const verb = (count: number, singular: string, plural: string) => (count === 1 ? singular : plural);

function rewriting({ relative, alias }: Outcomes): string {
  const parts = [
    ...(relative > 0 ? [`${groupedCount(relative, 'path')} ${verb(relative, 'becomes', 'become')} relative`] : []),
    ...(alias > 0 ? [`${grouped(alias)} ${verb(alias, 'goes', 'go')} through the store alias`] : []),
  ];
  return parts.join(', ');
}

function sentence(rows: readonly ObjectRow[], sum: Outcomes): { readonly verdict: string; readonly reason: string } {
  if (sumOf(sum) === 0) return { verdict: 'Relocatable as it is', reason: 'no hardcoded path was found.' };
  const harmless =
    sum.harmless === 0
      ? ''
      : `; ${grouped(sum.harmless)} ${verb(sum.harmless, 'stays', 'stay')}, and no running program needs ${verb(sum.harmless, 'it', 'them')}`;
  const rewritten = rewriting(sum);
  if (sum.blocked === 0) {
    if (rewritten === '') {
      return {
        verdict: 'Relocatable as it is',
        reason: `${groupedCount(sum.harmless, 'path')} ${verb(sum.harmless, 'stays', 'stay')}, and no running program needs ${verb(sum.harmless, 'it', 'them')}.`,
      };
    }
    return { verdict: 'Relocatable after rewriting', reason: `${rewritten}${harmless}.` };
  }
  const blocked = rows.filter(({ verdict }) => verdict === 'blocked').length;
  const held = rows.filter(({ verdict, heldBackBy }) => verdict !== 'blocked' && heldBackBy.length > 0).length;
  const others = held === 0 ? '' : `, and ${verb(blocked, 'holds', 'hold')} back ${groupedCount(held, 'other')}`;
  return {
    verdict: 'Not relocatable yet',
    reason: `${groupedCount(sum.blocked, 'path')} in ${groupedCount(blocked, 'object')} ${verb(sum.blocked, 'stays', 'stay')} absolute although a running program may need ${verb(sum.blocked, 'it', 'them')}${others}${rewritten === '' ? '' : `. ${rewritten}`}${harmless}.`,
  };
}

function fact(value: string, label: string): string {
  return `<div><dt>${label}</dt><dd>${value}</dd></div>`;
}

/** How many objects there are of each verdict; of one alone the sentence tells all. */
function objectFacts(rows: readonly ObjectRow[]): string {
  if (rows.length === 1) return '';
  const count = (wanted: Verdict) => grouped(rows.filter(({ verdict }) => verdict === wanted).length);
  const facts = [
    fact(grouped(rows.length), 'objects'),
    fact(count('clean'), 'without a path'),
    fact(count('rewritten'), 'relocatable after rewriting'),
    fact(count('blocked'), 'blocked'),
  ];
  return `${facts.join('\n')}\n`;
}

export function verdictHeader(report: AuditReport, rows: readonly ObjectRow[]): string {
  const sum = total(rows);
  const { verdict, reason } = sentence(rows, sum);
  const unseen = rows.reduce((all, { object }) => all + countUnopened(object.unopened), 0);
  const but =
    unseen === 0
      ? ''
      : ` ${groupedCount(unseen, 'archive')} ${verb(unseen, 'was', 'were')} not looked into: see the objects.`;
  const tone = sum.blocked > 0 ? 'bad' : 'good';
  return `<header class="top">
<p class="kicker">Audit of hardcoded paths below <code>${escapeHtml(report.storeDir)}</code></p>
<h1>${escapeHtml(subject(rows))}</h1>
<p class="verdict verdict-${tone}"><strong>${verdict}:</strong> ${reason}${but}</p>
${sumOf(sum) === 0 ? '' : `${bar(sum, sumOf(sum), 'bar bar-whole')}\n${barKey(sum)}`}
<dl class="facts">
${objectFacts(rows)}${fact(grouped(report.totals.sites), report.totals.sites === 1 ? 'hardcoded path' : 'hardcoded paths')}
${fact(size(rows.reduce((all, { object }) => all + object.size, 0)), 'in files')}
</dl>
</header>`;
}
