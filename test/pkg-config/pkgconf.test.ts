/** pkg-config files as pkgconf reads them: the same flags and variables before and after, but for the prefix. */

import { readdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { relocate } from '../../src/pipeline/relocate.ts';
import { must, run, ToyStore } from '../toy-store.ts';
import { answers, QUESTIONS } from './questions.ts';

const store = new ToyStore();
const object = store.object('all');
const moved = join(store.work, 'moved');
const directories = ['/usr/lib/x86_64-linux-gnu/pkgconfig', '/usr/share/pkgconfig'];
const modules: string[] = [];
let before: string[] | undefined;

beforeAll(async () => {
  // The machine's own files, with the file system hierarchy turned into store paths.
  for (const directory of directories) {
    for (const name of readdirSync(directory)) {
      if (!name.endsWith('.pc') || modules.includes(name.slice(0, -3))) continue;
      const text = readFileSync(join(directory, name), 'latin1');
      store.write(join(object, 'lib/pkgconfig', name), text.replaceAll('/usr', object));
      modules.push(name.slice(0, -3));
    }
  }
  const profile = store.object('profile');
  must('mkdir', ['-p', join(profile, 'lib')]);
  symlinkSync(join(object, 'lib/pkgconfig'), join(profile, 'lib/pkgconfig'));
  const report = await relocate({ paths: [object, profile], to: moved, storeDir: store.storeDir });
  expect(report.totals.byRule['pkg-config/path']).toBeGreaterThan(50);
});
afterAll(() => store.remove());

/** What pkgconf says of all modules. */
function ask(search: string, root: string): string[] {
  const env = { PATH: '/usr/bin:/bin', PKG_CONFIG_LIBDIR: search };
  return answers(run('sh', ['-c', QUESTIONS, 'sh', ...modules], { env }).stdout, root);
}

describe.each(['plain', 'with  spaces', 'c,x=y@+'])('from a prefix: %s', (name) => {
  test('every module of this machine', () => {
    expect(modules.length).toBeGreaterThan(20);
    before ??= ask(join(object, 'lib/pkgconfig'), store.storeDir);
    const prefix = join(store.work, name);
    renameSync(moved, prefix);
    try {
      const root = join(prefix, 'store');
      expect(ask(join(root, basename(object), 'lib/pkgconfig'), root)).toEqual(before);
      if (name === 'plain') return;
      const profile = join(root, basename(store.object('profile')), 'lib/pkgconfig');
      expect(ask(profile, root)).toEqual(before);
    } finally {
      renameSync(prefix, moved);
    }
  });
});
