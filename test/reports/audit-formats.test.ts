import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { lexer, type Token, type Tokens } from 'marked';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditReport, ReportSite } from '../../src/pipeline/report.ts';
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

  it('names files by the bytes of their names, and columns by characters', () => {
    const object = join(store.storeDir, `${'e'.repeat(32)}-names`);
    const names = ['a b', '100%', '%41', 'a#b?c', 'ü', '目', '\'"<>', 'back\\slash', '\u00ff\u00e9'].map((name) =>
      Buffer.from(name),
    );
    const odd = Buffer.from([0x66, 0xff, 0x20, 0xc3, 0x28]);
    mkdirSync(object);
    // Six characters before the path, of one to four bytes.
    const line = Buffer.from(`\tä目😀="${store.data}/words"\n`);
    for (const name of [...names, odd]) writeFileSync(Buffer.concat([Buffer.from(`${object}/`), name]), line);
    const log = JSON.parse(unmoor(['audit', object, '--format', 'sarif']).stdout);
    expect(sarifErrors(log)).toEqual([]);
    const { results, columnKind } = log.runs[0];
    expect(columnKind).toBe('unicodeCodePoints');
    const bytesOf = (uri: string) =>
      Buffer.from(
        uri.replaceAll(/%([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
        'latin1',
      );
    const found = results.map(
      ({
        locations: [{ physicalLocation }],
      }: {
        locations: [{ physicalLocation: { artifactLocation: { uri: string }; region: object } }];
      }) => {
        const { uri } = physicalLocation.artifactLocation;
        expect(uri).toMatch(/^file:\/\/\/[\w\-./~!*'()%]*$/);
        expect(physicalLocation.region).toMatchObject({ startLine: 1, startColumn: 7, byteOffset: 12 });
        return bytesOf(uri).subarray(`file://${object}/`.length).toString('hex');
      },
    );
    expect(found.sort()).toEqual([...names, odd].map((name) => name.toString('hex')).sort());
    rmSync(object, { recursive: true });
  });

  it('tells builds of one package from each other by nothing, and its sites by everything else', () => {
    const fingerprints = (path: string) =>
      JSON.parse(unmoor(['audit', path, '--format', 'sarif']).stdout).runs[0].results.map(
        ({ partialFingerprints }: { partialFingerprints: Record<string, string> }) => partialFingerprints['unmoor/v1'],
      );
    const again = join(store.storeDir, `${'g'.repeat(32)}-tool`);
    cpSync(store.tool, again, { recursive: true, verbatimSymlinks: true });
    const first = fingerprints(store.tool);
    expect(new Set(first).size).toBe(first.length);
    expect(fingerprints(again)).toEqual(first);
    rmSync(again, { recursive: true });
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

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>' };
const withoutEntities = (text: string) =>
  text.replaceAll(/&(?:#(\d+)|(amp|lt|gt));/g, (_, code, name) =>
    name ? (NAMED[name] as string) : String.fromCharCode(code),
  );

/** Cells of the tables, as a reader of GitHub Flavored Markdown sees them; and whatever is no plain text or code. */
function rendered(markdown: string): { readonly rows: string[][]; readonly odd: string[] } {
  const rows: string[][] = [];
  const odd: string[] = [];
  const textOf = (tokens: readonly Token[]): string =>
    tokens
      .map((token) => {
        if (!['text', 'codespan', 'escape', 'strong'].includes(token.type)) odd.push(token.raw);
        if (token.type === 'strong') return textOf((token as Tokens.Strong).tokens);
        const { text } = token as Tokens.Text;
        return token.type === 'codespan' ? text : withoutEntities(text);
      })
      .join('');
  for (const token of lexer(markdown)) {
    if (token.type === 'table') {
      for (const row of (token as Tokens.Table).rows) rows.push(row.map((cell) => textOf(cell.tokens)));
    } else if (token.type === 'html' && !/^<\/?details>/.test(token.raw)) odd.push(token.raw);
  }
  return { rows, odd };
}

describe('Markdown', () => {
  it('shows what blocks with its place and reason, what was found, and every object', () => {
    const { stdout } = unmoor(['audit', store.tool, store.blocked, '--format', 'markdown']);
    expect(stdout).toMatch(/^### Unmoor: 1 of 2 objects blocked\n/);
    const { rows, odd } = rendered(stdout);
    expect(odd).toEqual([]);
    expect(rows).toContainEqual([
      expect.stringMatching(/^blocked\/.*words\.service \d+:\d+$/),
      'dbus/service',
      expect.any(String),
    ]);
    expect(rows).toContainEqual(['tool', 'relocatable after rewriting', '2']);
    expect(rows).toContainEqual(['blocked', 'blocked by 1 site', '1']);
  });

  const site = {
    file: 'x',
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
  const reportOf = (sites: readonly ReportSite[], objects = 1, name = 'x'): AuditReport => ({
    version: 1,
    storeDir: '/nix/store',
    objects: Array.from({ length: objects }, (_, i) => ({
      path: `/nix/store/${i}-${name}`,
      narHash: 'sha256-x' as const,
      references: [],
      sites,
      bareMentions: 0,
      size: 1,
    })),
    totals: { occurrences: 0, sites: objects, bareMentions: 0, byRule: { opaque: objects }, byRole: {}, byRemedy: {} },
  });

  it('takes no markup from names and reasons: each stays the text of its cell', () => {
    const unit = fc.constantFrom(
      '`',
      '``',
      '|',
      '\\',
      '<b>',
      '@all',
      '[x](y)',
      ' ',
      '~~',
      '*',
      '_',
      'www.example.org',
      'https://example.org',
      '\n',
      'a',
      '-',
      '&lt;',
      '$',
    );
    fc.assert(
      fc.property(fc.string({ unit, minLength: 1 }), fc.string({ unit }), (file, reason) => {
        // Names that cannot be code may have an address that is made a link.
        fc.pre(!(file.includes('\\|') && /www|https/.test(file)));
        const remedy = { kind: 'none' as const, code: 'x', reason };
        const { rows, odd } = rendered(auditMarkdown(reportOf([{ ...site, file: `f${file}f`, remedy }])));
        const [first] = rows;
        expect(odd.filter((raw) => !/^(?:https:|www)/.test(raw))).toEqual([]);
        expect(first).toHaveLength(3);
        expect(first?.[0]).toBe(`0-x/f${file}f +1`.replaceAll('\n', '\\u{a}'));
      }),
    );
  });

  it('stays below the limit of a comment, and says what is left out', () => {
    for (const file of ['short', 'long'.repeat(900)]) {
      const text = auditMarkdown(reportOf([{ ...site, file }], 5000, '<script>'));
      expect(text.length).toBeLessThanOrEqual(MAX_COMMENT);
      expect(text.match(/\.\.\. and \d+ more\./g)).toHaveLength(2);
      expect(rendered(text).odd).toEqual([]);
    }
  });
});
