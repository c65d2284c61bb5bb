import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditReport, RelocateReport, ReportObject, ReportSite } from '../../src/pipeline/report.ts';
import { auditText } from '../../src/reports/audit-text.ts';
import { relocateText } from '../../src/reports/relocate-text.ts';
import { table } from '../../src/reports/table.ts';
import { cells, headOf, shorten, tailOf, wrapped } from '../../src/reports/widths.ts';

const LIBRARY = '/nix/store/0123456789abcdfghijklmnpqrsvwxyz-library';
const TOOL = '/nix/store/zyxwvsrqpnmlkjihgfdcba9876543210-tool';

const path = `${LIBRARY}/lib`;
const site: ReportSite = {
  file: 'bin/tool',
  place: 'contents',
  rule: 'elf/runpath',
  offset: 700,
  length: path.length,
  text: path,
  reference: LIBRARY.slice(11),
  role: 'run-time',
  what: 'DT_RUNPATH',
  remedy: { kind: 'relative', transform: 'elf', form: '$ORIGIN/lib' },
};
const stays: ReportSite = {
  ...site,
  file: 'share/page.gz',
  rule: 'opaque',
  offset: 9,
  what: 'gzip data',
  remedy: { kind: 'none', code: 'checksum', reason: 'covered by a checksum' },
};
const document: ReportSite = {
  ...stays,
  file: 'share/doc/README',
  role: 'documentation',
  remedy: { kind: 'none', code: 'documentation', reason: 'only people read it' },
};

function report(sites: readonly ReportSite[], others = 0): AuditReport {
  const count = (key: (one: ReportSite) => string) => {
    const counts: Record<string, number> = {};
    for (const one of sites) counts[key(one)] = (counts[key(one)] ?? 0) + 1;
    return counts;
  };
  const object = { path: TOOL, narHash: 'sha256-x' as const, references: [LIBRARY], sites, bareMentions: 2, size: 10 };
  const plain = { ...object, path: LIBRARY, sites: [], bareMentions: 0 };
  return {
    version: 1,
    storeDir: '/nix/store',
    objects: [object, ...Array.from({ length: others }, () => plain)],
    totals: {
      occurrences: sites.length,
      sites: sites.length,
      bareMentions: 2,
      byRule: count(({ rule }) => rule),
      byRole: count(({ role }) => role),
      byRemedy: count(({ remedy }) => remedy.kind),
    },
  };
}

