/** Broken ELF files: cut off, scribbled over, made to lie. Nothing throws, and what is rewritten is well-formed. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { EntryFile } from '../../src/analyzers/analyzer.ts';
import { elfAnalyzer } from '../../src/analyzers/elf/analyzer.ts';
import { opaqueAnalyzer } from '../../src/analyzers/opaque/analyzer.ts';
import { aliasFor } from '../../src/pipeline/alias.ts';
import { writeEdited } from '../../src/pipeline/apply-edits.ts';
import { explain } from '../../src/pipeline/explain.ts';
import { planEntry } from '../../src/pipeline/plan.ts';
import { stubImages } from '../../src/pipeline/stub-images.ts';
import { bufferSource } from '../../src/store/byte-source.ts';
import { scanBytes } from '../../src/store/scan.ts';
import { storeDir } from '../../src/store/store-path.ts';
import { parseElf } from '../../src/syntax/elf/file.ts';
import { secondReading } from '../../src/syntax/elf/second-reading.ts';
import { transformOf } from '../../src/transforms/registry.ts';
import type { TransformContext } from '../../src/transforms/transform.ts';
import { ToyStore } from '../toy-store.ts';

/** How many times more inputs than usual; for hunting. */
const effort = Number(process.env.UNMOOR_TEST_EFFORT ?? 1);

const store = new ToyStore();
const object = store.object('subject');
afterAll(() => store.remove());

const dir = storeDir(store.storeDir);
const context: TransformContext = {
  storeDir: dir,
  alias: aliasFor(dir.path),
  aliasDescriptor: 87,
  aliasPolicy: 'inherit',
  stub: stubImages(),
  exists: () => true,
};
const program = readFileSync(
  store.compile(join(object, 'bin/program'), `const char *d = "${object}/share"; int main(void) { return d[0] == 0; }`),
);
const libraryCode = `const char *d = "${object}/share";`;
const linkedAs = (name: string, flags: readonly string[]) =>
  readFileSync(store.compile(join(object, `lib/lib${name}.so`), libraryCode, ['-shared', ...flags]));
const library = linkedAs('plain', []);
const withoutPadding = linkedAs('lld', ['-fuse-ld=lld']);
const versioned = linkedAs('versioned', ['-Wl,--default-symver', '-Wl,-z,noseparate-code']);

/** The same without section headers, and without what only they tell of. */
function withoutSections(bytes: Buffer): Buffer {
  const elf = parseElf(bufferSource(bytes));
  if ('malformed' in elf) throw new Error(elf.malformed.reason);
  const copy = Buffer.from(bytes.subarray(0, Math.max(...elf.segments.map(({ offset, filesz }) => offset + filesz))));
  copy.writeBigUInt64LE(0n, 40);
  copy.fill(0, 60, 64);
  return copy;
}
const all = { program, library, withoutPadding, versioned, withoutSections: withoutSections(library) };

const view = (bytes: Buffer) =>
  secondReading((offset, length) => bytes.subarray(offset, offset + length), bytes.length);

/** Rewrites bytes as the pipeline does, and gives what came out. */
function rewrite(bytes: Buffer): Buffer {
  const file: EntryFile = {
    file: 'bin/program',
    object: object.slice(object.lastIndexOf('/') + 1),
    executable: true,
    secure: false,
    bytes: bufferSource(bytes),
    head: bytes.subarray(0, 4096),
    storeDir: dir,
  };
  const { occurrences } = scanBytes(bytes, dir);
  const sites = explain(file, occurrences, [elfAnalyzer, opaqueAnalyzer]);
  expect(sites.length).toBe(occurrences.length);
  const plan = planEntry(file, sites, transformOf, context);
  const chunks: Buffer[] = [];
  writeEdited(file.bytes, plan.edits, (chunk) => chunks.push(Buffer.from(chunk)));
  const result = Buffer.concat(chunks);
  const left = plan.sites.filter(({ remedy }) => remedy.kind === 'none').length;
  expect(scanBytes(result, dir).occurrences.length).toBe(left);
  if (view(bytes).violations.length === 0) expect(view(result).violations).toEqual([]);
  return result;
}

describe('the intact files', () => {
  test.each(Object.entries(all))('%s is rewritten, and stays well-formed', (_name, bytes) => {
    const result = rewrite(bytes);
    expect(result.equals(bytes)).toBe(false);
    expect(view(result).violations).toEqual([]);
    expect(rewrite(result).equals(result)).toBe(true);
  });
});

describe('broken files', () => {
  const subjects = fc.constantFrom(...Object.values(all));

  test('cut off anywhere', () => {
    fc.assert(
      fc.property(subjects, fc.double({ min: 0, max: 1, noNaN: true }), (bytes, share) => {
        rewrite(Buffer.from(bytes.subarray(0, Math.floor(bytes.length * share))));
      }),
      { numRuns: 300 * effort },
    );
  });

  test('bytes of the headers replaced', () => {
    const places = fc.array(fc.tuple(fc.nat(1100), fc.nat(255)), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(subjects, places, (bytes, changes) => {
        const copy = Buffer.from(bytes);
        for (const [at, value] of changes) if (at >= 4) copy[at] = value;
        rewrite(copy);
      }),
      { numRuns: 600 * effort },
    );
  });

  test('whole words replaced by extreme numbers, anywhere', () => {
    const extreme = fc.constantFrom(0n, 1n, 0x7fffffffffffffffn, 0xffffffffffffffffn, 0x100000000n, 0xfffffff0n);
    fc.assert(
      fc.property(subjects, fc.array(fc.tuple(fc.nat(), extreme), { minLength: 1, maxLength: 4 }), (bytes, changes) => {
        const copy = Buffer.from(bytes);
        for (const [at, value] of changes) copy.writeBigUInt64LE(value, 8 + ((at * 8) % (copy.length - 16)));
        rewrite(copy);
      }),
      { numRuns: 600 * effort },
    );
  });

  test('noise anywhere behind the header', () => {
    fc.assert(
      fc.property(subjects, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 64 }), (bytes, at, noise) => {
        const copy = Buffer.from(bytes);
        Buffer.from(noise).copy(copy, 64 + (at % (copy.length - 200)));
        rewrite(copy);
      }),
      { numRuns: 600 * effort },
    );
  });
});
