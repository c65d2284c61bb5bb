import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unmoor } from './run-unmoor.ts';
import { type TinyStore, tinyStore } from './tiny-store.ts';

let store: TinyStore;
let readable: string;
beforeAll(() => {
  store = tinyStore();
  // Refers to the tool in a program, and to `plain` in a manual alone.
  readable = join(store.storeDir, `${'f'.repeat(32)}-readable`);
  mkdirSync(join(readable, 'share', 'doc'), { recursive: true });
  writeFileSync(join(readable, 'share', 'run'), `see ${store.tool}/bin/tool\n`);
  writeFileSync(join(readable, 'share', 'doc', 'manual.md'), `see ${store.plain}/readme\n`);
});
afterAll(() => store.remove());

describe('why', () => {
  it('shows the chain, with file, offset and text of each link', () => {
    const { code, stdout } = unmoor(['why', readable, 'data']);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^f{32}-readable\n {2}share\/run 1:5 opaque text, run-time\n {4}see .*b{32}-tool\/bin\/tool\n/,
    );
    expect(stdout).toMatch(/→ b{32}-tool\n/);
    expect(stdout).toMatch(/→ a{32}-data\n/);
    expect(stdout).toContain('may use every link');
  });

  it('tells dead references from live ones', () => {
    const { code, stdout } = unmoor(['why', readable, 'plain']);
    expect(code).toBe(1);
    expect(stdout).toContain('→ (dead)');
    const report = JSON.parse(unmoor(['why', readable, 'plain', '--format', 'json']).stdout);
    expect(report).toMatchObject({
      version: 1,
      live: false,
      chain: [{ live: false, sites: [{ role: 'documentation' }] }],
    });
  });

  it('says what is no object of the closure', () => {
    expect(unmoor(['why', store.tool, 'nothing'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("'nothing' is no object of the closure"),
    });
  });
});

describe('audit --fail-on', () => {
  it.each([
    ['run-time', 'tool', 0],
    ['run-time', 'blocked', 1],
    ['any', 'tool', 1],
    ['any', 'plain', 0],
    ['never', 'blocked', 0],
  ] as const)('%s: %s ends with %i', (failOn, object, code) => {
    expect(unmoor(['audit', store[object], '--fail-on', failOn]).code).toBe(code);
  });

  it('new: what an earlier audit had does not count', () => {
    const baseline = join(store.work, 'baseline.json');
    unmoor(['audit', store.blocked, '--format', 'json', '-o', baseline]);
    const against = (path: string) => unmoor(['audit', path, '--fail-on', 'new', '--baseline', baseline]).code;
    expect(against(store.blocked)).toBe(0);
    unmoor(['audit', store.plain, '--format', 'json', '-o', baseline]);
    expect(against(store.blocked)).toBe(1);
    expect(unmoor(['audit', store.blocked, '--fail-on', 'new']).code).toBe(2);
  });
});
