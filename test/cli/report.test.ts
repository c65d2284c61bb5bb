import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quote, root, run, unmoor } from './run-unmoor.ts';
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
    expect(page).toContain('holds the others back');
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

  it('counts a store object once, wherever its store lies, and tells what changed of each package', () => {
    const audit = JSON.parse(readFileSync(audits[1] as string, 'utf8'));
    const moved = JSON.parse(JSON.stringify(audit).replaceAll(store.storeDir, '/elsewhere'));
    const other = {
      ...moved,
      objects: moved.objects.map((object: object) => ({ ...object, narHash: `sha256-${'B'.repeat(43)}=` })),
    };
    const [here, there, rebuilt] = ['here', 'there', 'rebuilt'].map((name) => join(store.work, `${name}.json`)) as [
      string,
      string,
      string,
    ];
    for (const [file, content] of [
      [here, audit],
      [there, moved],
      [rebuilt, other],
    ] as const)
      writeFileSync(file, JSON.stringify(content));
    const [first, second] = [join(store.work, 'first'), join(store.work, 'second')];
    expect(unmoor(['report', here, '-o', first]).code).toBe(0);
    expect(unmoor(['report', here, there, rebuilt, '-o', second, '--previous', first]).code).toBe(0);
    const index = JSON.parse(readFileSync(join(second, 'index.json'), 'utf8'));
    expect(validator('index')(index)).toEqual([]);
    expect(index.blockers.map(({ packages }: { packages: string[] }) => packages)).toEqual([
      ['here', 'there'],
      ['rebuilt'],
    ]);
    expect(index.byRule['dbus/service']).toMatchObject({ blocking: 2 });
    expect(index.packages.map(({ name, before }: { name: string; before?: number }) => [name, before])).toEqual([
      ['here', 1],
      ['rebuilt', undefined],
      ['there', undefined],
    ]);
    const page = readFileSync(join(second, 'index.html'), 'utf8');
    expect(page).toContain('Paths by language');
    expect(page).toContain('<span class="soft">new</span>');
  });

  it('gives each package a page of its own, whatever it is called', () => {
    const names = ['a b', 'a_b', 'ä', '\'"<x>', '__proto__'];
    const files = names.map((name) => join(store.work, `${name}.json`));
    for (const file of files) writeFileSync(file, readFileSync(audits[0] as string));
    const site = join(store.work, 'odd names');
    expect(unmoor(['report', ...files, '-o', site])).toEqual({ code: 0, stdout: '', stderr: '' });
    const page = readFileSync(join(site, 'index.html'), 'utf8');
    const links = [...page.matchAll(/href="(packages\/[^"]*)"/g)].map(([, link]) => decodeURIComponent(link as string));
    expect(new Set(links).size).toBe(names.length);
    for (const link of links) expect(readFileSync(join(site, link), 'utf8')).toContain('<h1>');
  });

  it.each([
    ['is cut off', '{"version":1,'],
    ['is empty', ''],
    ['is null', 'null'],
    ['has no objects', '{"version":1,"storeDir":"/x","totals":{}}'],
    ['has an object that is none', '{"version":1,"storeDir":"/x","objects":[{"path":7}],"totals":{}}'],
  ])('names a file that %s', (_, text) => {
    const file = join(store.work, 'bad.json');
    writeFileSync(file, text);
    const site = join(store.work, 'never');
    const finished = unmoor(['report', audits[0] as string, file, '-o', site]);
    expect(finished).toMatchObject({ code: 2, stderr: expect.stringContaining(file) });
    expect(existsSync(site)).toBe(false);
    writeFileSync(join(store.work, 'index.json'), text);
    expect(unmoor(['report', audits[0] as string, '-o', site, '--previous', store.work]).code).toBe(2);
    const started = unmoor(['audit', store.tool, '--fail-on', 'new', '--baseline', file]);
    expect(started).toMatchObject({ code: 2, stdout: '' });
  });

  it('takes audits from pipes too', () => {
    const site = join(store.work, 'piped');
    const words = [`${root}/unmoor`, 'report', '/dev/stdin', audits[0] as string, '-o', site].map(quote).join(' ');
    expect(run('sh', ['-c', `cat ${quote(audits[1] as string)} | ${words}`])).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(join(site, 'packages', 'stdin.html'), 'utf8')).toContain('words.service');
    expect(readFileSync(join(site, 'index.html'), 'utf8')).toContain('<strong>1 of 2 packages</strong>');
  });

  it('reads what later releases may add', () => {
    const audit = { ...JSON.parse(readFileSync(audits[0] as string, 'utf8')), later: true };
    audit.objects[0].later = [1];
    const file = join(store.work, 'later.json');
    writeFileSync(file, JSON.stringify(audit));
    expect(unmoor(['report', file, '-o', join(store.work, 'later')]).code).toBe(0);
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
