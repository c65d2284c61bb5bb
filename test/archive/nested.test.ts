/** Archives in archives, bombs, and how reports tell what was not looked into. */

import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync, gunzipSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { audit } from '../../src/pipeline/audit.ts';
import { auditHtml } from '../../src/reports/audit-html.ts';
import { auditMarkdown } from '../../src/reports/audit-markdown.ts';
import { auditSarif } from '../../src/reports/audit-sarif.ts';
import { auditText } from '../../src/reports/audit-text.ts';
import { unmoor } from '../cli/run-unmoor.ts';
import { validator } from '../cli/validate.ts';
import { sarifErrors } from '../reports/sarif.ts';
import { ALIAS, HERE, REWRITTEN, repackFile, TEXT, told, unseen } from './packed.ts';

interface Entry {
  readonly name: string;
  readonly contents: Buffer;
  readonly method?: number;
}

/** A zip file, as small as can be. */
function zip(entries: readonly Entry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, contents, method = 8 } of entries) {
    const data = method === 0 ? contents : deflateRawSync(contents);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(method, 4);
    fields.writeUInt32LE(crc32(contents), 10);
    fields.writeUInt32LE(data.length, 14);
    fields.writeUInt32LE(contents.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(name)]);
    const offset = Buffer.alloc(4);
    offset.writeUInt32LE(at);
    directory.push(
      Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), fields, Buffer.alloc(10), offset, Buffer.from(name)]),
    );
    parts.push(local, data);
    at += local.length + data.length;
  }
  const end = Buffer.alloc(18);
  const central = Buffer.concat(directory);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...parts, central, Buffer.from('PK\x05\x06'), end]);
}

/** Contents in so many zip files in each other. */
const deep = (contents: Buffer, levels: number): Buffer => {
  let packed = contents;
  for (let i = levels; i > 0; i--) packed = zip([{ name: i === levels ? 'list' : `${i + 1}.zip`, contents: packed }]);
  return packed;
};

describe('archives in archives', () => {
  it('are rewritten, up to four levels below the file', async () => {
    const inner = zip([
      { name: 'conf/list.gz', contents: gzipSync(TEXT) },
      { name: 'list', contents: Buffer.from(TEXT), method: 0 },
    ]);
    const outer = zip([
      { name: 'lib/inner.jar', contents: inner, method: 0 },
      { name: 'plain', contents: Buffer.from('plain') },
    ]);
    const result = await repackFile('share/outer.jar', outer);
    expect(told(result).sort()).toEqual([
      ...Array(3).fill('alias archive/member run-time lib/inner.jar!/conf/list.gz!/list'),
      ...Array(3).fill('alias archive/member run-time lib/inner.jar!/list'),
    ]);
    expect(result.bytes.includes(`data ${ALIAS}/`)).toBe(true);
    for (const levels of [1, 2, 3, 4, 5]) {
      const nested = await repackFile('a.zip', deep(Buffer.from(TEXT), levels));
      expect(unseen(nested)).toEqual([]);
      expect(nested.sites).toHaveLength(3);
    }
    const tooDeep = await repackFile('a.zip', deep(Buffer.from(TEXT), 6));
    expect(unseen(tooDeep)).toEqual(['too-deep zip 2.zip!/3.zip!/4.zip!/5.zip!/6.zip']);
    expect(tooDeep.sites).toEqual([]);
  });

  it('of which one is sealed: the others are rewritten', async () => {
    const signed = zip([
      { name: 'list', contents: Buffer.from(TEXT) },
      { name: 'META-INF/X.SF', contents: Buffer.from('x') },
    ]);
    const result = await repackFile(
      'a.zip',
      zip([
        { name: 'signed.jar', contents: signed },
        { name: 'list', contents: Buffer.from(TEXT) },
      ]),
    );
    expect(told(result)).toEqual([
      ...Array(3).fill('none(sealed) archive/member run-time signed.jar!/list'),
      ...Array(3).fill('alias archive/member run-time list'),
    ]);
  });

  it('by their contents, whatever their names', async () => {
    const result = await repackFile('share/data.bin', gzipSync(gzipSync(TEXT)));
    expect(told(result)).toEqual(Array(3).fill('alias archive/member run-time data.bin!/data.bin'));
    expect(gunzipSync(gunzipSync(result.bytes)).toString()).toBe(REWRITTEN);
  });

  it('in Python, and as documentation, have the rules and roles of their places', async () => {
    const result = await repackFile(
      'share/doc/x.zip',
      zip([
        { name: 'a.py', contents: Buffer.from(`x = '${HERE}'\n`) },
        { name: 'notes', contents: Buffer.from(TEXT) },
      ]),
    );
    expect(new Set(told(result).map((line) => line.split(' ').slice(0, 3).join(' ')))).toEqual(
      new Set(['alias python/string run-time', 'none(documentation) manual/path documentation']),
    );
  });
});

