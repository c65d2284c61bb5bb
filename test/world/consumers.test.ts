/**
 * Builds against relocated libraries, outside of any store: the machine's own CMake, pkgconf and gcc read what the world's
 * packages installed for them, from three kinds of prefix, with /nix out of sight.
 */

import { mkdirSync, mkdtempSync, readdirSync, realpathSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { relocate } from '../../src/pipeline/relocate.ts';
import { removeTree } from '../../src/pipeline/staging.ts';
import { answers, collapse, QUESTIONS } from '../pkg-config/questions.ts';
import { filesBelow } from '../real-files.ts';
import { runProgram } from './run.ts';

const world = inject('world');
const roots = Object.values(world);
const orchard = basename(world.orchard as string);
const zlib = basename(world.zlib as string);
const consumer = fileURLToPath(new URL('consumer', import.meta.url));
const work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-consumers-')));
const prefixes = {
  short: join(work, 'x'),
  long: join(work, ...Array.from({ length: 5 }, (_, i) => `${i}-`.padEnd(50, 'long'))),
  blanks: join(work, 'a b', 'with  Zürich + 東京'),
};
let here = join(work, 'first');

beforeAll(() => relocate({ paths: roots, to: here }));
afterAll(() => removeTree(work));

interface Place {
  readonly store: string;
  readonly masked: boolean;
}
const original: Place = { store: dirname(roots[0] as string), masked: false };
const moved = (): Place => ({ store: join(here, 'store'), masked: true });

/** Runs a shell's script that must succeed; gives what it prints, with the store's place taken out. */
function shell({ store, masked }: Place, script: string, args: readonly string[], env = {}): string[] {
  const { status, stdout, stderr } = runProgram('/bin/sh', { args: ['-euc', script, 'sh', ...args], env, masked });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.split('\n').map((line) => collapse(line).replaceAll(store, '<store>'));
}

const CMAKE = `
cmake -S "$1" -B build -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$2" > log 2>&1 || { cat log; exit 1; }
grep '^-- =' log
cmake --build build > log 2>&1 || { cat log; exit 1; }
./build/consumer`;

const PKG_CONFIG = `
eval "gcc '$1/consumer.c' -o consumer -DTREES='\\"'$(pkgconf --variable=trees orchard)'\\"' \
  $(pkgconf --cflags --libs --static orchard) -Wl,-rpath,$(pkgconf --variable=libdir orchard)"
./consumer`;

const useCMake = (place: Place) => shell(place, CMAKE, [consumer, join(place.store, orchard)]);
const useCompiler = (place: Place) =>
  shell(place, PKG_CONFIG, [consumer], { PKG_CONFIG_LIBDIR: join(place.store, orchard, 'lib/pkgconfig') });

/** The world's pkg-config files: names of modules, by the directory they are in. */
const modules = roots.flatMap((path) =>
  filesBelow(join(path, 'lib/pkgconfig'), /\.pc$/).map((file) => basename(file, '.pc')),
);
function askAll({ store, masked }: Place): string[] {
  const search = roots.map((path) => join(store, basename(path), 'lib/pkgconfig')).join(':');
  const env = { PKG_CONFIG_LIBDIR: search };
  return answers(runProgram('/bin/sh', { args: ['-c', QUESTIONS, 'sh', ...modules], env, masked }).stdout, store);
}

describe('with the store', () => {
  test('a project is built by CMake', () => {
    const said = useCMake(original);
    expect(said).toContain('3 trees, 5 seeds');
    expect(said.join('\n')).toContain(`<store>/${zlib}/lib/libz.so`);
  });

  test('a program is built by pkgconf and gcc', () => {
    expect(useCompiler(original)).toEqual(['3 trees, 5 seeds', '']);
  });

  test('pkgconf knows every module', () => {
    const said = askAll(original);
    expect(modules.length).toBeGreaterThan(10);
    expect(said.filter((line) => line.startsWith('== '))).toHaveLength(modules.length);
    expect(said.filter((line) => line.includes('<store>')).length).toBeGreaterThan(4 * modules.length);
    expect(said.join('\n')).not.toContain('not found');
  });
});

describe.each(Object.entries(prefixes))('from the %s prefix', (_name, prefix) => {
  beforeAll(() => {
    mkdirSync(dirname(prefix), { recursive: true });
    renameSync(here, prefix);
    here = prefix;
    expect(readdirSync(join(here, 'store'))).toContain(orchard);
  });

  test('a project is built by CMake', () => {
    expect(useCMake(moved())).toEqual(useCMake(original));
  });

  test('a program is built by pkgconf and gcc', () => {
    expect(useCompiler(moved())).toEqual(useCompiler(original));
  });

  test('pkgconf says the same of every module', () => {
    expect(askAll(moved())).toEqual(askAll(original));
  });
});
