import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unmoor } from './run-unmoor.ts';
import { type TinyStore, tinyStore } from './tiny-store.ts';
import { validator } from './validate.ts';

let store: TinyStore;
beforeEach(() => {
  store = tinyStore();
});
afterEach(() => store.remove());

const run = (program: string) => spawnSync(program, ['friend'], { encoding: 'utf8', cwd: '/' }).stdout;
const filesOf = (path: string) =>
  readdirSync(path, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => [name, statSync(join(path, name)).isFile() ? readFileSync(join(path, name), 'latin1') : '']);

describe('rewrite', () => {
  it('makes objects relative where they lie, and they work there and elsewhere', () => {
    const mode = statSync(join(store.tool, 'bin/tool')).mode;
    const before = run(join(store.tool, 'bin/tool'));
    expect(before).toBe('words some, friend\n');
    const { code, stdout } = unmoor(['rewrite', store.tool, '--format', 'json']);
    expect(code).toBe(0);
    const report = JSON.parse(stdout);
    expect(validator('rewrite')(report)).toEqual([]);
    expect(report).toMatchObject({ unresolved: 0, objects: [{ path: store.tool, rewrittenFiles: 2, remaining: [] }] });
    expect(readFileSync(join(store.tool, 'bin/tool'), 'utf8')).not.toContain(store.storeDir);
    expect(statSync(join(store.tool, 'bin/tool')).mode).toBe(mode);
    expect(run(join(store.tool, 'bin/tool'))).toBe(before);
    const moved = join(store.work, "an other's store");
    renameSync(store.storeDir, moved);
    expect(run(store.tool.replace(store.storeDir, moved).concat('/bin/tool'))).toBe(before);
    renameSync(moved, store.storeDir);
  });

  it('changes nothing the second time', () => {
    unmoor(['rewrite', store.tool]);
    const once = filesOf(store.tool);
    expect(unmoor(['rewrite', store.tool, '--format', 'json']).stdout).toContain('"rewrittenFiles": 0');
    expect(filesOf(store.tool)).toEqual(once);
  });

  it('says what stays absolute, and writes it down', () => {
    const { code, stdout } = unmoor(['rewrite', store.blocked, '--exclude', '**/*.service', '--record']);
    expect(code).toBe(1);
    expect(stdout).toContain('words.service');
    const record = readFileSync(join(store.blocked, 'nix-support/relocatable.json'), 'utf8');
    expect(JSON.parse(record)).toMatchObject({ version: 1, relocatable: false, rewrittenFiles: 0 });
    expect(record).not.toContain(store.storeDir);
  });

  it('refuses an object whose hash Nix has recorded', () => {
    mkdirSync(join(store.work, 'var/nix/db'), { recursive: true });
    chmodSync(store.tool, 0o555);
    utimesSync(store.tool, 1, 1);
    const before = filesOf(store.tool);
    const refusal = unmoor(['rewrite', store.tool]);
    expect(refusal).toMatchObject({ code: 1, stdout: '' });
    expect(refusal.stderr).toMatch(/is a finished object of a Nix store.*\n.*unmoor relocate /);
    expect(filesOf(store.tool)).toEqual(before);
    expect(existsSync(join(store.tool, 'nix-support'))).toBe(false);
    chmodSync(store.tool, 0o755);
  });

  it('rewrites what is still being built beside a Nix database', () => {
    mkdirSync(join(store.work, 'var/nix/db'), { recursive: true });
    expect(unmoor(['rewrite', store.tool]).code).toBe(0);
  });

  it('refuses what is no store object', () => {
    expect(unmoor(['rewrite', store.work])).toMatchObject({ code: 2, stdout: '' });
  });
});
