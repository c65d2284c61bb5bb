/** Zip files: made and read by Python's zipfile, imported by its zipimport, before and after. */

import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { relocate } from '../../src/pipeline/relocate.ts';
import { readZip, writeZip } from '../../src/syntax/zip.ts';
import { must } from '../toy-store.ts';

const DIGEST = 'zyxwvsrqpnmlkjihgfdcba9876543210';
const LIMIT = 1 << 20;

let work: string;
let out: string;
beforeEach(() => {
  work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-zip-')));
  out = join(work, 'store', `${DIGEST}-out`);
  mkdirSync(join(out, 'lib'), { recursive: true });
});
afterEach(() => rmSync(work, { recursive: true, force: true }));

/** A module with a path, a directory, an empty file, a large text, a comment, and data descriptors where `stream`. */
const MAKE = `
import sys, zipfile, io
path, text, stream, extra = sys.argv[1], sys.argv[2], sys.argv[3] == 'stream', sys.argv[4:]
class Pipe(io.RawIOBase):
    def __init__(self, f): self.f = f
    def writable(self): return True
    def write(self, b): return self.f.write(b)
with open(path, 'wb') as f, zipfile.ZipFile(Pipe(f) if stream else f, 'w', zipfile.ZIP_DEFLATED) as z:
    z.writestr('pkg/', '')
    z.writestr('pkg/__init__.py', 'PLACE = %r\\n' % text)
    z.writestr('pkg/empty', '')
    z.writestr('pkg/other.txt', 'nothing to change here\\n' * 500)
    for name in extra: z.writestr(name, 'x')
    z.comment = b'a comment'
`;
const make = (name: string, stream: boolean, ...extra: string[]) => {
  const path = join(out, 'lib', name);
  must('python3', ['-c', MAKE, path, `${out}/lib`, stream ? 'stream' : 'file', ...extra]);
  return readFileSync(path);
};

it('a package in a zip file is imported with its path changed; all other members keep their bytes', async () => {
  const before = { 'a.zip': make('a.zip', false), 'b.zip': make('b.zip', true) };
  make('signed.jar', false, 'META-INF/X.SF');
  writeFileSync(join(out, 'lib/seen'), DIGEST);
  const to = join(work, 'made');
  const report = await relocate({ paths: [out], to, workers: 1 });
  expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(report.objects[0]?.remaining.map(({ file, remedy }) => [file, remedy.code])).toEqual([
    ['lib/signed.jar', 'sealed'],
  ]);
  const made = join(to, 'store', `${DIGEST}-out`, 'lib');
  for (const name of ['a.zip', 'b.zip'] as const) {
    const place = must('python3', [
      '-c',
      `import sys; sys.path[:0] = ['${made}/${name}']; import pkg; print(pkg.PLACE)`,
    ]);
    expect(place.trim()).toMatch(new RegExp(`^/dev/fd/87/+${DIGEST}-out/lib$`));
    expect(must('python3', ['-m', 'zipfile', '-t', `${made}/${name}`])).toBe('Done testing\n');
    must('unzip', ['-tq', `${made}/${name}`]);
    const old = readZip(before[name], LIMIT);
    const now = readZip(readFileSync(`${made}/${name}`), LIMIT);
    const members = (zip: typeof old) => zip?.members.map((member) => member.name);
    expect(members(now)).toEqual(members(old));
    for (const [i, member] of (old?.members ?? []).entries()) {
      if (member.name === 'pkg/__init__.py') continue;
      const same = now?.members[i];
      expect(now?.bytes.subarray(same?.local, same?.end)).toEqual(old?.bytes.subarray(member.local, member.end));
    }
  }
  expect(readFileSync(join(made, 'signed.jar'))).toEqual(readFileSync(join(out, 'lib/signed.jar')));
});

it('written without a change it is the same; broken ones are refused and nothing is thrown', () => {
  const packed = make('a.zip', true);
  const zip = readZip(packed, LIMIT);
  expect(zip && writeZip(zip, new Map()).equals(packed)).toBe(true);
  expect(readZip(packed, 100)).toBeUndefined();
  const change = fc.tuple(fc.nat(packed.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(change, { maxLength: 6 }), fc.nat(packed.length), fc.boolean(), (changes, length, cut) => {
      const bytes = Buffer.from(packed);
      for (const [at, byte] of changes) bytes[at] = byte;
      const read = readZip(cut ? bytes.subarray(0, length) : bytes, LIMIT);
      if (read !== undefined) expect(writeZip(read, new Map()).equals(bytes)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});
