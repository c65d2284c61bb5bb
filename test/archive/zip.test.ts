/** Zip files: made and read by Python's zipfile, imported by its zipimport, before and after. */

import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { relocate } from '../../src/pipeline/relocate.ts';
import type { Unopened } from '../../src/syntax/archive/unopened.ts';
import { repairRecord } from '../../src/syntax/archive/wheel-record.ts';
import { readZip, type Zip } from '../../src/syntax/archive/zip.ts';
import { writeZip } from '../../src/syntax/archive/zip-writer.ts';
import { must } from '../toy-store.ts';
import { HERE, repackFile, TEXT, told, unseen } from './packed.ts';

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

const opened = (result: Zip | Unopened): Zip => {
  if ('code' in result) throw new Error(result.reason);
  return result;
};

/** A module with a path, a directory, an empty file, a large text, a comment, and data descriptors where `stream`. */
const MAKE = `
import sys, zipfile, io
path, text, how, extra = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
class Pipe(io.RawIOBase):
    def __init__(self, f): self.f = f
    def writable(self): return True
    def write(self, b): return self.f.write(b)
method = zipfile.ZIP_STORED if how == 'stored' else zipfile.ZIP_DEFLATED
with open(path, 'wb') as f, zipfile.ZipFile(Pipe(f) if how == 'stream' else f, 'w', method) as z:
    z.writestr('pkg/', '')
    with z.open(zipfile.ZipInfo('pkg/__init__.py'), 'w', force_zip64=how == 'zip64') as member:
        member.write(('PLACE = %r\\n' % text).encode())
    z.writestr('pkg/empty', '')
    z.writestr('pkg/other.txt', 'nothing to change here\\n' * 500)
    for name in extra: z.writestr(name, 'x')
    z.comment = b'a comment'
`;
const make = (name: string, how: string, ...extra: string[]) => {
  const path = join(out, 'lib', name);
  must('python3', ['-c', MAKE, path, `${out}/lib`, how, ...extra]);
  return readFileSync(path);
};

it('a package in a zip file is imported with its path changed; all other members keep their bytes', async () => {
  const before = {
    'a.zip': make('a.zip', 'file'),
    'b.zip': make('b.zip', 'stream'),
    'c.zip': make('c.zip', 'stored'),
  };
  make('signed.jar', 'file', 'META-INF/X.SF');
  writeFileSync(join(out, 'lib/seen'), DIGEST);
  const to = join(work, 'made');
  const report = await relocate({ paths: [out], to, workers: 1 });
  expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(report.objects[0]?.remaining.map(({ file, remedy }) => [file, remedy.code])).toEqual([
    ['lib/signed.jar', 'sealed'],
  ]);
  const made = join(to, 'store', `${DIGEST}-out`, 'lib');
  for (const name of ['a.zip', 'b.zip', 'c.zip'] as const) {
    const place = must('python3', [
      '-c',
      `import sys; sys.path[:0] = ['${made}/${name}']; import pkg; print(pkg.PLACE)`,
    ]);
    expect(place.trim()).toMatch(new RegExp(`^/dev/fd/87/+${DIGEST}-out/lib$`));
    expect(must('python3', ['-m', 'zipfile', '-t', `${made}/${name}`])).toBe('Done testing\n');
    must('unzip', ['-tq', `${made}/${name}`]);
    const old = opened(readZip(before[name], LIMIT));
    const now = opened(readZip(readFileSync(`${made}/${name}`), LIMIT));
    expect(now.members.map((member) => member.name)).toEqual(old.members.map((member) => member.name));
    for (const [i, member] of old.members.entries()) {
      if (member.name === 'pkg/__init__.py') continue;
      const same = now.members[i];
      expect(now.bytes.subarray(same?.local, same?.end)).toEqual(old.bytes.subarray(member.local, member.end));
    }
  }
  expect(readFileSync(join(made, 'signed.jar'))).toEqual(readFileSync(join(out, 'lib/signed.jar')));
});