describe('bombs', () => {
  const zeros = (size: number) => Buffer.alloc(size);

  it('of zeros are said to be too large, whatever packs them', async () => {
    const many = zeros(300 << 20);
    const quick = { level: 1 };
    expect(unseen(await repackFile('a.zst', zstdCompressSync(many)))).toEqual(['too-large zstd -']);
    expect(unseen(await repackFile('a.gz', gzipSync(many, quick)))).toEqual(['too-large gzip -']);
    expect(unseen(await repackFile('a.gz', gzipSync(gzipSync(many, quick))))).toEqual(['too-large gzip a']);
  });

  it('of many archives in one share one bound', async () => {
    const layer = gzipSync(zeros(100 << 20), { level: 1 });
    const names = ['a', 'b', 'c', 'd', 'e'];
    const result = await repackFile('a.zip', zip(names.map((name) => ({ name, contents: layer }))));
    expect(unseen(result)).toEqual(['too-large gzip c', 'too-large gzip d', 'too-large gzip e']);
  });

  it('that multiply on every level end in time', async () => {
    // As 42.zip does it: sixteen on every level.
    let layer: Buffer = zeros(1 << 20);
    for (let level = 0; level < 6; level++) {
      const contents = layer;
      layer = zip(Array.from({ length: 16 }, (_, i) => ({ name: `${level}-${i}.zip`, contents })));
    }
    const result = await repackFile('42.zip', layer);
    expect(result.opened).toBe(true);
    expect(result.notes.length).toBeGreaterThan(0);
    expect(result.notes.length).toBeLessThanOrEqual(50);
    expect(new Set(result.notes.map(({ code }) => code))).toEqual(new Set(['too-deep', 'too-large']));
  });

  it('of a size that its header hides are damage', async () => {
    const lying = zip([{ name: 'a', contents: zeros(1 << 20) }]);
    for (const magic of ['PK\x03\x04', 'PK\x01\x02']) {
      const at = lying.indexOf(magic, 0, 'latin1') + (magic.endsWith('\x04') ? 22 : 24);
      lying.writeUInt32LE(10, at);
    }
    expect(unseen(await repackFile('a.zip', lying))).toEqual(['damaged zip -']);
  });
});

