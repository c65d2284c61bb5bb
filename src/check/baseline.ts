/**
 * Findings that are known: a count for each fingerprint in each file. A fingerprint is made of the rule, the line
 * without its blanks, and the attribute around it, so that it survives moved lines.
 */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../pipeline/user-error.ts';
import { type Finding, fails, type Severity } from './finding.ts';

interface Entry {
  readonly rule: string;
  readonly fingerprint: string;
  readonly count: number;
  /** For people who read the file; not compared. */
  readonly text: string;
}

export interface Baseline {
  readonly version: 1;
  readonly findings: Readonly<Record<string, readonly Entry[]>>;
}

const EMPTY: Baseline = { version: 1, findings: {} };

/**
 * @param required whether it is an error that there is no such file.
 * @throws {UserError} when the file is none.
 */
export function readBaseline(path: string, required = false): Baseline {
  if (!existsSync(path)) {
    if (required) throw new UserError(`${path}: no such file`, { exitCode: 2 });
    return EMPTY;
  }
  const wrong = (what: string) =>
    new UserError(`${path}: ${what}`, { exitCode: 2, hint: 'unmoor check --update-baseline writes it anew' });
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw wrong(error instanceof SyntaxError ? 'this is no JSON' : 'it cannot be read');
  }
  const { version, findings } = (value ?? {}) as Partial<Record<string, unknown>>;
  if (version !== 1) throw wrong('version 1 is expected');
  const isEntry = (entry: Partial<Entry> | null) =>
    typeof entry?.fingerprint === 'string' && Number.isInteger(entry.count);
  const lists = typeof findings === 'object' && findings !== null ? Object.values(findings) : undefined;
  if (lists === undefined || !lists.every((list) => Array.isArray(list) && list.every(isEntry))) {
    throw wrong('"findings" is expected to hold lists of fingerprints and counts');
  }
  return value as Baseline;
}

/**
 * Marks as known what a baseline or an older revision holds, as often as it does.
 *
 * @param root where the baseline's paths begin: entries of files that are gone count for files that came.
 * @param older findings of the older revision, under their present paths.
 */
export function markKnown(
  findings: readonly Finding[],
  baseline: Baseline,
  root: string,
  older: readonly Finding[],
): Finding[] {
  const pool = new Map<string, number>();
  const gone = new Map<string, number>();
  const add = (map: Map<string, number>, key: string, count: number) => map.set(key, (map.get(key) ?? 0) + count);
  for (const [path, entries] of Object.entries(baseline.findings)) {
    const exists = existsSync(join(root, path));
    for (const { fingerprint, count } of entries) {
      if (exists) add(pool, `${path}\0${fingerprint}`, count);
      else add(gone, fingerprint, count);
    }
  }
  const before = new Map<string, number>();
  for (const { path, fingerprint } of older) add(before, `${path}\0${fingerprint}`, 1);
  const take = (map: Map<string, number>, key: string) => {
    const left = map.get(key) ?? 0;
    if (left > 0) map.set(key, left - 1);
    return left > 0;
  };
  return findings.map((finding) => {
    const key = `${finding.path}\0${finding.fingerprint}`;
    // Both are asked: what stands in both is one finding, not two.
    const isOld = take(before, key);
    const isListed =
      take(pool, key) || (baseline.findings[finding.path] === undefined && take(gone, finding.fingerprint));
    return isOld || isListed ? { ...finding, state: 'known' as const } : finding;
  });
}

/** Writes the failing findings of the checked files; other files keep their entries, as long as they exist. */
export function writeBaseline(
  path: string,
  root: string,
  old: Baseline,
  checked: ReadonlySet<string>,
  findings: readonly Finding[],
  failOn: Severity,
): number {
  const entries: Record<string, Entry[]> = {};
  for (const [file, list] of Object.entries(old.findings)) {
    if (!checked.has(file) && existsSync(join(root, file))) entries[file] = [...list];
  }
  let count = 0;
  for (const finding of findings) {
    if (!fails({ ...finding, state: 'new' }, failOn)) continue;
    count++;
    entries[finding.path] ??= [];
    const list = entries[finding.path] as Entry[];
    const index = list.findIndex(({ fingerprint }) => fingerprint === finding.fingerprint);
    const { rule, fingerprint, text } = finding;
    if (index < 0) list.push({ rule, fingerprint, count: 1, text });
    else list[index] = { ...(list[index] as Entry), count: (list[index] as Entry).count + 1 };
  }
  const sorted = Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(path, `${JSON.stringify({ version: 1, findings: sorted }, null, 2)}\n`);
  return count;
}