describe('the audit as text', () => {
  it('shows a single object whole', () => {
    expect(auditText(report([site]))).toBe(`Verdict
  ${TOOL}  relocatable after rewriting  1 site

What was found, and what a relocation does with it
  rule         sites  relative  alias  stay
  elf/runpath      1         1      -     -

${TOOL}
  bin/tool
    elf/runpath +700 DT_RUNPATH, run-time
      ${path}
      → relative $ORIGIN/lib

1 hardcoded path in 1 object, all explained; 2 mentions of /nix/store alone.
--verbose lists all sites; 'unmoor explain RULE' tells more about a rule.
`);
  });

  it('puts what blocks first, and says what is harmless', () => {
    const text = auditText(report([site, stays, document]));
    expect(text).toContain('blocked by 1 site');
    expect(text.indexOf('share/page.gz')).toBeLessThan(text.indexOf('bin/tool'));
    expect(text).toMatch(/matters to no running program\n {2}1 {2}documentation: only people read it/);
  });

  it('shows of many objects only what blocks, unless all is wanted', () => {
    const many = report([site, stays], 3);
    expect(auditText(many)).toContain('share/page.gz');
    expect(auditText(many)).not.toContain('bin/tool\n');
    expect(auditText(many, { verbose: true })).toContain('bin/tool\n');
  });

  it('shows line and column, and what stands around a path', () => {
    const context = {
      before: 'exec "',
      after: '/bin/tool" "$@" # and a long remark that is not worth the room of a line',
    };
    const text = auditText(report([{ ...site, line: 12, column: 7, context }]));
    expect(text).toContain('elf/runpath 12:7 DT_RUNPATH');
    expect(text).toContain(`      exec "${path}/bin/tool" "$@" # …\n`);
    expect(auditText(report([{ ...site, line: 12, column: 7, context }]), { width: 60 })).not.toContain('exec');
  });

  it('shows diffs where they were asked for', () => {
    const hunk = { oldStart: 4, oldLines: 1, newStart: 4, newLines: 1, lines: ['-old', '+new'] };
    const audited = report([site]);
    const [object] = audited.objects;
    const changes = [{ file: 'bin/tool', hunks: [hunk], omitted: 2 }];
    const text = auditText({ ...audited, objects: [{ ...(object as ReportObject), changes }] });
    const name = 'zyxwvsrqpnmlkjihgfdcba9876543210-tool/bin/tool';
    expect(text).toContain(`--- ${name}\n+++ ${name}\n@@ -4,1 +4,1 @@\n-old\n+new\n... and 2 changes more\n`);
  });

  it('counts what it leaves out', () => {
    const many = report(Array.from({ length: 40 }, (_, offset) => ({ ...site, offset })));
    expect(auditText(many)).toContain('... and 28 more (--limit shows more, --verbose all)');
    expect(auditText(many, { limit: 30 })).toContain('... and 10 more');
    expect(auditText(many, { verbose: true }).match(/elf\/runpath \+/g)).toHaveLength(40);
  });

  it('has a row for each object of many, with counts; paths only where they block, or all when it is told how many', () => {
    const several = report([site, { ...site, rule: 'elf/string', remedy: { kind: 'alias' } }, document], 1);
    const text = auditText(several, { width: 120 });
    expect(text).toMatch(
      /^Verdict\n {2}object +sites {2}relative {2}alias {2}stay\n {2}z\S+-tool +relocatable after rewriting +3 +1 +1 +1\n {2}0\S+-library +relocatable +- +- +- +-\n/,
    );
    expect(text).not.toContain('bin/tool');
    expect(auditText(several, { limit: 2 })).toMatch(/bin\/tool\n[\s\S]*and 1 more/);
  });

  it('keeps to the width of the terminal, with whole paths where there is none', () => {
    const long = { ...site, text: `${path}/${'x'.repeat(500)}`, what: 'a word of a command that has many words in it' };
    const form = `$ORIGIN/../../${LIBRARY.slice(11)}/${'x'.repeat(200)}`;
    const relative = { ...long, remedy: { kind: 'relative', transform: 'elf', form } } as const;
    const reason = 'read by compilers and build tools of the host, which do not have the store alias';
    const kept: ReportSite = { ...document, remedy: { kind: 'none', code: 'x', reason } };
    const several = report([long, relative, { ...stays, remedy: { kind: 'none', code: 'x', reason } }, kept], 3);
    for (const width of [60, 80, 120, 200]) {
      const lines = auditText(several, { width, limit: 9 }).split('\n');
      expect(lines.filter((line) => cells(line) > width)).toEqual([]);
      expect(lines.join(' ').replaceAll(/ +/g, ' ')).toContain(reason);
    }
    const whole = auditText(several, { width: Number.POSITIVE_INFINITY, limit: 9 });
    expect(whole).toContain(long.text);
    expect(whole).toContain(form);
  });

  it('tells less in its table the narrower the terminal is', () => {
    const several = report([site], 1);
    const head = (width: number) => auditText(several, { width }).split('\n').slice(1, 3).join('\n');
    expect(head(120)).toMatch(/alias.*\n {2}zyxwvsrqpnmlkjihgfdcba9876543210-tool +relocatable after rewriting/);
    expect(head(80)).toMatch(/alias.*\n {2}tool +relocatable after rewriting/);
    expect(head(60)).toMatch(/alias.*\n {2}tool +after rewriting/);
    expect(head(40)).toMatch(/^ {2}object +sites {2}stay\n {2}tool +after rewriting +1 +-$/);
  });

  it('is short when there is nothing', () => {
    const text = auditText({ ...report([]), totals: { ...report([]).totals, bareMentions: 0 } });
    expect(text).toBe(`Verdict
  ${TOOL}  relocatable  0 sites

0 hardcoded paths in 1 object, all explained.
`);
  });
});