describe('reports', () => {
  let work: string;
  let out: string;
  beforeEach(() => {
    work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-nested-')));
    out = join(work, 'store/zyxwvsrqpnmlkjihgfdcba9876543210-out');
    mkdirSync(join(out, 'share'), { recursive: true });
  });
  afterEach(() => rmSync(work, { recursive: true, force: true }));

  const formats: Readonly<Record<string, string>> = {
    '7z archive': '7z\xbc\xaf\x27\x1c',
    'squashfs image': 'hsqs',
    AppImage: '\x7fELF\x02\x01\x01\x00AI\x02',
    'RPM package': '\xed\xab\xee\xdb',
    lzip: 'LZIP\x01',
    lz4: '\x04\x22\x4d\x18',
    'RAR archive': 'Rar!\x1a\x07\x01\x00',
    'zip behind a script': '#!/usr/bin/env python3\nPK\x03\x04',
  };

  it('name every kind of archive that is not read', async () => {
    for (const [name, magic] of Object.entries(formats)) {
      writeFileSync(join(out, 'share', name), Buffer.concat([Buffer.from(magic, 'latin1'), Buffer.alloc(600)]));
    }
    writeFileSync(join(out, 'share/cut.xz'), Buffer.from('\xfd7zXZ\x00\x00\x04', 'latin1'));
    const report = await audit({ paths: [out], closure: false, workers: 1 });
    const found = report.objects[0]?.unopened?.map(({ file, format, code }) => `${file} ${format} ${code}`);
    expect(found?.sort()).toEqual(
      [...Object.keys(formats).map((name) => `share/${name} ${name} unsupported`), 'share/cut.xz xz damaged'].sort(),
    );
  });

  it('say so in every format, and do not call the object relocatable without it', async () => {
    writeFileSync(join(out, 'share/<b>.7z'), Buffer.from(`7z\xbc\xaf\x27\x1c${'\0'.repeat(600)}`, 'latin1'));
    writeFileSync(join(out, 'share/a.zip'), zip([{ name: 'b.gz', contents: gzipSync('x').subarray(0, 15) }]));
    const report = await audit({ paths: [out], closure: false, workers: 1 });
    expect(validator('audit')(JSON.parse(JSON.stringify(report)))).toEqual([]);
    expect(report.objects[0]?.unopened).toEqual([
      { file: 'share/<b>.7z', format: '7z archive', code: 'unsupported', reason: 'the format is not read' },
      { file: 'share/a.zip', member: 'b.gz', format: 'gzip', code: 'damaged', reason: expect.stringContaining('') },
    ]);
    const text = auditText(report);
    expect(text).toContain('relocatable, 2 not looked into');
    expect(text).toContain('zyxwvsrqpnmlkjihgfdcba9876543210-out/share/a.zip (inside: b.gz)\n    gzip: ');
    expect(auditMarkdown(report)).toContain('relocatable, 2 not looked into');
    expect(auditMarkdown(report)).toContain('| not looked into | why |');
    const html = auditHtml(report, { page: () => '' });
    expect(html).toContain('2 archives were not looked into');
    expect(html).toContain('share/&lt;b&gt;.7z');
    const sarif = JSON.parse(auditSarif(report, { version: '1.0.0', rules: [], page: () => '' }));
    expect(sarifErrors(sarif)).toEqual([]);
    expect(sarif.runs[0].invocations[0].toolExecutionNotifications).toHaveLength(2);
  });

  it('of a relocation and a rewriting name them, too', () => {
    writeFileSync(join(out, 'share/x.7z'), Buffer.from(`7z\xbc\xaf\x27\x1c${'\0'.repeat(600)}`, 'latin1'));
    const made = unmoor(['relocate', out, '--to', join(work, 'made'), '--format', 'json']);
    expect(made.code).toBe(0);
    const report = JSON.parse(made.stdout);
    expect(validator('relocate')(report)).toEqual([]);
    expect(report.objects[0].unopened).toMatchObject([{ file: 'share/x.7z', code: 'unsupported' }]);
    const text = unmoor(['relocate', out, '--to', join(work, 'again')]);
    expect(text.stdout).toContain('Not looked into');
    const rewritten = unmoor(['rewrite', out, '--format', 'json']);
    expect(validator('rewrite')(JSON.parse(rewritten.stdout))).toEqual([]);
    expect(JSON.parse(rewritten.stdout).objects[0].unopened).toHaveLength(1);
    expect(readFileSync(join(out, 'share/x.7z')).length).toBe(606);
  });
});
