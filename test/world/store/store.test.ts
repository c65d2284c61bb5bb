/** The store's own formats and scans, held against Nix itself and against slower ways to find the same. */

import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { compressHash, toBase32 } from '../../../src/store/base32.ts';
import { bufferSource, openFileSource } from '../../../src/store/byte-source.ts';
import { closureOf, locateGiven, objectsOf } from '../../../src/store/closure.ts';
import { digestSet } from '../../../src/store/digest-set.ts';
import { narHashOfTree, writeNar } from '../../../src/store/nar.ts';
import { readNar } from '../../../src/store/nar-reader.ts';
import { scanBytes, scanSource } from '../../../src/store/scan.ts';
import { BASE32_ALPHABET, isDigestAt, parseBaseName, parseStorePath, storeDir } from '../../../src/store/store-path.ts';
import { TreeError, walkTree } from '../../../src/store/tree.ts';

const work = mkdtempSync(join(tmpdir(), 'unmoor-store-'));
const nix = storeDir('/nix/store');
const digest = 'abcdfghijklmnpqrsvwxyz0123456789';
afterAll(() => rmSync(work, { recursive: true, force: true }));

const nixHash = (path: string) =>
  execFileSync('nix', ['--extra-experimental-features', 'nix-command', 'hash', 'path', path], {
    encoding: 'utf8',
  }).trim();

describe('NAR', () => {
  const tree = join(work, 'tree');
  beforeAll(() => {
    mkdirSync(join(tree, 'empty'), { recursive: true });
    mkdirSync(join(tree, 'a.b'));
    writeFileSync(join(tree, 'a'), 'before a.b, although . sorts before /');
    writeFileSync(join(tree, 'empty-file'), '');
    writeFileSync(join(tree, 'eight'), '12345678');
    writeFileSync(join(tree, 'program'), '#!/bin/sh\n');
    chmodSync(join(tree, 'program'), 0o755);
    writeFileSync(join(tree, 'big'), Buffer.alloc(5_000_001, 'xyz'));
    linkSync(join(tree, 'big'), join(tree, 'a.b', 'linked'));
    symlinkSync('../nowhere', join(tree, 'a.b', 'link'));
    writeFileSync(Buffer.concat([Buffer.from(`${tree}/`), Buffer.from([0xff, 0x66])]), 'no UTF-8');
    writeFileSync(join(tree, 'é'), 'UTF-8');
  });

  test('hashes equal those of Nix: a tree, a file, an executable, a link', () => {
    for (const path of ['', 'a', 'program', 'a.b/link', 'empty'])
      expect(narHashOfTree(join(tree, path))).toBe(nixHash(join(tree, path)));
  });

  test('bytes equal nix-store --dump', () => {
    const chunks: Buffer[] = [];
    writeNar(tree, (bytes) => chunks.push(Buffer.from(bytes)));
    expect(Buffer.concat(chunks).equals(execFileSync('nix-store', ['--dump', tree], { maxBuffer: 1 << 26 }))).toBe(
      true,
    );
  });

  test('is read again: what was written, and nothing that is not canonical', () => {
    const chunks: Buffer[] = [];
    writeNar(tree, (bytes) => chunks.push(Buffer.from(bytes)));
    const nar = Buffer.concat(chunks);
    const seen: string[] = [];
    readNar(bufferSource(nar), (entry) => {
      seen.push(
        `${entry.kind} ${entry.path}${entry.kind === 'regular' ? ` ${entry.size} ${entry.executable}` : ''}${entry.kind === 'symlink' ? ` ${entry.target}` : ''}`,
      );
    });
    const walked: string[] = [];
    walkTree(tree, (entry) => {
      walked.push(
        `${entry.kind} ${entry.path}${entry.kind === 'regular' ? ` ${entry.size} ${entry.executable}` : ''}${entry.kind === 'symlink' ? ` ${entry.target}` : ''}`,
      );
    });
    expect(seen).toEqual(walked);
    fc.assert(
      fc.property(fc.nat(nar.length - 1), (length) => {
        expect(() => readNar(bufferSource(nar.subarray(0, length)), () => {})).toThrow(/NAR/);
      }),
      { numRuns: 50 },
    );
    const swapped = Buffer.from(nar.toString('latin1').replace('empty-file', 'zmpty-file'), 'latin1');
    expect(() => readNar(bufferSource(swapped), () => {})).toThrow(/order/);
    expect(() => readNar(bufferSource(Buffer.concat([nar, Buffer.alloc(8)])), () => {})).toThrow(/behind/);
  });

  test('refuses sockets, fifos and devices by name', () => {
    execFileSync('mkfifo', [join(work, 'fifo')]);
    expect(() => narHashOfTree(join(work, 'fifo'))).toThrow(TreeError);
    expect(() => narHashOfTree(join(work, 'fifo'))).toThrow(/fifo/);
  });
});

