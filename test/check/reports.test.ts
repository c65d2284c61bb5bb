import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { checkText as checkFileText } from '../../src/check/check-text.ts';
import type { CheckReport } from '../../src/check/finding.ts';
import { checkRules } from '../../src/check/rules.ts';
import { checkMarkdown } from '../../src/reports/check-markdown.ts';
import { checkSarif } from '../../src/reports/check-sarif.ts';
import { checkText } from '../../src/reports/check-text.ts';
import { root } from '../cli/run-unmoor.ts';
import { sarifErrors } from '../reports/sarif.ts';
import { linking } from './scratch.ts';

const settings = { storeDir: '/nix/store', rules: {} };
const HOSTILE = 'a b/<img src=x onerror=alert(1)>|`x`@team.nix';

function reportOf(files: Readonly<Record<string, string>>): CheckReport {
  const findings = Object.entries(files).flatMap(([path, text]) => checkFileText(path, text, settings).findings);
  return {
    version: 1,
    files: Object.keys(files).length,
    findings,
    skipped: [],
    silenced: 0,
    fixed: 0,
    failOn: 'warning',
  };
}

const page = (rule: string) => readFileSync(`${root}/docs/rules/${rule}.md`, 'utf8');

describe('SARIF', () => {
  const text = linking('a');
  const report = reportOf({ [HOSTILE]: text, 'b.nix': '{ bash, writeScript }: writeScript "x" "#!${bash}/bin/sh"' });
  const log = JSON.parse(checkSarif(report, { version: '1.2.3', rules: checkRules, help: page }));
  const [run] = log.runs;

  it('is valid by the schema of the standard', () => {
    expect(sarifErrors(log)).toEqual([]);
  });

  it('names every rule, with its page', () => {
    expect(run.tool.driver).toMatchObject({ name: 'unmoor check', semanticVersion: '1.2.3' });
    expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(checkRules.map(({ id }) => id));
    for (const rule of run.tool.driver.rules) {
      expect(rule.help.markdown).toMatch(new RegExp(`^# ${rule.id}\n`));
      expect(['note', 'warning', 'error']).toContain(rule.defaultConfiguration.level);
    }
  });

  it('places results by index, level and region', () => {
    expect(run.results.map(({ level }: { level: string }) => level)).toEqual(['warning', 'note']);
    for (const result of run.results) {
      expect(run.tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
      const { artifactLocation, region } = result.locations[0].physicalLocation;
      expect(artifactLocation.uri).toMatch(/^[A-Za-z0-9%._~!*'()/-]+$/);
      expect(decodeURIComponent(artifactLocation.uri)).toMatch(/\.nix$/);
      expect(region.startLine).toBeGreaterThan(0);
      expect(region.endLine).toBe(region.startLine);
      expect(region.endColumn).toBeGreaterThan(region.startColumn);
    }
  });

  it('carries the fix as bytes to replace', () => {
    const [{ replacements }] = run.results[0].fixes[0].artifactChanges;
    const [{ deletedRegion, insertedContent }] = replacements;
    const { byteOffset, byteLength } = deletedRegion;
    expect(text.slice(0, byteOffset) + insertedContent.text + text.slice(byteOffset + byteLength)).toBe(
      linking('a', '-sr'),
    );
  });

  it('tells findings on equal lines apart', () => {
    const line = '    ln -s ${hello}/a $out/a\n';
    const twice = reportOf({ 'a.nix': text.replace(line, line + line) });
    const { results } = JSON.parse(checkSarif(twice, { version: '1', rules: checkRules, help: () => undefined }))
      .runs[0];
    const prints = results.map((result: { partialFingerprints: object }) => JSON.stringify(result.partialFingerprints));
    expect(new Set(prints).size).toBe(2);
  });
});

describe('JSON', () => {
  it('follows its schema', () => {
    const schema = JSON.parse(readFileSync(`${root}/src/reports/schema/check-v1.schema.json`, 'utf8')) as object;
    const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);
    const report = reportOf({ [HOSTILE]: linking('a'), 'b.nix': '{' });
    validate(JSON.parse(JSON.stringify({ ...report, skipped: [{ path: 'x', reason: 'binary' }] })));
    expect(validate.errors).toBeNull();
    expect(validate({ ...report, findings: [{}] })).toBe(false);
  });
});

describe('Markdown', () => {
  it('is a table that nothing in a finding can break', () => {
    const markdown = checkMarkdown(reportOf({ [HOSTILE]: linking('a@team') }));
    const rows = markdown.split('\n').filter((line) => line.startsWith('| '));
    expect(rows).toHaveLength(3);
    for (const row of rows) expect(row.split('|')).toHaveLength(7);
    expect(markdown).not.toMatch(/<img|@team|`/);
  });

  it('stays short', () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`${i}.nix`, linking('a')]));
    const markdown = checkMarkdown(reportOf(many));
    expect(markdown.split('\n').filter((line) => line.startsWith('| '))).toHaveLength(102);
    expect(markdown).toContain('... and 200 more.');
  });

  it('says when nothing is wrong', () => {
    expect(checkMarkdown(reportOf({ 'a.nix': '1' }))).toBe('### Unmoor: nothing to mend\n\n1 files checked.\n');
  });
});

describe('text', () => {
  it('takes at most three lines a finding', () => {
    const lines = checkText(reportOf({ 'a.nix': linking('a'), 'b.nix': linking('b') }))
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(2 * 3 + 2);
  });
});

describe('text of files that were not looked at', () => {
  it('names them when asked, so that nothing they are called moves the cursor', () => {
    const report = { ...reportOf({}), skipped: [{ path: 'a\x1b[2J.nix', reason: 'too large' as const }] };
    expect(checkText(report)).toBe('nothing to mend in 0 files; 1 file skipped.\n');
    expect(checkText(report, { verbose: true })).toMatch(/^a\\x1b\[2J\.nix skipped: too large\n/);
  });
});

describe('the pages of the rules', () => {
  it.each(checkRules.map(({ id }) => id))('%s: the example has a finding of its rule', (id) => {
    const [, language, example] = /^```(nix|sh|diff)\n([\s\S]*?)^```/m.exec(page(id)) ?? [];
    const name = { nix: 'x.nix', sh: 'x.sh', diff: 'x.patch' }[language as 'nix'];
    const found = checkFileText(name, example as string, settings).findings;
    expect(found.map(({ rule }) => rule)).toContain(id);
  });
});
