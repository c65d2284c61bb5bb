import { readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshCheckout } from './checkout.ts';
import { type Finished, root, run, version } from './run-unmoor.ts';
import { type TinyStore, tinyStore } from './tiny-store.ts';

let work: string;
let store: TinyStore;
let installed: string;

function must(finished: Finished): Finished {
  if (finished.code !== 0) throw new Error(`${finished.stdout}\n${finished.stderr}`);
  return finished;
}

beforeAll(() => {
  store = tinyStore();
  const fresh = freshCheckout();
  work = fresh.work;
  symlinkSync(join(root, 'node_modules'), join(fresh.checkout, 'node_modules'));
  must(run('npm', ['pack', '--pack-destination', work], { cwd: fresh.checkout }));
  const tarball = readdirSync(work).find((name) => name.endsWith('.tgz')) ?? '';
  installed = join(work, 'installed');
  const options = ['--omit=dev', '--prefer-offline', '--no-audit', '--no-fund'];
  must(run('npm', ['install', '--prefix', installed, ...options, join(work, tarball)]));
});
afterAll(() => {
  rmSync(work, { recursive: true, force: true });
  store.remove();
});

const packaged = (args: readonly string[]) =>
  run(join(installed, 'node_modules', '.bin', 'unmoor'), args, {
    env: { PATH: `${root}/node_modules/.bin:${process.env.PATH}` },
  });

describe('the npm package', () => {
  it('runs', () => {
    expect(packaged(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('audits and relocates with worker threads, as the checkout does', () => {
    const fromCheckout = run(join(root, 'unmoor'), ['audit', store.tool, '--closure', '--format', 'json']);
    expect(packaged(['audit', store.tool, '--closure', '--format', 'json'])).toEqual(fromCheckout);
    const made = packaged(['relocate', store.tool, '--to', join(store.work, 'made'), '--format', 'json']);
    expect(made.stderr).toBe('');
    expect(JSON.parse(made.stdout)).toMatchObject({ programs: ['tool'], unresolved: 0 });
  });

  it('brings the pages of the rules, and the loader stub', () => {
    expect(packaged(['explain', 'elf/interpreter']).stdout).toMatch(/^# elf\/interpreter\n/);
    const demo = packaged(['demo', '--format', 'json']);
    expect(demo.stderr).toBe('');
    expect(JSON.parse(demo.stdout)).toMatchObject({ ok: true });
  });

  it('holds no sources, tests, or files of a developer', () => {
    const entries = readdirSync(join(installed, 'node_modules', 'unmoor')).sort();
    expect(entries).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'docs', 'package.json', 'src', 'stub']);
    expect(readdirSync(join(installed, 'node_modules', 'unmoor', 'src'))).toEqual(['reports']);
    expect(readdirSync(join(installed, 'node_modules', 'unmoor', 'stub', 'build'))).toContain('stub-x86_64.bin');
  });
});
