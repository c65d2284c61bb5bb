/** A rewriting in place, for people who read a build's log. */

import type { ReportSite } from '../pipeline/report.ts';
import type { RewriteReport } from '../pipeline/rewrite/report.ts';
import type { TextOptions } from './audit-text.ts';
import { plainPalette, table } from './table.ts';
import { notLookedInto } from './unopened-text.ts';
import { baseName, counted } from './words.ts';

export interface RewriteTextOptions extends TextOptions {
  /** Where the page of a rule is. */
  readonly page: (rule: string) => string;
}

const SITES_SHOWN = 40;

function blockers({ objects }: RewriteReport): { readonly object: string; readonly site: ReportSite }[] {
  return objects.flatMap(({ path, remaining }) =>
    remaining.filter(({ role }) => role === 'run-time').map((site) => ({ object: baseName(path), site })),
  );
}

export function rewriteText(report: RewriteReport, options: RewriteTextOptions): string {
  const palette = options.palette ?? plainPalette;
  const rows = report.objects.map(({ path, rewrittenFiles, byRule }) => [
    `  ${baseName(path)}`,
    counted(rewrittenFiles, 'file'),
    palette.dim(
      Object.entries(byRule)
        .map(([rule, count]) => `${count} ${rule}`)
        .join(', '),
    ),
  ]);
  const parts = [`${palette.bold('Rewritten')}\n${table(rows, [1])}`];
  const left = blockers(report);
  if (left.length > 0) {
    const shown = options.verbose ? left : left.slice(0, SITES_SHOWN);
    const lines = shown.map(({ object, site }) =>
      [
        `  ${object}/${site.file} ${palette.dim(`+${site.offset}`)} ${palette.yellow(site.rule)} (${site.remedy.code})`,
        `    ${site.text}`,
        `    ${site.remedy.reason ?? ''}`,
        `    see ${options.page(site.rule)}`,
      ].join('\n'),
    );
    const rest = left.length - shown.length;
    if (rest > 0) lines.push(`  ... and ${rest} more`);
    const title = `Not relocatable: ${counted(left.length, 'run-time path stays', 'run-time paths stay')} absolute`;
    parts.push([palette.red(title), ...lines].join('\n'));
  }
  const unseen = notLookedInto(report.objects, palette, options.verbose ? Number.POSITIVE_INFINITY : SITES_SHOWN);
  if (unseen !== '') parts.push(unseen);
  return `${parts.join('\n\n')}\n`;
}
