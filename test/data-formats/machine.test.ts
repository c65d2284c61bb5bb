/** The machine's own data files, with places of the file system turned into store paths: every one is explained and stays sound. */

import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { audit } from '../../src/pipeline/audit.ts';
import { relocate } from '../../src/pipeline/relocate.ts';
import { must, run, ToyStore } from '../toy-store.ts';

const store = new ToyStore();
const object = store.object('data');
const other = store.object('other');
const moved = join(store.work, 'moved');
afterAll(() => store.remove());

const names = [
  '*.desktop',
  '*.service',
  '*.socket',
  '*.gir',
  '*.la',
  '*.icd',
  '*.mk',
  'Makefile',
  '*.xml',
  '*.conf',
  '*.json',
  '*.pc',
  'loaders.cache',
];

/** No further than so many files. */
const MOST = 1500;

test('relocate, and are understood by rules of their own', async () => {
  const tests = names.flatMap((name) => ['-o', '-name', name]).slice(1);
  const roots = ['/usr/share', '/usr/lib', '/etc', '/lib/systemd'];
  const listed = must('sh', [
    '-c',
    'find "$@" 2> /dev/null || true',
    'sh',
    ...roots,
    '-type',
    'f',
    '-size',
    '-512k',
    '(',
    ...tests,
    ')',
    '-print0',
  ]);
  let copied = 0;
  for (const source of [...new Set(listed.split('\0'))].sort()) {
    // npm's packages are not of the machine.
    if (source === '' || source.includes('/node_modules/') || copied >= MOST) continue;
    const text = readFileSync(source, 'latin1');
    const turned = text
      .replace(/(?<![\w.-])\/usr(?=\/)/g, object)
      .replace(/(?<![\w./-])\/(?=(?:etc|bin|sbin|lib)\/)/g, `${other}/`);
    if (turned === text || text.includes('\0')) continue;
    writeFileSync(store.write(join(object, source), ''), turned, 'latin1');
    copied++;
  }
  expect(copied).toBeGreaterThan(100);
  const found = await audit({ paths: [object], storeDir: store.storeDir, closure: false });
  // Nothing of these formats is left to the rule for what nobody understands, but for JSON and configurations of programs.
  const opaque = found.objects.flatMap(({ sites }) => sites.filter(({ rule }) => rule === 'opaque'));
  expect([...new Set(opaque.map(({ file }) => file))].filter((file) => !/\.(?:json|conf)$/.test(file))).toEqual([]);
  const report = await relocate({ paths: [object, other], to: moved, storeDir: store.storeDir });
  expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
  const left = report.objects.flatMap(({ remaining }) => remaining);
  const again = await audit({
    paths: [join(moved, 'store', basename(object))],
    storeDir: store.storeDir,
    closure: false,
  });
  expect(again.totals.sites).toBe(left.length);
  const todo = again.objects.flatMap(({ sites }) => sites.filter(({ remedy }) => remedy.kind !== 'none'));
  expect(todo.map(({ file, offset }) => `${file} ${offset}`)).toEqual([]);

  // XML is as well formed as before.
  const check = (root: string) =>
    run('sh', [
      '-c',
      'cd "$1" && find . -name "*.xml" -o -name "*.gir" | sort | xargs -d "\\n" python3 -c "$2"',
      'sh',
      join(root, basename(object)),
      'import sys, xml.dom.minidom as m\nfor f in sys.argv[1:]:\n try: m.parse(f); print(f, "good")\n except Exception as e: print(f, type(e).__name__)',
    ]).stdout;
  const before = check(store.storeDir);
  expect(before).toContain(' good');
  expect(check(join(moved, 'store'))).toBe(before);
});
