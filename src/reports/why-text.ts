/** A chain of references for people at a terminal. */

import type { WhyLink, WhyReport } from '../pipeline/why.ts';
import { baseName, counted, inContext, placeOf, type TextOptions } from './audit-text.ts';
import { type Palette, plainPalette } from './table.ts';

/** Paths of one link that are shown without `--verbose`. */
const SITES_SHOWN = 3;
/** Columns for a path with what stands around it. */
const AROUND = 160;

function linkText({ to, sites, live }: WhyLink, depth: number, palette: Palette, verbose: boolean): string {
  const margin = '  '.repeat(depth);
  // What a program uses first, then the rest.
  const sorted = [...sites].sort((a, b) => Number(b.role === 'run-time') - Number(a.role === 'run-time'));
  const shown = verbose ? sorted : sorted.slice(0, SITES_SHOWN);
  const lines = shown.flatMap((site) => [
    `${margin}  ${site.file === '' ? '(the object itself)' : site.file} ${palette.dim(placeOf(site))} ${palette.yellow(site.rule)} ${site.what}, ${site.role}`,
    `${margin}    ${inContext(site, AROUND, palette)}`,
  ]);
  if (sites.length === 0)
    lines.push(`${margin}  ${palette.dim('no hardcoded path: the digest stands in a relative one, or alone')}`);
  const rest = sites.length - shown.length;
  if (rest > 0) lines.push(`${margin}  ${palette.dim(`... and ${counted(rest, 'more path')} (--verbose shows all)`)}`);
  const mark = live ? palette.green('→') : palette.red('→ (dead)');
  return [...lines, `${margin}${mark} ${palette.bold(baseName(to))}`].join('\n');
}

export function whyText(report: WhyReport, options: TextOptions = {}): string {
  const palette = options.palette ?? plainPalette;
  if (report.from === report.to) return `${baseName(report.from)} is the package itself.\n`;
  if (report.chain.length === 0) return `${baseName(report.from)} does not refer to ${baseName(report.to)}.\n`;
  const links = report.chain.map((link, depth) => linkText(link, depth, palette, options.verbose ?? false));
  const verdict = report.live
    ? 'A program at work may use every link of this chain.'
    : 'Some link of every chain is dead: only documentation, debug information, build-time texts or unused search path entries refer there.';
  return `${palette.bold(baseName(report.from))}\n${links.join('\n')}\n\n${verdict}\n`;
}
