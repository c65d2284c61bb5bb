import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run, unmoor } from './run-unmoor.ts';
import { type TinyStore, tinyStore } from './tiny-store.ts';
import { validator } from './validate.ts';

let store: TinyStore;
beforeAll(() => {
  store = tinyStore();
});
afterAll(() => store.remove());

describe('relocate', () => {
  it('makes store/ and bin/, and prints JSON that its schema accepts', () => {
    const to = join(store.work, 'made');
    const { code, stdout } = unmoor(['relocate', store.tool, '--to', to, '--format', 'json']);
    const report = JSON.parse(stdout);
    expect(validator('relocate')(report)).toEqual([]);
    expect(code).toBe(0);
    expect(report.programs).toEqual(['tool']);
    expect(readlinkSync(join(to, 'bin', 'tool'))).toMatch(/^\.\.\/store\/b{32}-tool\/bin\/tool$/);
    expect(readlinkSync(join(to, 'store', `${'b'.repeat(32)}-tool`, 'share'))).toMatch(/^\.\.\/a{32}-data\/words$/);
    for (const object of report.objects) expect(existsSync(join(to, object.output))).toBe(true);
  });

  it('refuses a target that exists, and leaves it alone', () => {
    const to = join(store.work, 'taken');
    mkdirSync(to);
    writeFileSync(join(to, 'mine'), 'precious');
    const { code, stderr } = unmoor(['relocate', store.tool, '--to', to]);
    expect(stderr).toContain('exists already');
    expect(code).toBe(1);
    expect(readdirSync(to)).toEqual(['mine']);
    expect(readFileSync(join(to, 'mine'), 'utf8')).toBe('precious');
  });

  it('has exit code 1 when something stays absolute, unless that is allowed', () => {
    const refused = unmoor(['relocate', store.blocked, '--to', join(store.work, 'blocked')]);
    expect(refused.stdout).toContain('words.service');
    expect(refused.code).toBe(1);
    const allowed = unmoor(['relocate', store.blocked, '--to', join(store.work, 'allowed'), '--allow-unresolved']);
    expect(allowed.code).toBe(0);
    expect(allowed.stdout).toContain('words.service');
  });

  it('refuses trees that are no store object', () => {
    const { code, stderr } = unmoor(['relocate', '/etc', '--to', join(store.work, 'etc')]);
    expect(stderr).toContain('is no store object');
    expect(code).toBe(2);
    expect(existsSync(join(store.work, 'etc'))).toBe(false);
  });

  it('leaves nothing behind in the target directory but the target', () => {
    expect(readdirSync(store.work).filter((name) => name.includes('unmoor-partial'))).toEqual([]);
  });
});

describe('adopt and relocate', () => {
  it('make a program of this machine run from anywhere', () => {
    const absolute = join(store.work, 'adopted');
    const adopted = unmoor(['adopt', '/bin/bash', '--to', absolute, '--format', 'json']);
    expect(adopted.code).toBe(0);
    expect(validator('adopt')(JSON.parse(adopted.stdout))).toEqual([]);
    const { objects } = JSON.parse(adopted.stdout) as { objects: { path: string; isProgram: boolean }[] };
    const program = objects.find(({ isProgram }) => isProgram)?.path ?? '';
    const hello = ['-c', 'echo "hello from $BASH_VERSION"'];
    const original = run(`${program}/bin/bash`, hello);
    expect(original.stdout).toMatch(/^hello from \d/);
    const to = join(store.work, 'moved');
    expect(unmoor(['relocate', program, '--to', join(store.work, 'first')]).code).toBe(0);
    renameSync(join(store.work, 'first'), to);
    renameSync(absolute, join(store.work, 'gone'));
    expect(run(`${to}/bin/bash`, hello)).toEqual(original);
  });
});
