/** The contributor check for a person in a hurry: what fails, where, and what to do. */

import type { CheckReport, Finding } from '../check/finding.ts';
import { type Palette, plainPalette } from './table.ts';

export interface CheckTextOptions {
  readonly palette?: Palette;
  /** What does not fail too. */
  readonly verbose?: boolean;
  /** How many findings are shown; all when undefined. */
  readonly limit?: number;
  /** How a path of the report is shown. */
  readonly shownPath?: (path: string) => string;
}

const RANK = { information: 0, warning: 1, error: 2 };

function counted(count: number, singular: string): string {
  return `${count} ${singular}${count === 1 ? '' : 's'}`;
}

/** Characters that could move the cursor or colour the terminal are shown, not sent. */
export function visible(text: string): string {
  return text.replace(
    /[\x00-\x1f\x7f-\x9f]/g,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

export function checkText(report: CheckReport, options: CheckTextOptions = {}): string {
  const { palette = plainPalette, verbose = false, shownPath = (path: string) => path } = options;
  const failing = (finding: Finding) => finding.state === 'new' && RANK[finding.severity] >= RANK[report.failOn];
  const colour = { information: palette.dim, warning: palette.yellow, error: palette.red };
  const wanted = report.findings.filter((finding) => verbose || failing(finding));
  const shown = wanted.slice(0, options.limit);
  const lines = shown.map(({ path, line, column, severity, rule, message, advice, state, fix }) =>
    [
      `${palette.bold(visible(`${shownPath(path)}:${line}:${column}`))} ${colour[severity](severity)} ${rule}${state === 'known' ? palette.dim(' (known)') : ''}`,
      `  ${visible(message)}`,
      `  ${palette.green('→')} ${advice}${fix === undefined ? '' : palette.dim(' (--fix does it)')}`,
    ].join('\n'),
  );
  if (shown.length < wanted.length) lines.push(palette.dim(`... and ${wanted.length - shown.length} more`));
  if (verbose) {
    for (const { path, reason } of report.skipped) {
      lines.push(palette.dim(`${visible(shownPath(path))} skipped: ${reason}`));
    }
  }
  return [...lines, summary(report, failing, verbose, palette)].join('\n').concat('\n');
}

function summary(
  report: CheckReport,
  failing: (finding: Finding) => boolean,
  verbose: boolean,
  palette: Palette,
): string {
  const failed = report.findings.filter(failing);
  const known = report.findings.filter(({ state }) => state === 'known').length;
  const others = report.findings.length - failed.length - known;
  const fixable = failed.filter(({ fix }) => fix !== undefined).length;
  const parts = [
    ...(report.fixed > 0 ? [`${report.fixed} fixed`] : []),
    ...(known > 0 ? [`${known} known`] : []),
    ...(others > 0 ? [`${others} for information${verbose ? '' : ' (--verbose shows them)'}`] : []),
    ...(report.silenced > 0 ? [`${report.silenced} allowed by comments`] : []),
    ...(report.skipped.length > 0 ? [`${counted(report.skipped.length, 'file')} skipped`] : []),
  ];
  const verdict =
    failed.length === 0
      ? palette.green(`nothing to mend in ${counted(report.files, 'file')}`)
      : palette.red(`${counted(failed.length, 'finding')} in ${counted(report.files, 'file')}`);
  const rest = parts.length === 0 ? '' : `; ${parts.join(', ')}`;
  const hints = [
    ...(fixable > 0 ? [`'unmoor check --fix' mends ${fixable}`] : []),
    ...(failed.length > 0 ? ["'unmoor explain RULE' tells more"] : []),
  ];
  return `${verdict}${rest}.${hints.length === 0 ? '' : `\n${palette.dim(`${hints.join('; ')}.`)}`}`;
}
