/** The audit as Markdown, for comments on pull requests and summaries of jobs. */

import type { AuditReport, ReportObject, ReportSite } from '../pipeline/report.ts';
import { codeSpan, escapeMarkdown } from './markdown.ts';
import { displayNames } from './object-names.ts';
import { isBlocking, placeOf } from './site-text.ts';
import { countUnopened, unopenedName, unopenedReason } from './unopened.ts';
import { baseName, counted } from './words.ts';

/** What services take as one comment, characters. */
export const MAX_COMMENT = 65_536;
/** More objects are folded away. */
const OBJECTS_SHOWN = 10;

type Named = readonly [name: string, object: ReportObject];

function objectRow([name, { sites, unopened }]: Named): string {
  const unseen = countUnopened(unopened);
  const but = unseen === 0 ? '' : `, ${unseen} not looked into`;
  const blocked = sites.filter(isBlocking).length;
  const verdict =
    blocked > 0
      ? `**blocked by ${counted(blocked, 'site')}**`
      : sites.length === 0
        ? 'relocatable'
        : 'relocatable after rewriting';
  return `| ${codeSpan(name)} | ${verdict}${but} | ${sites.length} |`;
}

function blockerRow(name: string, site: ReportSite): string {
  const { file, member, rule, remedy } = site;
  const parts = [name, file, member].filter((part) => part !== undefined && part !== '');
  const place = site.place === 'contents' ? ` ${placeOf(site)}` : '';
  return `| ${codeSpan(parts.join('/'))}${place} | ${codeSpan(rule)} | ${escapeMarkdown(remedy.reason ?? '')} |`;
}

function unopenedRows([name, { unopened = [] }]: Named): string[] {
  return unopened.map(
    (file) => `| ${codeSpan(`${name}/${unopenedName(file)}`)} | ${escapeMarkdown(unopenedReason(file))} |`,
  );
}

/** Takes lines as long as they fit, and says how many did not. */
function fitting(rows: readonly string[], room: number): string[] {
  const taken: string[] = [];
  let used = 0;
  for (const row of rows) {
    used += row.length + 1;
    if (used > room) return [...taken, '', `... and ${rows.length - taken.length} more.`];
    taken.push(row);
  }
  return taken;
}

function verdict(objects: readonly ReportObject[]): string {
  const all = counted(objects.length, 'object');
  const blocked = objects.filter(({ sites }) => sites.some(isBlocking)).length;
  return blocked > 0 ? `### Unmoor: ${blocked} of ${all} blocked` : `### Unmoor: ${all}, all relocatable`;
}

const REMEDIES = ['relative', 'alias', 'none'] as const;

function ruleTable({ objects, totals }: AuditReport): string[] {
  const sites = Map.groupBy(
    objects.flatMap((object) => object.sites),
    ({ rule }) => rule,
  );
  const rows = Object.entries(totals.byRule)
    .sort(([, a], [, b]) => b - a)
    .map(([rule, count]) => {
      const own = sites.get(rule) ?? [];
      const byRemedy = REMEDIES.map((kind) => own.filter(({ remedy }) => remedy.kind === kind).length || '');
      return `| ${codeSpan(rule)} | ${[count, ...byRemedy].join(' | ')} |`;
    });
  if (rows.length === 0) return [];
  const head = ['| what was found | paths | become relative | store alias | stay |', '| --- | --: | --: | --: | --: |'];
  return ['', ...head, ...rows];
}

function objectTable(named: readonly Named[], room: number): string[] {
  const rows = ['| object | verdict | paths |', '| --- | --- | --: |', ...fitting(named.map(objectRow), room)];
  if (named.length <= OBJECTS_SHOWN) return ['', ...rows];
  return ['', `<details><summary>${counted(named.length, 'object')}</summary>`, '', ...rows, '', '</details>'];
}

/** At most `MAX_COMMENT` characters: what blocks first, then what was found, then the objects. */
export function auditMarkdown(report: AuditReport): string {
  const names = displayNames(report.objects.map(({ path }) => baseName(path)));
  const named = report.objects.map((object, i): Named => [names[i] as string, object]);
  const blockers = named.flatMap(([name, { sites }]) => sites.filter(isBlocking).map((site) => blockerRow(name, site)));
  const unopened = named.flatMap(unopenedRows);
  // The head and the rules, of which there are some 80, take less than the fourth part.
  const share = MAX_COMMENT / 4;
  const blockTable = ['| what blocks | rule | why |', '| --- | --- | --- |', ...fitting(blockers, share), ''];
  const unopenedTable = ['', '| not looked into | why |', '| --- | --- |', ...fitting(unopened, share)];
  return `${[
    verdict(report.objects),
    '',
    ...(blockers.length === 0 ? [] : blockTable),
    `${counted(report.totals.sites, 'hardcoded path')} in ${counted(report.objects.length, 'object')}.`,
    ...ruleTable(report),
    ...(unopened.length === 0 ? [] : unopenedTable),
    ...objectTable(named, share),
  ].join('\n')}\n`;
}
