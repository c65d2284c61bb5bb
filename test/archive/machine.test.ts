/** Real files of this machine: static libraries, and Python's own library in every kind of archive, with store paths planted. */

import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAr } from '../../src/syntax/archive/ar.ts';
import { filesBelow, plant, readReal, sample } from '../real-files.ts';
import { must } from '../toy-store.ts';
import { ALIAS, HERE, repackFile, STORE } from './packed.ts';

let work: string;
const texts = new Map<string, string>();
beforeAll(() => {
  work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-archives-')));
  for (const path of sample(
    filesBelow('/usr/lib/python3', /\.py$/).concat(filesBelow('/usr/lib/python3.11', /\.py$/)),
    60,
  )) {
    const name = `tree/${path.slice(1)}`;
    const text = plant(readReal(path).text, HERE);
    mkdirSync(dirname(join(work, name)), { recursive: true });
    writeFileSync(join(work, name), text, 'latin1');
    texts.set(name, text);
  }
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

const archives: readonly (readonly [string, string])[] = [
  ['a.tar', 'tar -cf a.tar tree'],
  ['a.tar.gz', 'tar -czf a.tar.gz tree'],
  ['a.tar.xz', 'tar -cJf a.tar.xz tree'],
  ['a.tar.zst', 'tar --zstd -cf a.tar.zst tree'],
  ['a.zip', 'python3 -m zipfile -c a.zip tree'],
  ['nested.zip', 'tar -czf in.tgz tree && python3 -m zipfile -c nested.zip in.tgz'],
];

const unpacking: Readonly<Record<string, string>> = {
  'a.zip': 'unzip -q ../made',
  'nested.zip': 'unzip -q ../made && tar -xf in.tgz',
};

describe.each(archives)('%s of Python modules', (name, command) => {
  it('is unpacked to the same modules, with the alias in the place of the store, and nothing else', async () => {
    must('sh', ['-c', command], { cwd: work });
    const result = await repackFile(`lib/${name}`, readFileSync(join(work, name)));
    const changed = result.sites.filter(({ remedy }) => remedy.kind === 'alias').length;
    expect(changed).toBeGreaterThan(100);
    expect(result.notes).toEqual([]);
    writeFileSync(join(work, 'made'), result.bytes);
    const out = join(work, 'out');
    rmSync(out, { recursive: true, force: true });
    mkdirSync(out);
    must('sh', ['-c', unpacking[name] ?? 'tar -xf ../made'], { cwd: out });
    let aliases = 0;
    for (const [path, text] of texts) {
      const after = readFileSync(join(out, path), 'latin1');
      aliases += after.split(`${ALIAS}/`).length - text.split(`${ALIAS}/`).length;
      expect(after.replaceAll(`${ALIAS}/`, `${STORE}/`)).toBe(text);
    }
    expect(aliases).toBe(changed);
  });
});

it('static libraries have the members that ar tells of', () => {
  const libraries = sample(
    filesBelow('/usr/lib', /\.a$/).filter((path) => statSync(path).size < 64e6),
    60,
  );
  expect(libraries.length).toBeGreaterThan(10);
  for (const path of libraries) {
    const bytes = readFileSync(path);
    if (!bytes.toString('latin1', 0, 2).startsWith('!<')) continue;
    const ar = readAr(bytes);
    if ('code' in ar) throw new Error(`${path}: ${ar.reason}`);
    if (!ar.thin) expect(`${ar.members.map((member) => `${member.name}\n`).join('')}`).toBe(must('ar', ['t', path]));
  }
});

it('changed and cut archives never throw, keep every law, and end in time', async () => {
  for (const [, command] of archives) must('sh', ['-c', command], { cwd: work });
  must(
    'sh',
    [
      '-c',
      'head -c 20000 a.tar > part && tar -cf small.tar part && gzip -k small.tar && xz -k small.tar && zstd -q small.tar',
    ],
    {
      cwd: work,
    },
  );
  for (const name of ['small.tar', 'small.tar.gz', 'small.tar.xz', 'small.tar.zst', 'nested.zip']) {
    const packed = readFileSync(join(work, name));
    const change = fc.tuple(fc.nat(packed.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { maxLength: 4 }),
        fc.integer({ min: 600, max: packed.length }),
        fc.boolean(),
        async (changes, length, cut) => {
          const bytes = Buffer.from(packed);
          // The magic stays: other files are no archives.
          for (const [at, byte] of changes) if (at > 10 && (at < 257 || at > 263)) bytes[at] = byte;
          const result = await repackFile(`lib/${name}`, cut ? bytes.subarray(0, length) : bytes);
          if (!result.opened) expect(result.notes).not.toEqual([]);
        },
      ),
      { numRuns: name.endsWith('.zip') ? 8 : 40 },
    );
  }
});
