/** The main job on real packages: the world, relocated, from three kinds of prefix, with /nix out of sight. */

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { audit } from '../../src/pipeline/audit.ts';
import { relocate } from '../../src/pipeline/relocate.ts';
import type { RelocateReport } from '../../src/pipeline/report.ts';
import { removeTree } from '../../src/pipeline/staging.ts';
import { byteString } from '../../src/store/closure.ts';
import { narHashOfTree } from '../../src/store/nar.ts';
import { type SmokeTest, smokeTests } from './programs.ts';
import { runProgram } from './run.ts';

const world = inject('world');
const work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-world-test-')));
const long = join(work, ...Array.from({ length: 5 }, (_, i) => `${i}-`.padEnd(50, 'long')));
const prefixes = { short: join(work, 'x'), long, odd: join(work, 'a b', 'Zürich $HOME \'q" %s; 東京') };

let report: RelocateReport;
let here = join(work, 'first');

const roots = Object.values(world);
const originals = new Map<SmokeTest, ReturnType<typeof runProgram>>();
const original = (smoke: SmokeTest) => {
  const known = originals.get(smoke) ?? runProgram(join(world[smoke.package] as string, smoke.program), smoke);
  originals.set(smoke, known);
  return known;
};
const relocated = (smoke: SmokeTest) => join(here, 'store', basename(world[smoke.package] as string), smoke.program);
const hashes = (store: string) =>
  Object.fromEntries(
    readdirSync(store)
      .sort()
      .map((name) => [name, narHashOfTree(byteString(join(store, name)))]),
  );

/** Programs may print their compiled-in paths: these name the store directory, or the alias in its place. */
const normalise = (text: string) => text.replaceAll('/nix/store', '<store>').replaceAll('/dev/fd/87', '<store>');
const outcome = ({ status, stdout, stderr }: ReturnType<typeof runProgram>) => ({
  status,
  stdout: normalise(stdout),
  stderr: normalise(stderr),
});

beforeAll(async () => {
  report = await relocate({ paths: roots, to: here });
});
afterAll(() => removeTree(work));

describe('the original', () => {
  test.each(smokeTests)('$name', (smoke) => {
    const { status, stdout, stderr } = original(smoke);
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.not.stringContaining('Segmentation') });
    expect(stdout).toMatch(smoke.expect);
  });
});

