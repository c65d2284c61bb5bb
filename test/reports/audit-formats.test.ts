import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditMarkdown, MAX_COMMENT } from '../../src/reports/audit-markdown.ts';
import { unmoor } from '../cli/run-unmoor.ts';
import { type TinyStore, tinyStore } from '../cli/tiny-store.ts';
import { afterFixes, sarifErrors } from './sarif.ts';

let store: TinyStore;
beforeAll(() => {
  store = tinyStore();
});
afterAll(() => store.remove());

describe('SARIF', () => {
  it('names every site with its rule, its place in bytes, and what blocks as an error', () => {
    const { stdout, code } = unmoor(['audit', store.tool, store.blocked, '--format', 'sarif']);
    expect(code).toBe(1);
    const { version, runs } = JSON.parse(stdout);
    expect(version).toBe('2.1.0');
    const [{ tool, results }] = runs;
    const { sites } = JSON.parse(unmoor(['audit', store.tool, store.blocked, '--format', 'json']).stdout).totals;
    expect(results).toHaveLength(sites);
    for (const { ruleId, ruleIndex, locations, message } of results) {
      expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
      expect(tool.driver.rules[ruleIndex].help.markdown).toContain('## What it finds');
      expect(locations[0].physicalLocation.artifactLocation.uri).toMatch(/^file:\/\/\//);
      expect(message.text).not.toBe('');
    }
    const levels = results.map(({ level }: { level: string }) => level);
    expect(levels.filter((level: string) => level === 'error')).toHaveLength(1);
  });

  it('is valid by the schema of the standard, which tells valid from invalid', () => {
    const log = JSON.parse(unmoor(['audit', store.tool, store.blocked, store.plain, '--format', 'sarif']).stdout);
    expect(sarifErrors(log)).toEqual([]);
    log.runs[0].results[0].level = 'fatal';
    expect(sarifErrors(log)).not.toEqual([]);
  });

  it('has fixes that make of a file what a relocation makes of it', () => {
    const script = join(store.tool, 'bin', 'tool');
    const log = JSON.parse(unmoor(['audit', store.tool, '--format', 'sarif']).stdout);
    const fixed = afterFixes(log.runs[0].results);
    expect([...fixed.keys()]).toEqual([script]);
    const to = join(store.work, 'moved');
    expect(unmoor(['relocate', store.tool, '--to', to]).code).toBe(0);
    const moved = readFileSync(join(to, 'store', basename(store.tool), 'bin', 'tool'));
    expect(fixed.get(script)?.toString()).toBe(moved.toString());
  });

  it('tells places as lines in texts, as bytes elsewhere', () => {
    const log = JSON.parse(unmoor(['audit', store.tool, store.blocked, '--format', 'sarif']).stdout);
    const places = log.runs[0].results.map(({ locations }: { locations: [{ physicalLocation: object }] }) => {
      return locations[0].physicalLocation;
    });
    expect(places).toContainEqual({
      artifactLocation: { uri: `file://${store.tool}/bin/tool` },
      region: expect.objectContaining({ startLine: 2, startColumn: 15, byteOffset: 24 }),
      contextRegion: { startLine: 2, snippet: { text: `read -r a b < ${store.tool}/share` } },
    });
  });
});

describe('Markdown', () => {
  it('shows what blocks, and every object', () => {
    const { stdout } = unmoor(['audit', store.tool, store.blocked, '--format', 'markdown']);
    expect(stdout).toMatch(/^### Unmoor: 1 of 2 objects blocked\n/);
    expect(stdout).toContain('words.service');
    expect(stdout).toContain('| relocatable after rewriting | 2 |');
  });

  it('stays below the limit of a comment, and takes no markup from names', () => {
    const site = {
      file: '`<b>@all|[x](y)',
      place: 'contents' as const,
      rule: 'opaque',
      offset: 1,
      length: 50,
      text: 'x',
      reference: 'x',
      role: 'run-time' as const,
      what: 'text',
      remedy: { kind: 'none' as const, code: 'x', reason: 'y' },
    };
    const objects = Array.from({ length: 5000 }, (_, i) => ({
      path: `/nix/store/${i}-<script>`,
      narHash: 'sha256-x' as const,
      references: [],
      sites: [site],
      bareMentions: 0,
      size: 1,
    }));
    const totals = { occurrences: 0, sites: 5000, bareMentions: 0, byRule: { opaque: 5000 }, byRole: {}, byRemedy: {} };
    const text = auditMarkdown({ version: 1, storeDir: '/nix/store', objects, totals });
    expect(text.length).toBeLessThanOrEqual(MAX_COMMENT);
    expect(text).toMatch(/\.\.\. and \d+ more\./);
    expect(text).not.toContain('<script>');
    expect(text).not.toContain('@all');
  });
});
