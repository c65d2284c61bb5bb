/** The audit as one self-contained HTML page, put together from its parts. */

import type { AuditReport } from '../pipeline/report.ts';
import { blockersSection } from './html/blockers.ts';
import { changesSection } from './html/changes/section.ts';
import { htmlDocument } from './html/document.ts';
import { graphSection } from './html/graph/picture.ts';
import { languagesSection } from './html/languages.ts';
import { objectsSection } from './html/object-list.ts';
import { objectRows } from './html/object-rows.ts';
import { embeddedData } from './html/page-data.ts';
import { pathsSection } from './html/paths.ts';
import { reachability } from './html/reachability.ts';
import { rulesSection } from './html/rule-pages.ts';
import { script } from './html/script/script.ts';
import { hatch, treemapSection } from './html/treemap/picture.ts';
import { subject, verdictHeader } from './html/verdict.ts';

export interface AuditHtmlOptions {
  /** The page of a rule, as Markdown. */
  readonly page: (rule: string) => string;
}

const SECTION = /<h2 id="([\w-]+)">([^<]*)<\/h2>/;

/** Links to the parts that there are, by their own headings. */
function navigation(sections: readonly string[]): string {
  const links = sections.map((section) => {
    const [, id, title] = SECTION.exec(section) ?? [];
    return `<li><a href="#${id}">${title}</a></li>`;
  });
  return `<nav aria-label="Parts of this page"><ul>${links.join('')}</ul></nav>`;
}

/** The whole page. */
export function auditHtml(report: AuditReport, { page }: AuditHtmlOptions): string {
  const reach = reachability(report.objects);
  const rows = objectRows(report, reach);
  const { page: data, hunks } = embeddedData(report, rows);
  const sections = [
    blockersSection(rows),
    treemapSection(rows),
    graphSection(rows, reach),
    languagesSection(report),
    objectsSection(rows),
    ...(report.totals.sites > 0 ? [pathsSection(data)] : []),
    changesSection(rows),
    rulesSection(Object.keys(report.totals.byRule), page),
  ].filter((section) => section !== '');
  return htmlDocument({
    title: `${subject(rows)}: hardcoded paths`,
    body: `<a class="skip" href="#${report.totals.sites > 0 ? 'paths' : 'objects'}">Skip the pictures</a>
${hatch}
${verdictHeader(report, rows)}
${navigation(sections)}
<main>
${sections.join('\n')}
</main>
<footer><p>Made by Unmoor. This page is one file: it loads nothing and sends nothing.</p></footer>`,
    data: new Map<string, unknown>([
      ['data', data],
      ...[...hunks].map(([index, own]): [string, unknown] => [`hunks-${index}`, own]),
    ]),
    script,
  });
}
