/** pkg-config files as pkgconf reads them: the same flags and variables before and after, but for the prefix. */

import { readdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { relocate } from '../../src/pipeline/relocate.ts';
import { must, run, ToyStore } from '../toy-store.ts';

const store = new ToyStore();
const object = store.object('all');
const moved = join(store.work, 'moved');
const directories = ['/usr/lib/x86_64-linux-gnu/pkgconfig', '/usr/share/pkgconfig'];
const modules: string[] = [];

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

/** What pkgconf says of one module; `..` taken out, so that both ways to a directory read alike. */
function ask(search: string, root: string, module: string): string {
  const env = { PATH: '/usr/bin:/bin', PKG_CONFIG_LIBDIR: search };
  const variables = run('pkgconf', ['--print-variables', module], { env })
    .stdout.split('\n')
    .filter((name) => name !== '' && name !== 'pcfiledir');
  const answers = [
    run('pkgconf', ['--cflags', '--libs', '--static', module], { env }),
    ...variables.sort().map((name) => run('pkgconf', [`--variable=${name}`, module], { env })),
  ];
  const collapse = (text: string): string => {
    const shorter = text.replace(/\/(?!\.\.\/)[^/\s"']+\/\.\.(?=\/|$)/m, '');
    return shorter === text ? text : collapse(shorter);
  };
  return answers
    .map(
      ({ status, stdout }) =>
        `${status} ${collapse(stdout.replaceAll('\\ ', '\u00a0')).replaceAll(root.replaceAll(' ', '\u00a0'), '<store>')}`,
    )
    .join('\n');
}

describe.each(['plain', 'with space'])('from a prefix: %s', (name) => {
  test('every module of this machine', () => {
    expect(modules.length).toBeGreaterThan(20);
    const prefix = join(store.work, name);
    renameSync(moved, prefix);
    try {
      const place = join(prefix, 'store', basename(object), 'lib/pkgconfig');
      const linked = join(prefix, 'store', basename(store.object('profile')), 'lib/pkgconfig');
      for (const module of modules) {
        const before = ask(join(object, 'lib/pkgconfig'), store.storeDir, module);
        expect(`${module} ${ask(place, join(prefix, 'store'), module)}`).toBe(`${module} ${before}`);
        expect(`${module} ${ask(linked, join(prefix, 'store'), module)}`).toBe(`${module} ${before}`);
      }
    } finally {
      renameSync(prefix, moved);
    }
  });
});
