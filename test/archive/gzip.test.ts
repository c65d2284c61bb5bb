/** gzip files: what is read, what is not, and that a file packed again is what the real gzip unpacks. */

import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { audit } from '../../src/pipeline/audit.ts';
import { relocate } from '../../src/pipeline/relocate.ts';
import { readGzip, writeGzip } from '../../src/syntax/gzip.ts';
import { must } from '../toy-store.ts';

const DIGEST = 'zyxwvsrqpnmlkjihgfdcba9876543210';
const LIMIT = 1 << 20;

describe('readGzip and writeGzip', () => {
  it('keep header and contents, for any contents', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4000 }), fc.uint8Array({ maxLength: 4000 }), (before, after) => {
        const read = readGzip(gzipSync(before), LIMIT);
        expect(read?.contents.equals(before)).toBe(true);
        const packed = writeGzip(read as NonNullable<typeof read>, Buffer.from(after));
        expect(packed.subarray(0, 10)).toEqual(gzipSync(before).subarray(0, 10));
        expect(gunzipSync(packed).equals(after)).toBe(true);
      }),
    );
  });

  it('never throw, and read nothing wrong, when bytes are changed', () => {
    const contents = Buffer.from('some text, some text, some other text\n'.repeat(20));
    const packed = gzipSync(contents);
    const change = fc.tuple(fc.nat(packed.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), fc.nat(packed.length), (changes, length) => {
        const bytes = Buffer.from(packed);
        for (const [at, byte] of changes) bytes[at] = byte;
        const read = readGzip(bytes.subarray(0, length), LIMIT);
        if (read !== undefined) expect(read.contents.equals(contents)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('leave bombs, several members, and bytes behind the end', () => {
    const text = gzipSync('text');
    expect(readGzip(gzipSync(Buffer.alloc(64 * LIMIT)), LIMIT)).toBeUndefined();
    expect(readGzip(Buffer.concat([text, text]), LIMIT)).toBeUndefined();
    expect(readGzip(Buffer.concat([text, Buffer.alloc(8)]), LIMIT)).toBeUndefined();
  });
});

describe('a relocation', () => {
  let work: string;
  let out: string;
  beforeEach(() => {
    work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-gzip-')));
    out = join(work, 'store', `${DIGEST}-out`);
    mkdirSync(join(out, 'share'), { recursive: true });
  });
  afterEach(() => rmSync(work, { recursive: true, force: true }));

  it('changes the paths of files made by gzip, keeps their names and times, and no byte of others', async () => {
    writeFileSync(join(work, 'list'), `data ${out}/share/plain.gz\n`);
    writeFileSync(join(work, 'plain'), 'no path here\n');
    for (const name of ['list', 'plain']) must('gzip', ['-k', join(work, name)]);
    must('cp', [join(work, 'list.gz'), join(work, 'plain.gz'), join(out, 'share')]);
    // Nix knows of the object by another file.
    writeFileSync(join(out, 'share/seen'), DIGEST);
    const to = join(work, 'made');
    const report = await relocate({ paths: [out], to, workers: 1 });
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
    const made = join(to, 'store', `${DIGEST}-out`, 'share');
    const alias = `/dev/fd/87${'/'.repeat(join(work, 'store').length - '/dev/fd/87'.length)}`;
    const packed = readFileSync(join(made, 'list.gz'));
    expect(must('gzip', ['-dc', join(made, 'list.gz')])).toBe(`data ${alias}/${DIGEST}-out/share/plain.gz\n`);
    const original = readFileSync(join(out, 'share/list.gz'));
    expect(packed.subarray(0, 15)).toEqual(original.subarray(0, 15));
    expect(packed.toString('latin1', 10, 15)).toBe('list\0');
    expect(readFileSync(join(made, 'plain.gz'))).toEqual(readFileSync(join(out, 'share/plain.gz')));
    const twice = join(work, 'again');
    const again = await relocate({ paths: [join(to, 'store', `${DIGEST}-out`)], to: twice, workers: 1 });
    expect(again.objects.map(({ narHash }) => narHash)).toEqual(report.objects.map(({ narHash }) => narHash));
  });

  it('names the inner file in the report', async () => {
    writeFileSync(join(out, 'share/list.gz'), gzipSync(`data: ${out}/share\n`));
    const report = await audit({ paths: [out], closure: false, workers: 1 });
    expect(report.objects.flatMap(({ sites }) => sites)).toMatchObject([
      { file: 'share/list.gz', member: 'list', rule: 'archive/member', offset: 6, remedy: { kind: 'alias' } },
    ]);
    expect(report.totals.occurrences).toBe(1);
  });
});
