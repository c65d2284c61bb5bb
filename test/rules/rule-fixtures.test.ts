/**
 * One fixture folder for each rule: `build.sh` makes the object `$out` (and may use the object `$dep`) in the store
 * directory `$store`; `sites` lists every site that an audit must find in it, and what becomes of it; `run.sh`, where
 * there is one, must print the same before and after the relocation, with the store gone.
 */

import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { analyzers } from '../../src/analyzers/registry.ts';
import { audit } from '../../src/pipeline/audit.ts';
import { relocate } from '../../src/pipeline/relocate.ts';
import type { ReportSite } from '../../src/pipeline/report.ts';
import { run } from '../cli/run-unmoor.ts';

const fixtures = fileURLToPath(new URL('fixtures', import.meta.url));
const ids = analyzers.flatMap(({ rules }) => rules.map(({ id }) => id));

const DEP = '0123456789abcdfghijklmnpqrsvwxyz-dep';
const OUT = 'zyxwvsrqpnmlkjihgfdcba9876543210-out';

/** One line: what is done, rule, role, where, what it is; the own temporary directory left out. */
function line(site: ReportSite, store: string): string {
  const { remedy } = site;
  const done = remedy.kind === 'none' ? `none(${remedy.code})` : remedy.kind;
  const file = site.file.replaceAll(store.slice(1), 'STORE');
  return `${done} ${site.rule} ${site.role} ${file} (${site.what})`;
}

const sorted = (lines: readonly string[]) => [...lines].sort();

describe.each(ids)('fixture of %s', (id) => {
  const folder = `${fixtures}/${id}`;
  let work: string;
  let store: string;
  let objects: { readonly store: string; readonly dep: string; readonly out: string };

  const shell = (script: string, env: Readonly<Record<string, string>>) => {
    const finished = run('bash', ['-eu', `${folder}/${script}`], { cwd: work, env: { LC_ALL: 'C', ...env } });
    if (finished.code !== 0) throw new Error(`${id}/${script} failed: ${finished.stderr}`);
    return finished;
  };

  beforeEach(() => {
    work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-rule-')));
    store = join(work, 'store');
    objects = { store, dep: join(store, DEP), out: join(store, OUT) };
    mkdirSync(objects.dep, { recursive: true });
    mkdirSync(objects.out);
    shell('build.sh', objects);
  });
  afterEach(() => rmSync(work, { recursive: true, force: true }));

  it('is explained as its list says', async () => {
    const expected = readFileSync(`${folder}/sites`, 'utf8')
      .split('\n')
      .filter((text) => text !== '');
    const report = await audit({ paths: [objects.out], closure: false, workers: 1 });
    const found = report.objects.flatMap(({ sites }) => sites.map((site) => line(site, store)));
    expect(sorted(found)).toEqual(sorted(expected));
    expect(found.filter((text) => text.split(' ')[1] === id)).not.toEqual([]);
  });

  it('is relocated, keeps what it does, and has nothing left to do', async () => {
    const before = existsSync(`${folder}/run.sh`) ? shell('run.sh', objects) : undefined;
    const to = join(work, 'made');
    const report = await relocate({ paths: [objects.out], to, workers: 1 });
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
    renameSync(store, join(work, 'gone'));
    const moved = join(work, 'moved here');
    renameSync(to, moved);
    const now = { store: join(moved, 'store'), dep: join(moved, 'store', DEP), out: join(moved, 'store', OUT) };
    if (before !== undefined) expect(shell('run.sh', now)).toEqual(before);
    const again = await audit({ paths: [now.out], closure: false, workers: 1 });
    const left = report.objects.find(({ output }) => basename(output) === OUT)?.remaining ?? [];
    expect(again.objects.flatMap(({ sites }) => sites.map((site) => line(site, store)))).toEqual(
      left.map((site) => line(site, store)),
    );
  });
});