describe('the relocation', () => {
  test('passes all its checks and leaves nothing that matters at run time', () => {
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
    const remaining = report.objects.flatMap(({ remaining: sites }) => sites.filter(({ role }) => role === 'run-time'));
    expect(remaining.map(({ file, rule, remedy }) => `${file} ${rule} ${remedy.reason}`)).toEqual([]);
  });

  test('law 1: the scan and the sites agree over the whole closure', async () => {
    const { totals, objects } = await audit({ paths: roots, closure: true });
    expect(totals.sites).toBe(totals.occurrences);
    expect(totals.occurrences).toBeGreaterThan(500);
    // Those that Nix recorded are those that we compute.
    for (const { path, narHash } of objects) expect(narHash).toBe(narHashOfTree(path));
  });

  test('gives texts the form of their own language; the alias is for what has none', async () => {
    const { objects } = await audit({ paths: roots, closure: true });
    const texts = objects.flatMap(({ sites }) =>
      sites.filter(
        ({ role, place, rule, what }) =>
          role === 'run-time' && place === 'contents' && !rule.startsWith('elf/') && !/data$/.test(what),
      ),
    );
    const own = texts.filter(({ remedy }) => remedy.kind === 'relative').length;
    const share = own / texts.length;
    process.stdout.write(
      `world: ${own} of ${texts.length} run-time paths in texts have a relative form (${(100 * share).toFixed(1)} %)\n`,
    );
    expect(texts.filter(({ remedy }) => remedy.kind === 'none')).toEqual([]);
    expect(share).toBeGreaterThanOrEqual(0.95);
  });

  test('looks into archives and compressed files: manual pages stay, data leads to the store', async () => {
    const object = world.compressed as string;
    const { objects } = await audit({ paths: [object, world.languages as string], closure: false });
    const packed = objects.flatMap(({ sites }) => sites.filter(({ member }) => member !== undefined));
    const found = packed.map(({ file, member, rule, role, remedy }) => {
      return `${basename(file)} ${member} ${rule} ${role} ${remedy.kind}`;
    });
    expect([...new Set(found)].sort()).toEqual([
      'compressed.1.bz2 compressed.1 manual/path documentation none',
      'compressed.1.gz compressed.1 manual/path documentation none',
      'compressed.1.xz compressed.1 manual/path documentation none',
      'compressed.1.zst compressed.1 manual/path documentation none',
      'libwords.a words.o elf/debug documentation alias',
      'libwords.a words.o elf/string build-time none',
      'outer.jar conf/settings archive/member run-time alias',
      'outer.jar lib/inner.jar!/conf/settings archive/member run-time alias',
      'places-1-py3-none-any.whl places.py python/string run-time alias',
      'settings.gz settings archive/member run-time alias',
      'settings.tar.gz settings.tar!/conf/settings archive/member run-time alias',
      'settings.tar.xz settings.tar!/conf/settings archive/member run-time alias',
      'settings.xz settings archive/member run-time alias',
      'settings.zst settings archive/member run-time alias',
      'world.1.gz world.1 manual/path documentation none',
    ]);
    const moved = join(here, 'store', basename(object));
    for (const name of ['gz', 'xz', 'zst', 'bz2']) {
      const page = `share/man/man1/compressed.1.${name}`;
      expect(readFileSync(join(moved, page)).equals(readFileSync(join(object, page)))).toBe(true);
    }
    const settings = runProgram('/bin/gzip', { args: ['-dc', join(moved, 'share/compressed/settings.gz')] });
    expect(settings.stdout).toBe(`words = /dev/fd/87/${basename(object)}/share/compressed/words\n`);
    const opened = report.objects.filter(({ unopened }) => unopened !== undefined);
    expect(opened.map(({ path, unopened }) => [basename(path), unopened])).toEqual([]);
  });

  test('gives the same bytes again, with any number of workers', async () => {
    const again = join(work, 'again');
    const second = await relocate({ paths: [...roots].reverse(), to: again, workers: 1 });
    expect(second.objects.map(({ narHash }) => narHash)).toEqual(report.objects.map(({ narHash }) => narHash));
    expect(hashes(join(again, 'store'))).toEqual(hashes(join(here, 'store')));
    expect(Object.values(hashes(join(here, 'store'))).filter((hash) => !hash.startsWith('sha256-'))).toEqual([]);
    removeTree(again);
  });

  test('changes nothing when it is relocated again', async () => {
    const again = join(work, 'twice');
    const before = hashes(join(here, 'store'));
    const paths = readdirSync(join(here, 'store')).filter((name) => /^[0-9a-z]{32}-/.test(name));
    await relocate({ paths: paths.map((name) => join(here, 'store', name)), to: again });
    expect(hashes(join(again, 'store'))).toEqual(before);
    removeTree(again);
  });
});

describe.each(Object.entries(prefixes))('from the %s prefix', (_name, prefix) => {
  beforeAll(() => {
    mkdirSync(dirname(prefix), { recursive: true });
    renameSync(here, prefix);
    here = prefix;
  });

  test.each(smokeTests)('$name', (smoke) => {
    expect(outcome(runProgram(relocated(smoke), { ...smoke, masked: true }))).toEqual(outcome(original(smoke)));
  });

  test.each(smokeTests.filter(({ name }) => name.startsWith('perl script')))('$name, given to a shell', (smoke) => {
    const given = (path: string, masked: boolean) => outcome(runProgram('/bin/sh', { ...smoke, args: [path], masked }));
    expect(given(relocated(smoke), true)).toEqual(given(join(world[smoke.package] as string, smoke.program), false));
  });

  test('has the same NAR hashes', () => {
    const now = hashes(join(here, 'store'));
    for (const { output, narHash } of report.objects) expect(now[basename(output)]).toBe(narHash);
  });
});

describe('what is read', () => {
  const libraryDirectory = /^\/(?:usr\/)?lib(?:64|\/x86_64-linux-gnu)?\/[^/]*\.so/;

  test.each(smokeTests)('$name: nothing below /nix, no host library that the original did not read', (smoke) => {
    const before = runProgram(join(world[smoke.package] as string, smoke.program), { ...smoke, traced: true });
    const after = runProgram(relocated(smoke), { ...smoke, traced: true });
    expect(after.files.filter((file) => file.startsWith('/nix/'))).toEqual([]);
    // A script's header runs in the host's shell, which has libraries of its own.
    const shell = runProgram('/bin/sh', { args: ['-c', ':'], traced: true });
    const known = new Set([...before.files, ...(/script/.test(smoke.name) ? shell.files : [])]);
    expect(after.files.filter((file) => libraryDirectory.test(file) && !known.has(file))).toEqual([]);
  });
});
