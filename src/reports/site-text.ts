/** Sites for people at a terminal: where each stands, what is around it, and what becomes of it. */

import type { ReportSite } from '../pipeline/report.ts';
import type { Palette } from './table.ts';
import { cells, headOf, shorten, tailOf, wrapped } from './widths.ts';

export interface SiteStyle {
  readonly palette: Palette;
  /** Columns of the terminal; infinite where nothing need be shortened. */
  readonly width: number;
}

/** Forms and contexts are not cut to less than this. */
const NARROWEST = 30;
/** Characters of the line that are shown on each side of a path. */
const AROUND = 40;

/** Whether it stays absolute although a running program may need it. */
export function isBlocking({ remedy, role }: ReportSite): boolean {
  return remedy.kind === 'none' && role === 'run-time';
}

/** What a relocation makes of it: a form is cut where there is no room, a reason is told whole. */
export function becomes({ remedy }: ReportSite, { palette, width }: SiteStyle, margin: number): string {
  if (remedy.kind === 'none') return palette.red(wrapped(`stays: ${remedy.reason ?? ''}`, width, margin));
  const room = Math.max(NARROWEST, width - margin - remedy.kind.length - 1);
  return `${palette.dim(remedy.kind)} ${shorten(remedy.form ?? '', room)}`;
}

/** Line and column where there are lines, else the offset. */
export function placeOf({ line, column, offset }: ReportSite): string {
  return line === undefined ? `+${offset}` : `${line}:${column}`;
}

/** File and inner file; an object that is one file, or a link, has no names in it. */
export function fileOf({ file, member }: ReportSite): string {
  const inner = member === undefined ? '' : ` (inside: ${member})`;
  return `${file === '' ? '(the object itself)' : file}${inner}`;
}

/** Tabs are as wide as their place wants. */
const withoutTabs = (text: string) => text.replaceAll('\t', ' ');

/** The path with what stands around it; the path comes first where there is not room for all. */
export function inContext({ text, context }: ReportSite, { palette, width }: SiteStyle, margin: number): string {
  const all = Math.max(NARROWEST, width - margin);
  const room = Math.min(AROUND, Math.floor((all - cells(text)) / 2));
  if (context === undefined || room < 4) return palette.bold(shorten(text, all));
  const before = tailOf(withoutTabs(context.before).trimStart(), room);
  const after = headOf(withoutTabs(context.after), room);
  return `${palette.dim(before)}${palette.bold(text)}${palette.dim(after)}`;
}

/** The sites of one object, in order; each file's name once. */
export function siteList(sites: readonly ReportSite[], style: SiteStyle): string {
  const { palette, width } = style;
  const lines: string[] = [];
  let file: string | undefined;
  for (const site of sites) {
    const name = fileOf(site);
    if (name !== file) lines.push(`  ${name}`);
    file = name;
    const head = `    ${palette.yellow(site.rule)} ${palette.dim(placeOf(site))} `;
    lines.push(
      `${head}${palette.dim(wrapped(`${site.what}, ${site.role}`, width - cells(head) + 6, 6))}`,
      `      ${inContext(site, style, 6)}`,
      `      → ${becomes(site, style, 8)}`,
    );
  }
  return lines.join('\n');
}