describe('base-32', () => {
  test('is that of Nix', () => {
    const hex = '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881';
    const ours = toBase32(Buffer.from(hex, 'hex'));
    const theirs = execFileSync('nix-hash', ['--type', 'sha256', '--to-base32', hex], { encoding: 'utf8' }).trim();
    expect(ours).toBe(theirs);
    expect(toBase32(compressHash(Buffer.from(hex, 'hex')))).toHaveLength(32);
  });
});

describe('store paths', () => {
  test('are taken apart, or refused', () => {
    expect(parseStorePath(`/nix/store/${digest}-a+b_c.d?e=f/lib/x`, nix)).toMatchObject({
      rest: '/lib/x',
      object: { name: 'a+b_c.d?e=f' },
    });
    for (const bad of [
      `/nix/store/${digest}`,
      `/nix/store/${digest}-`,
      `/nix/store/${digest.replace('a', 'e')}-x`,
      `/gnu/store/${digest}-x`,
      `/nix/store/${digest}-x y`,
    ]) {
      expect(parseStorePath(bad, nix)).toBeUndefined();
    }
    expect(parseBaseName(`${'e'.repeat(32)}-nuked`)?.name).toBe('nuked');
    expect(() => storeDir('nix/store')).toThrow(RangeError);
    expect(() => storeDir('/nix/../store')).toThrow(RangeError);
    expect(storeDir('/gnu/store/').path).toBe('/gnu/store');
  });
});