describe('widths', () => {
  it('counts cells: wide characters two, marks and colours none', () => {
    expect(cells('plain')).toBe(5);
    expect(cells('目录.txt')).toBe(8);
    expect(cells('e\u0301')).toBe(1);
    expect(cells('\x1b[31mred\x1b[39m')).toBe(3);
  });

  it('never cuts a text to more than its width, nor a character in two', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '/', '目', 'e\u0301', '👩‍💻', 'ü') });
    fc.assert(
      fc.property(text, fc.integer({ min: 5, max: 40 }), (value, width) => {
        for (const cut of [shorten(value, width), headOf(value, width), tailOf(value, width)]) {
          expect(cells(cut)).toBeLessThanOrEqual(width);
          expect(cells(value) <= width ? cut : cut.includes('…') && value).toBe(value);
          expect(cut).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])|(?:^|…)\p{M}/u);
        }
      }),
    );
  });

  it('wraps words, and loses none', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 });
    fc.assert(
      fc.property(words, fc.integer({ min: 30, max: 60 }), (list, width) => {
        const text = wrapped(list.join(' '), width, 4);
        expect(text.split(/\s+/)).toEqual(list);
        for (const [i, line] of text.split('\n').entries())
          expect(cells(line) + (i === 0 ? 4 : 0)).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('columns of a table are straight below wide names', () => {
    expect(
      table([
        ['目录', '1'],
        ['abcd', '2'],
        ['e\u0301', '3'],
      ]),
    ).toBe('目录  1\nabcd  2\ne\u0301     3');
  });
});

describe('the relocation as text', () => {
  const relocated: RelocateReport = {
    version: 1,
    storeDir: '/nix/store',
    to: '/made',
    objects: [
      {
        path: TOOL,
        output: `store/${TOOL.slice(11)}`,
        narHash: 'sha256-x',
        references: [],
        rewrittenFiles: 1,
        byRule: { 'elf/runpath': 1 },
        remaining: [stays, document],
      },
    ],
    programs: ['tool'],
    totals: { ...report([site, stays, document]).totals },
    unresolved: 1,
    checks: [
      { name: 'references', ok: true, summary: '1 object refers to the same objects', details: [] },
      { name: 'targets', ok: false, summary: '3 paths lead somewhere', details: ['bin/tool: lost'] },
    ],
  };

  it('says what was made, what failed, and what stays and matters', () => {
    expect(relocateText(relocated)).toBe(`/made: 1 object, 1 path rewritten, 2 left
1 program in /made/bin: tool

Checks
  ok      1 object refers to the same objects
  FAILED  3 paths lead somewhere
  targets bin/tool: lost

Not relocatable: 1 run-time path stays absolute
  ${TOOL.slice(11)}/share/page.gz +9 opaque
    ${path}
    → stays: covered by a checksum
`);
  });
});

describe('tables', () => {
  it('align, colours left out of the count', () => {
    const red = (text: string) => `\u001b[31m${text}\u001b[39m`;
    expect(
      table(
        [
          [red('a'), '1'],
          ['bbb', '100'],
        ],
        [1],
      ),
    ).toBe(`${red('a')}      1\nbbb  100`);
  });

  it('shorten in the middle', () => {
    expect(shorten('/nix/store/name/bin', 9)).toBe('/nix…/bin');
    expect(shorten('short', 9)).toBe('short');
  });
});
