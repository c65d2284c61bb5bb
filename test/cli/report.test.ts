import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unmoor } from './run-unmoor.ts';
import { type TinyStore, tinyStore } from './tiny-store.ts';
import { validator } from './validate.ts';

let store: TinyStore;
let audits: readonly string[];
beforeAll(() => {
  store = tinyStore();
  mkdirSync(join(store.work, 'blocked'));
  audits = [join(store.work, 'tool.json'), join(store.work, 'blocked', 'audit.json'), join(store.work, 'both.json')];
  const inputs = [[store.tool], [store.blocked], [store.tool, store.blocked]];
  for (const [i, paths] of inputs.entries()) {
    unmoor(['audit', ...paths, '--closure', '--format', 'json', '-o', audits[i] as string]);
  }
});
afterAll(() => store.remove());

describe('report', () => {
  it('ranks what holds back most packages, and names packages after their files or folders', () => {
    const site = join(store.work, 'site');
    expect(unmoor(['report', ...audits, '-o', site])).toEqual({ code: 0, stdout: '', stderr: '' });
    const index = JSON.parse(readFileSync(join(site, 'index.json'), 'utf8'));
    expect(validator('index')(index)).toEqual([]);
    expect(index.packages.map(({ name, blocking }: { name: string; blocking: number }) => [name, blocking])).toEqual([
      ['both', 1],
      ['blocked', 1],
      ['tool', 0],
    ]);
    expect(index.blockers).toMatchObject([{ blocking: 1, packages: ['blocked', 'both'] }]);
    const page = readFileSync(join(site, 'index.html'), 'utf8');
    expect(page).toContain('<strong>1 of 3 packages</strong> can be made relocatable');
    for (const name of ['both', 'blocked', 'tool']) {
      expect(page).toContain(`href="packages/${name}.html"`);
      expect(existsSync(join(site, 'packages', `${name}.html`))).toBe(true);
    }
    expect(page).not.toContain('<script');
  });

  it('tells what changed since an earlier site', () => {
    const [before, after] = [join(store.work, 'before'), join(store.work, 'after')];
    unmoor(['report', audits[0] as string, '-o', before]);
    const worse = JSON.parse(readFileSync(audits[1] as string, 'utf8'));
    writeFileSync(join(store.work, 'worse.json'), JSON.stringify(worse));
    mkdirSync(join(store.work, 'tool'));
    writeFileSync(join(store.work, 'tool', 'audit.json'), JSON.stringify(worse));
    unmoor(['report', join(store.work, 'tool', 'audit.json'), '-o', after, '--previous', before]);
    const index = JSON.parse(readFileSync(join(after, 'index.json'), 'utf8'));
    expect(validator('index')(index)).toEqual([]);
    const { trend } = index;
    expect(trend).toEqual({ relocatable: -1, blocking: 1, freed: [], heldBackAnew: ['tool'] });
    expect(readFileSync(join(after, 'index.html'), 'utf8')).toContain('Held back anew');
  });

  it('refuses what is no audit, and two of one name', () => {
    const other = join(store.work, 'other.json');
    writeFileSync(other, '{"version":2}');
    expect(unmoor(['report', other, '-o', join(store.work, 'x')])).toMatchObject({ code: 2 });
    const same = unmoor(['report', audits[0] as string, audits[0] as string, '-o', join(store.work, 'x')]);
    expect(same).toMatchObject({ code: 2, stderr: expect.stringContaining("two reports are called 'tool'") });
    expect(existsSync(join(store.work, 'x'))).toBe(false);
  });
});
