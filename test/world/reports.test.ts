/** Reports on real packages: fixes as code-scanning services apply them, and references as Nix itself explains them. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { analyzers } from '../../src/analyzers/registry.ts';
import { rulePage } from '../../src/cli/rule-page.ts';
import { audit } from '../../src/pipeline/audit.ts';
import { relocate } from '../../src/pipeline/relocate.ts';
import type { AuditReport } from '../../src/pipeline/report.ts';
import { removeTree } from '../../src/pipeline/staging.ts';
import { why } from '../../src/pipeline/why.ts';
import { auditSarif } from '../../src/reports/audit-sarif.ts';
import { jsonChunks } from '../../src/reports/json.ts';
import { validator } from '../cli/validate.ts';
import { afterFixes, type SarifResult, sarifErrors } from '../reports/sarif.ts';
import { nixConfiguration } from './build.ts';

const world = inject('world');
const root = world.profile as string;
const work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-world-reports-')));
const moved = join(work, 'moved');
let report: AuditReport;

beforeAll(async () => {
  report = await audit({ paths: [root], closure: true, changes: true });
  await relocate({ paths: [root], to: moved });
});
afterAll(() => removeTree(work));

test('the JSON of real packages follows its schema, with changes and without', () => {
  const problems = validator('audit');
  expect(problems(JSON.parse([...jsonChunks(report)].join('')))).toEqual([]);
  const explained = why(report, root, 'zlib');
  expect(validator('why')(JSON.parse([...jsonChunks(explained)].join('')))).toEqual([]);
});

describe('SARIF', () => {
  test('is valid, and its fixes make of real files what a relocation makes of them', () => {
    const rules = analyzers.flatMap((analyzer) => analyzer.rules);
    const log = JSON.parse(auditSarif(report, { version: '1.0.0', rules, page: rulePage }));
    expect(sarifErrors(log)).toEqual([]);
    const results = log.runs[0].results as readonly SarifResult[];
    expect(results).toHaveLength(report.totals.sites);
    const inMoved = (path: string) => readFileSync(path.replace('/nix/store', join(moved, 'store')));
    const regions = (result: SarifResult) =>
      (result.fixes ?? []).flatMap(({ artifactChanges }) =>
        artifactChanges.flatMap(({ replacements }) => replacements),
      );
    const inTexts = results.filter((result) => regions(result).some(({ deletedRegion }) => deletedRegion.startLine));
    const texts = afterFixes(inTexts);
    const wrong = [...texts].filter(([path, bytes]) => !bytes.equals(inMoved(path))).map(([path]) => path);
    expect(wrong).toEqual([]);
    const changed = report.objects.reduce((sum, { changes = [] }) => sum + changes.length, 0);
    process.stdout.write(`sarif: fixes for ${texts.size} of ${changed} texts that a relocation changes\n`);
    expect(texts.size).toBeGreaterThan(0.9 * changed);
    // Elsewhere the alias: the bytes of the store directory alone.
    let aliases = 0;
    for (const result of results) {
      for (const { artifactLocation, replacements } of (result.fixes ?? []).flatMap((fix) => fix.artifactChanges)) {
        const path = fileURLToPath(artifactLocation.uri);
        for (const { deletedRegion, insertedContent } of replacements) {
          if (deletedRegion.byteOffset === undefined) continue;
          const [start, end] = [deletedRegion.byteOffset, deletedRegion.byteOffset + (deletedRegion.byteLength ?? 0)];
          expect(readFileSync(path).toString('latin1', start, end)).toBe('/nix/store');
          expect(inMoved(path).toString('latin1', start, end)).toBe(insertedContent?.text);
          aliases++;
        }
      }
    }
    expect(aliases).toBeGreaterThan(100);
  });
});

/** What `nix why-depends --all --precise` lists of one object: the files that hold each reference of it. */
function filesByNix(from: string, to: string): string[] | undefined {
  const args = ['--extra-experimental-features', 'nix-command', 'why-depends', '--all', '--precise', from, to];
  const { status, stdout, stderr } = spawnSync('nix', args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, NIX_CONFIG: nixConfiguration },
  });
  if (status !== 0) throw new Error(stderr);
  const lines = stdout.replaceAll(/\x1b\[[\d;]*m/g, '').split('\n');
  let files: string[] = [];
  for (const line of lines) {
    const [, target] = /^(?:│ {3}| {4})→ (\/\S+)/.exec(line) ?? [];
    if (target === to) return files;
    if (target !== undefined) files = [];
    const [, file] = /^(?:[├└]───|│ {3}| {4})([^ │├└→].*?)(?:: …?| -> )/.exec(line) ?? [];
    if (file !== undefined) files.push(file);
  }
  return undefined;
}

describe('why', () => {
  test.each(['hello', 'git', 'python', 'scripts', 'profile'])('%s: the same files as Nix names', (name) => {
    const from = world[name] as string;
    const object = report.objects.find(({ path }) => path === from);
    const targets = object?.references.filter((path) => path !== from) ?? [];
    expect(targets.length).toBeGreaterThan(0);
    for (const to of targets) {
      const { chain, live } = why(report, from, to.slice('/nix/store/'.length));
      const byNix = filesByNix(from, to);
      if (byNix === undefined) throw new Error(`Nix shows no link from ${from} to ${to}`);
      const [link] = chain;
      // A link that is dead may be gone round; here none is.
      expect([chain.length, link?.to, live]).toEqual([1, to, true]);
      const files = new Set(link?.sites.map(({ file }) => file));
      expect(byNix.filter((file) => !files.has(file))).toEqual([]);
      // Nix sees neither into compressed files nor what a compiler split.
      const seen = link?.sites.filter(({ member, rule }) => member === undefined && rule !== 'elf/immediate') ?? [];
      expect([...new Set(seen.map(({ file }) => file))].sort()).toEqual([...byNix].sort());
    }
  });

  test('finds a way to every object of the closure, and says where there is none', () => {
    for (const { path } of report.objects) {
      const { chain, live } = why(report, root, path.slice('/nix/store/'.length));
      let at = root;
      for (const link of chain) {
        expect(link.from).toBe(at);
        expect(report.objects.find((one) => one.path === at)?.references).toContain(link.to);
        at = link.to;
      }
      expect([at, live]).toEqual([path, true]);
    }
    const hello = world.hello as string;
    expect(() => why(report, hello, 'git')).not.toThrow();
    expect(why(report, hello, 'git')).toMatchObject({ chain: [], live: false });
  });
});
