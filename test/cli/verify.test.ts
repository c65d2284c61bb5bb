import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unmoor } from './run-unmoor.ts';
import { type TinyStore, tinyStore } from './tiny-store.ts';
import { validator } from './validate.ts';

let store: TinyStore;
beforeAll(() => {
  store = tinyStore();
});
afterAll(() => store.remove());

describe('verify of finished objects', () => {
  it('finds the same bytes and the same output under three prefixes', () => {
    const { code, stdout } = unmoor(['verify', store.tool, '--run', 'tool done', '--format', 'json']);
    const report = JSON.parse(stdout);
    expect(validator('verify')(report)).toEqual([]);
    expect(code).toBe(0);
    expect(report.places).toHaveLength(3);
    expect(new Set(report.places.map(({ prefixBytes }: { prefixBytes: number }) => prefixBytes)).size).toBe(3);
    expect(report.objects.map(({ name, equal }: { name: string; equal: boolean }) => [name, equal])).toEqual([
      ['data', true],
      ['tool', true],
    ]);
    expect(report.runs).toEqual([{ command: 'tool done', same: true, difference: '' }]);
  });

  it('shows hashes and runs as text', () => {
    const { code, stdout } = unmoor(['verify', store.tool, '--run', 'tool done']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}tool +sha256-\S{12} +same$/m);
    expect(stdout).toContain('same output under every prefix');
    expect(stdout).toContain('2 objects: the same bytes under 3 prefixes.');
  });

  it('reports a program that prints where it is, less its prefix', () => {
    const where = unmoor(['verify', store.tool, '--run', 'command -v tool']);
    expect(where.code).toBe(0);
    const differs = unmoor(['verify', store.tool, '--run', 'command -v tool | wc -c']);
    expect(differs.code).toBe(1);
    expect(differs.stdout).toMatch(/stdout is "\d+\\n", under the first prefix "\d+\\n"/);
  });

  it('reports a command that fails everywhere', () => {
    const { code, stdout } = unmoor(['verify', store.tool, '--run', 'no-such-program']);
    expect(code).toBe(1);
    expect(stdout).toContain('it ends with exit 127');
  });

  it('relocates to the prefixes that were named, and keeps them', () => {
    const prefixes = ['one', 'a longer one'].map((name) => join(store.work, name));
    const { code, stdout } = unmoor([
      'verify',
      store.tool,
      ...prefixes.flatMap((prefix) => ['--prefix', prefix]),
      '--format',
      'json',
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).places.map(({ prefix }: { prefix: string }) => prefix)).toEqual(prefixes);
  });

  it('refuses a prefix that is taken', () => {
    const taken = join(store.work, 'taken');
    mkdirSync(taken);
    writeFileSync(join(taken, 'mine'), 'precious');
    const { code, stderr } = unmoor(['verify', store.tool, '--prefix', taken]);
    expect(code).not.toBe(0);
    expect(stderr).toContain(taken);
  });
});

describe('wrong usage of verify', () => {
  it.each([
    [[], 'nothing to verify'],
    [['--attr', 'hello'], 'nothing to verify'],
    [['some/path', '--expr', 'default.nix'], 'both paths and --expr'],
    [['--expr', '/nowhere/default.nix'], 'no such file'],
    [['/nowhere/object'], 'no such file'],
    [['--store-dir', 'relative'], 'absolute path is needed'],
  ])('%j', (args, message) => {
    const { code, stderr } = unmoor(['verify', ...args]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
