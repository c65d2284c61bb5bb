/** Everything that the page's script shows, as plain arrays: each text once, sites as numbers that point to them. */

import type { AuditReport, ReportSite } from '../../pipeline/report.ts';
import { visibleLine } from '../visible.ts';
import { type ChangeData, changeData } from './changes/data.ts';
import type { ObjectRow } from './object-rows.ts';
import { isBlocking } from './outcomes.ts';

/** `data.kinds` of the script: relative, alias, stays (harmless), stays (blocks). */
const KIND = { relative: 0, alias: 1, harmless: 2, blocked: 3 } as const;

interface Interned {
  readonly values: string[];
  index(value: string): number;
}

function interned(): Interned {
  const known = new Map<string, number>();
  const values: string[] = [];
  return {
    values,
    index(value) {
      const at = known.get(value);
      if (at !== undefined) return at;
      known.set(value, values.length);
      return values.push(visibleLine(value)) - 1;
    },
  };
}

export interface PageData {
  readonly objects: readonly string[];
  readonly files: readonly string[];
  readonly rules: readonly string[];
  readonly roles: readonly string[];
  /** Paths as they are, forms and reasons, and what the sites are. */
  readonly texts: readonly string[];
  /**
   * Object, file, rule, role, kind, offset, length, text, form or reason, what; then, where they are known, line and column
   * (0 where not), text before and after on the line.
   */
  readonly sites: readonly (readonly (number | string)[])[];
  /** By object: file, lines removed, lines added, hunks left out. */
  readonly changes: Readonly<Record<number, readonly (readonly number[])[]>>;
}

export interface EmbeddedData {
  readonly page: PageData;
  /** By object, in the order of `page.changes`: parsed when they are looked at. */
  readonly hunks: ReadonlyMap<number, readonly ChangeData['hunks'][]>;
}

const fileLabel = ({ file, member }: { readonly file: string; readonly member?: string }) =>
  member === undefined ? file : `${file} › ${member}`;

function kindOf(site: ReportSite): number {
  return KIND[site.remedy.kind === 'none' ? (isBlocking(site) ? 'blocked' : 'harmless') : site.remedy.kind];
}

function placeOf({ line, column, context }: ReportSite): (number | string)[] {
  if (line === undefined && context === undefined) return [];
  const around = context === undefined ? [] : [visibleLine(context.before), visibleLine(context.after)];
  return [line ?? 0, column ?? 0, ...around];
}

export function embeddedData(report: AuditReport, rows: readonly ObjectRow[]): EmbeddedData {
  const [files, rules, roles, texts] = [interned(), interned(), interned(), interned()];
  const sites = report.objects.flatMap((object, index) =>
    object.sites.map((site) => [
      index,
      files.index(fileLabel(site)),
      rules.index(site.rule),
      roles.index(site.role),
      kindOf(site),
      site.offset,
      site.length,
      texts.index(site.text),
      texts.index(site.remedy.form ?? site.remedy.reason ?? ''),
      texts.index(site.what),
      ...placeOf(site),
    ]),
  );
  const changes: Record<number, readonly (readonly number[])[]> = {};
  const hunks = new Map<number, readonly ChangeData['hunks'][]>();
  for (const [index, object] of report.objects.entries()) {
    if (object.changes === undefined || object.changes.length === 0) continue;
    const all = object.changes.map((change) => ({ file: files.index(fileLabel(change)), ...changeData(change) }));
    changes[index] = all.map(({ file, removed, added, omitted }) => [file, removed, added, omitted]);
    hunks.set(
      index,
      all.map((change) => change.hunks),
    );
  }
  const objects = rows.map(({ name }) => name);
  return {
    page: {
      objects,
      files: files.values,
      rules: rules.values,
      roles: roles.values,
      texts: texts.values,
      sites,
      changes,
    },
    hunks,
  };
}
