/** A chain of references for people at a terminal. */

import type { WhyLink, WhyPlace, WhyReport } from '../pipeline/why.ts';
import { DEFAULT_WIDTH, type TextOptions } from './audit-text.ts';
import { becomes, fileOf, inContext, placeOf, type SiteStyle } from './site-text.ts';
import { plainPalette } from './table.ts';
import { wrapped } from './widths.ts';
import { baseName, counted } from './words.ts';

/** Paths of one link that are shown without `--verbose`. */
const SITES_SHOWN = 3;

interface Style extends SiteStyle {
  readonly verbose: boolean;
}

function linkText({ to, sites, live }: WhyLink, depth: number, style: Style): string {
  const { palette, verbose } = style;
  const margin = '  '.repeat(depth);
  // What a program uses first, then the rest.
  const sorted = [...sites].sort((a, b) => Number(b.role === 'run-time') - Number(a.role === 'run-time'));
  const shown = verbose ? sorted : sorted.slice(0, SITES_SHOWN);
  const lines = shown.flatMap((site) => [
    `${margin}  ${fileOf(site)} ${palette.dim(placeOf(site))} ${palette.yellow(site.rule)} ${site.what}, ${site.role}`,
    `${margin}    ${inContext(site, style, margin.length + 4)}`,
  ]);
  if (sites.length === 0)
    lines.push(`${margin}  ${palette.dim('no hardcoded path: the digest stands in a relative one, or alone')}`);
  const rest = sites.length - shown.length;
  if (rest > 0) lines.push(`${margin}  ${palette.dim(`... and ${counted(rest, 'more path')} (--verbose shows all)`)}`);
  const mark = live ? palette.green('→') : palette.red('→ (dead)');
  return [...lines, `${margin}${mark} ${palette.bold(baseName(to))}`].join('\n');
}

/** The place that was asked for, with what a relocation does about it. */
function placeText({ file, sites }: WhyPlace, depth: number, style: Style): string {
  const { palette } = style;
  const margin = '  '.repeat(depth);
  const lines = sites.flatMap((site) => [
    `${margin}  ${palette.dim(placeOf(site))} ${palette.yellow(site.rule)} ${site.what}, ${site.role}; names ${palette.bold(site.reference)}`,
    `${margin}    ${inContext(site, style, margin.length + 4)}`,
    `${margin}    → ${becomes(site, style, margin.length + 6)}`,
  ]);
  return [`${margin}${file === '' ? '(the object itself)' : file}`, ...lines].join('\n');
}

function verdictOf({ chain, live, at }: WhyReport): string {
  if (at !== undefined && chain.every((link) => link.live)) {
    return live
      ? 'A program at work may come here and use it.'
      : 'No program at work uses it: it is documentation, debug information, a text for builds, or an unused search path entry.';
  }
  return live
    ? 'A program at work may use every link of this chain.'
    : 'Some link of every chain is dead: only documentation, debug information, build-time texts or unused search path entries refer there.';
}

export function whyText(report: WhyReport, options: TextOptions = {}): string {
  const { palette = plainPalette, width = DEFAULT_WIDTH, verbose = false } = options;
  const style = { palette, width, verbose };
  const { from, to, chain, at } = report;
  if (at === undefined && from === to) return `${baseName(from)} is the package itself.\n`;
  if (from !== to && chain.length === 0) return `${baseName(from)} does not refer to ${baseName(to)}.\n`;
  const parts = [
    palette.bold(baseName(from)),
    ...chain.map((link, depth) => linkText(link, depth, style)),
    ...(at === undefined ? [] : [placeText(at, chain.length + 1, style)]),
  ];
  return `${parts.join('\n')}\n\n${wrapped(verdictOf(report), width, 0)}\n`;
}