it('written without a change it is the same; broken ones are refused and nothing is thrown', () => {
  for (const how of ['stream', 'zip64']) {
    const packed = make('a.zip', how);
    const zip = opened(readZip(packed, LIMIT));
    expect(zip.isZip64).toBe(how === 'zip64');
    if (!zip.isZip64) expect(writeZip(zip, new Map(), 'packed').equals(packed)).toBe(true);
    const change = fc.tuple(fc.nat(packed.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 6 }), fc.nat(packed.length), fc.boolean(), (changes, length, cut) => {
        const bytes = Buffer.from(packed);
        for (const [at, byte] of changes) bytes[at] = byte;
        const read = readZip(cut ? bytes.subarray(0, length) : bytes, LIMIT);
        if (!('code' in read) && !read.isZip64) expect(writeZip(read, new Map(), 'packed').equals(bytes)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  }
});

/** A zip file by Python, of members given as name and contents. */
function zipped(members: Readonly<Record<string, string>>, method = 'ZIP_DEFLATED'): Buffer {
  const path = join(work, 'some.zip');
  const script = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w', zipfile.${method}) as z:
    for name, text in json.load(sys.stdin).items(): z.writestr(zipfile.ZipInfo(name), text, zipfile.${method})
`;
  must('python3', ['-c', script, path], { input: JSON.stringify(members) });
  return readFileSync(path);
}

/** Changes a field of every local and central header. */
function patched(bytes: Buffer, local: number, central: number, change: (value: number) => number): Buffer {
  const result = Buffer.from(bytes);
  for (const [magic, at] of [
    ['PK\x03\x04', local],
    ['PK\x01\x02', central],
  ] as const) {
    for (
      let found = result.indexOf(magic, 0, 'latin1');
      found >= 0;
      found = result.indexOf(magic, found + 4, 'latin1')
    ) {
      result.writeUInt16LE(change(result.readUInt16LE(found + at)), found + at);
    }
  }
  return result;
}

describe('what is not looked into', () => {
  it('encrypted members and unknown methods are told, others are rewritten', async () => {
    const plain = zipped({ 'a.conf': TEXT, 'b.conf': TEXT });
    expect(
      unseen(
        await repackFile(
          'a.zip',
          patched(plain, 6, 8, (flags) => flags | 1),
        ),
      ),
    ).toEqual(['encrypted zip a.conf']);
    expect(
      unseen(
        await repackFile(
          'a.zip',
          patched(plain, 8, 10, () => 99),
        ),
      ),
    ).toEqual(['unsupported zip a.conf']);
    const second = plain.indexOf('PK\x03\x04', 4, 'latin1');
    const mixed = Buffer.from(plain);
    mixed.writeUInt16LE(1, second + 6);
    mixed.writeUInt16LE(1, mixed.lastIndexOf('PK\x01\x02', undefined, 'latin1') + 8);
    const result = await repackFile('a.zip', mixed);
    expect(result.notes).toMatchObject([{ code: 'encrypted', member: 'b.conf', members: 1 }]);
    expect(told(result)).toEqual(Array(3).fill('alias archive/member run-time a.conf'));
    for (const method of ['ZIP_BZIP2', 'ZIP_LZMA']) {
      expect(unseen(await repackFile('a.zip', zipped({ 'a.conf': TEXT }, method)))).toEqual(['unsupported zip a.conf']);
    }
  });

  it('overlapping members, names that occur twice, and bytes behind the end', async () => {
    const plain = zipped({ 'a.conf': TEXT, 'b.conf': TEXT });
    const overlapping = Buffer.from(plain);
    const lastCentral = overlapping.lastIndexOf('PK\x01\x02', undefined, 'latin1');
    overlapping.writeUInt32LE(0, lastCentral + 42);
    overlapping.write('a', lastCentral + 46);
    expect(unseen(await repackFile('a.zip', overlapping))).toEqual(['damaged zip -']);
    expect(unseen(await repackFile('a.zip', Buffer.concat([plain, Buffer.from('more')])))).toEqual(['damaged zip -']);
  });
});

it('ZIP64 files are read and not written', async () => {
  const bytes = make('a.zip', 'zip64');
  const text = bytes.toString('latin1');
  expect(opened(readZip(bytes, LIMIT)).isZip64).toBe(true);
  expect(text.length).toBe(bytes.length);
  const path = join(work, 'b.zip');
  must('python3', ['-c', MAKE, path, HERE, 'zip64']);
  expect(told(await repackFile('lib/b.zip', readFileSync(path)))).toEqual([
    'none(sealed) python/string run-time pkg/__init__.py',
  ]);
});

it('data descriptors may lack their signature', async () => {
  const path = join(work, 'b.zip');
  must('python3', ['-c', MAKE, path, HERE, 'stream']);
  const bytes = readFileSync(path);
  // Of the one member that is last in the file: no other place has to move.
  const zip = opened(readZip(bytes, LIMIT));
  const last = zip.members.at(-1);
  const start = last?.descriptor?.start ?? 0;
  const bare = Buffer.concat([bytes.subarray(0, start - 4), bytes.subarray(start)]);
  bare.writeUInt32LE(zip.centralStart - 4, bare.length - 'a comment'.length - 6);
  const result = await repackFile('b.zip', bare);
  expect(told(result)).toEqual(['alias python/string run-time pkg/__init__.py']);
  writeFileSync(path, result.bytes);
  must('unzip', ['-tq', path]);
});

describe('wheels', () => {
  const MAKE_WHEEL = `
import base64, hashlib, sys, zipfile
path, text, crlf = sys.argv[1], sys.argv[2], sys.argv[3] == 'crlf'
files = {'pkg/__init__.py': 'PLACE = %r\\n' % text, 'pkg/other.py': 'X = 1\\n', 'pkg/odd, "name".conf': text,
  'pkg-1.dist-info/METADATA': 'Metadata-Version: 2.1\\nName: pkg\\nVersion: 1\\n',
  'pkg-1.dist-info/WHEEL': 'Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n'}
def digest(data): return 'sha256=' + base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()
import csv, io
rows = io.StringIO()
writer = csv.writer(rows, lineterminator='\\r\\n' if crlf else '\\n')
for name, data in files.items(): writer.writerow((name, digest(data.encode()), len(data.encode())))
writer.writerow(('pkg-1.dist-info/RECORD', '', ''))
with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as z:
    for name, data in files.items(): z.writestr(name, data)
    z.writestr('pkg-1.dist-info/RECORD', rows.getvalue())
    for name in sys.argv[4:]: z.writestr(name, 'x')
`;
  /** What an installer checks: every file of RECORD has its hash and size, and every file is listed. */
  const CHECK = `
import base64, csv, hashlib, io, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
listed = {name: (digest, size) for name, digest, size in csv.reader(io.StringIO(z.read('pkg-1.dist-info/RECORD').decode()))}
assert sorted(listed) == sorted(z.namelist()), (listed, z.namelist())
for name, (digest, size) in listed.items():
    if name.endswith('/RECORD'): continue
    data = z.read(name)
    assert len(data) == int(size), name
    assert digest == 'sha256=' + base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode(), name
print('right')
`;

  it.each(['lf', 'crlf'])('with lines that end in %s: RECORD agrees with the members again', async (ending) => {
    const path = join(work, 'pkg-1-py3-none-any.whl');
    must('python3', ['-c', MAKE_WHEEL, path, HERE, ending]);
    const result = await repackFile('pkg-1-py3-none-any.whl', readFileSync(path));
    expect(told(result).sort()).toEqual([
      'alias archive/member run-time pkg/odd, "name".conf',
      'alias python/string run-time pkg/__init__.py',
    ]);
    writeFileSync(path, result.bytes);
    expect(must('python3', ['-c', CHECK, path])).toBe('right\n');
    expect(must('unzip', ['-p', path, 'pkg-1.dist-info/RECORD']).includes('\r\n')).toBe(ending === 'crlf');
    must('unzip', ['-tq', path]);
  });

  it('of which RECORD cannot be read, or has hashes that are not known, stay', () => {
    const changed = new Map([['pkg/a.py', Buffer.from('new')]]);
    const repaired = (text: string) => repairRecord(Buffer.from(text), changed);
    expect(repaired('pkg/a.py\n')).toMatchObject({ reason: expect.stringContaining('cannot be read') });
    expect(repaired('pkg/a.py,md5=x,3\n')).toMatchObject({ reason: expect.stringContaining('md5') });
    for (const same of ['pkg/b.py,sha256=x,3\n', 'pkg/a.py,,\n', '']) {
      expect(repaired(same)).toEqual({ record: Buffer.from(same) });
    }
  });

  it('that are signed stay', async () => {
    const path = join(work, 'pkg-1-py3-none-any.whl');
    must('python3', ['-c', MAKE_WHEEL, path, HERE, 'lf', 'pkg-1.dist-info/RECORD.jws']);
    const result = await repackFile('pkg-1-py3-none-any.whl', readFileSync(path));
    expect(told(result).map((line) => line.split(' ')[0])).toEqual(['none(sealed)', 'none(sealed)']);
  });
});