describe('the raw scan', () => {
  const piece = fc.oneof(
    fc.constant(`/nix/store/${digest}-name/x`),
    fc.constant(`/nix/store/${'e'.repeat(32)}-nuked`),
    fc.constant(`/nix/store/${digest}`),
    fc.constant('/nix/store/'),
    fc.constant('/nix/store'),
    fc.constant(digest),
    fc.constantFrom('/', '-', '\0', '/nix/sto', 'e', '\xff', '\n'),
    fc.string({ maxLength: 60 }).map((text) => Buffer.from(text).toString('latin1')),
    fc.array(fc.constantFrom(...BASE32_ALPHABET), { maxLength: 40 }).map((a) => a.join('')),
  );
  const text = fc.array(piece, { maxLength: 40 }).map((pieces) => Buffer.from(pieces.join(''), 'latin1'));

  test('finds the same in chunks of any size as in one piece', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 700 }), (bytes, chunk) => {
        const whole = scanBytes(bytes, nix);
        const parts = scanSource(bufferSource(bytes), nix, digestSet([]), chunk);
        expect(parts.occurrences).toEqual(whole.occurrences);
        expect(parts.bareMentions).toBe(whole.bareMentions);
      }),
      { numRuns: 2000 },
    );
  });

  test('finds what a slow search finds', () => {
    fc.assert(
      fc.property(text, (bytes) => {
        const slow: number[] = [];
        let mentions = 0;
        for (let at = 0; at < bytes.length; at++) {
          if (!bytes.subarray(at).toString('latin1').startsWith('/nix/store')) continue;
          const tail = bytes.subarray(at + 10, at + 43).toString('latin1');
          if (/^\/(?:[0-9abcdfghijklmnpqrsvwxyz]{32}|e{32})$/.test(tail)) slow.push(at);
          else mentions++;
        }
        const { occurrences, bareMentions } = scanBytes(bytes, nix);
        expect(occurrences.map(({ offset }) => offset)).toEqual(slow);
        expect(bareMentions).toBe(mentions);
        for (const { offset } of occurrences) expect(isDigestAt(bytes, offset + 11)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test('known digests are found wherever they stand', () => {
    const other = 'z'.repeat(32);
    fc.assert(
      fc.property(text, fc.nat(200), (bytes, at) => {
        const place = Math.min(at, bytes.length);
        const planted = Buffer.concat([bytes.subarray(0, place), Buffer.from(other), bytes.subarray(place)]);
        expect(scanSource(bufferSource(planted), nix, digestSet([other, digest]), 64).digests.has(other)).toBe(true);
        expect(scanSource(bufferSource(bytes), nix, digestSet([digest])).digests.has(digest)).toBe(
          bytes.includes(digest),
        );
      }),
      { numRuns: 1000 },
    );
  });

  test('a file of any size is read in pieces', () => {
    const path = join(work, 'large');
    const filler = Buffer.alloc(4 * 1024 * 1024 - 20, '#');
    writeFileSync(
      path,
      Buffer.concat([
        filler,
        Buffer.from(`/nix/store/${digest}-across`),
        filler,
        Buffer.from(`/nix/store/${digest}-end`),
      ]),
    );
    const source = openFileSource(path);
    const { occurrences } = scanSource(source, nix, digestSet([]));
    source.close();
    expect(occurrences.map(({ baseName }) => baseName)).toEqual([`${digest}-across`, `${digest}-end`]);
  });
});

describe('closures', () => {
  const world = inject('world');

  test('found by scanning are those that Nix knows', () => {
    const roots = ['hello', 'git', 'profile'].map((name) => basename(world[name] as string));
    const asked = closureOf(roots, { dir: nix, root: '/nix/store' });
    const copy = join(work, 'copy');
    mkdirSync(copy);
    for (const { baseName } of asked) execFileSync('cp', ['-a', join('/nix/store', baseName), copy]);
    const scanned = closureOf(roots, { dir: nix, root: copy });
    expect(scanned.map(({ baseName, references }) => ({ baseName, references }))).toEqual(
      asked.map(({ baseName, references }) => ({ baseName, references })),
    );
    expect(scanned.length).toBeGreaterThan(8);
    execFileSync('chmod', ['-R', 'u+w', copy]);
  });

  test('a link to an object, a path inside one, and any other tree are told apart', () => {
    const hello = world.hello as string;
    symlinkSync(hello, join(work, 'result'));
    symlinkSync('result', join(work, 'result-2'));
    for (const path of [hello, join(hello, 'bin/hello'), join(work, 'result'), join(work, 'result-2')]) {
      expect(locateGiven(path)).toMatchObject({ kind: 'object', baseName: basename(hello) });
    }
    expect(locateGiven(work)).toMatchObject({ kind: 'tree' });
    expect(() => locateGiven(join(work, 'nothing'))).toThrow(/no such file/);
    expect(readFileSync(join(hello, 'bin/hello')).length).toBeGreaterThan(0);
  });
});

describe('entries of a store directory', () => {
  test('are objects, not what Nix puts beside them', () => {
    const store = mkdtempSync(join(tmpdir(), 'unmoor-entries-'));
    const name = `${digest}-tool`;
    const alone = `${digest.split('').reverse().join('')}-yarn.lock`;
    try {
      for (const entry of [name, `${name}.lock`, `${name}.check`, alone, '.links'])
        writeFileSync(join(store, entry), '');
      expect(objectsOf(store)).toEqual([alone, name].sort());
    } finally {
      rmSync(store, { recursive: true });
    }
  });
});
