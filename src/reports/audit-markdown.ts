/** The audit as Markdown, for comments on pull requests and summaries of jobs. */

import type { AuditReport, ReportObject, ReportSite } from '../pipeline/report.ts';
import { escapeMarkdown } from './markdown.ts';
import { countUnopened, unopenedName, unopenedReason } from './unopened.ts';
import { baseName, counted } from './words.ts';

/** What services take as one comment, characters. */
export const MAX_COMMENT = 65_536;

const isBlocking = ({ remedy, role }: ReportSite) => remedy.kind === 'none' && role === 'run-time';

function objectRow({ path, sites, unopened }: ReportObject): string {
  const blocked = sites.filter(isBlocking).length;
  const verdict =
    blocked > 0 ? `blocked by ${blocked}` : sites.length === 0 ? 'relocatable' : 'relocatable after rewriting';
  const unseen = countUnopened(unopened);
  const but = unseen === 0 ? '' : `, ${unseen} not looked into`;
  return `| ${escapeMarkdown(baseName(path))} | ${verdict}${but} | ${sites.length} |`;
}

function blockerRow(object: ReportObject, site: ReportSite): string {
  const file = site.file === '' ? baseName(object.path) : `${baseName(object.path)}/${site.file}`;
  return `| ${escapeMarkdown(file)} +${site.offset} | ${site.rule} | ${escapeMarkdown(site.remedy.reason ?? '')} |`;
}

function unopenedRows({ path, unopened = [] }: ReportObject): string[] {
  return unopened.map(
    (file) =>
      `| ${escapeMarkdown(`${baseName(path)}/${unopenedName(file)}`)} | ${escapeMarkdown(unopenedReason(file))} |`,
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

/** At most `MAX_COMMENT` characters: what blocks first, then the objects. */
export function auditMarkdown(report: AuditReport): string {
  const blockers = report.objects.flatMap((object) =>
    object.sites.filter(isBlocking).map((site) => blockerRow(object, site)),
  );
  const blocked = report.objects.filter(({ sites }) => sites.some(isBlocking)).length;
  const verdict =
    blocked > 0
      ? `### Unmoor: ${blocked} of ${counted(report.objects.length, 'object')} blocked`
      : `### Unmoor: ${counted(report.objects.length, 'object')}, all relocatable`;
  const rules = Object.entries(report.totals.byRule).sort(([, a], [, b]) => b - a);
  const head = [
    verdict,
    '',
    `${counted(report.totals.sites, 'hardcoded path')}: ${rules.map(([rule, count]) => `${count} ${rule}`).join(', ')}`,
    '',
  ];
  const blockTable = blockers.length === 0 ? [] : ['| what blocks | rule | why |', '| --- | --- | --- |'];
  const unopened = report.objects.flatMap(unopenedRows);
  const unopenedTable = unopened.length === 0 ? [] : ['', '| not looked into | why |', '| --- | --- |'];
  const third = (MAX_COMMENT - 2000) / 4;
  const objectTable = ['', '| object | verdict | paths |', '| --- | --- | --: |'];
  return `${[
    ...head,
    ...blockTable,
    ...fitting(blockers, third),
    ...unopenedTable,
    ...fitting(unopened, third),
    ...objectTable,
    ...fitting(report.objects.map(objectRow), third),
  ].join('\n')}\n`;
}
