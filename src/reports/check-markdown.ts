/** The contributor check as Markdown, for pull requests and job summaries. */

import type { CheckReport, Finding } from '../check/finding.ts';
import { escapeMarkdown } from './markdown.ts';

/** Rows before the rest is only counted: comments and summaries have a size limit. */
const MAX_ROWS = 100;
const RANK = { information: 0, warning: 1, error: 2 };

function row({ path, line, severity, rule, message, advice }: Finding): string {
  return `| ${escapeMarkdown(path)}:${line} | ${severity} | ${rule} | ${escapeMarkdown(message)} | ${escapeMarkdown(advice)} |`;
}

export function checkMarkdown(report: CheckReport): string {
  const failing = report.findings.filter(
    ({ state, severity }) => state === 'new' && RANK[severity] >= RANK[report.failOn],
  );
  const others = report.findings.length - failing.length;
  const rest = others > 0 ? ` ${others} more that fail nothing.` : '';
  if (failing.length === 0) return `### Unmoor: nothing to mend\n\n${report.files} files checked.${rest}\n`;
  const rows = failing.slice(0, MAX_ROWS).map(row);
  const more = failing.length > MAX_ROWS ? [`\n... and ${failing.length - MAX_ROWS} more.`] : [];
  return [
    `### Unmoor: ${failing.length} new ${failing.length === 1 ? 'finding' : 'findings'}`,
    '',
    `${report.files} files checked.${rest}`,
    '',
    '| where | severity | rule | what | what to do |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    ...more,
    '',
  ].join('\n');
}
