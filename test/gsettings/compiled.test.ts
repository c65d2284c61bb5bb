/** Compiled schemas of GSettings: defaults in the database get the alias in place, and GLib still reads them. */

import { renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { aliasFor } from '../../src/pipeline/alias.ts';
import { relocate } from '../../src/pipeline/relocate.ts';
import { must, run, ToyStore } from '../toy-store.ts';

const store = new ToyStore();
const object = store.object('schemas');
const other = store.object('pictures');
const moved = join(store.work, 'moved');
afterAll(() => store.remove());

test('a default is read', async () => {
  const schemas = join(object, 'share/glib-2.0/schemas');
  store.write(
    join(schemas, 'org.example.gschema.xml'),
    `<?xml version="1.0"?>
<schemalist><schema id="org.example" path="/org/example/">
  <key name="before" type="s"><default>'x'</default></key>
  <key name="file" type="s"><default>'${other}/picture'</default></key>
  <key name="list" type="as"><default>['${other}', '${object}/b', 'c']</default></key>
  <key name="after" type="(si)"><default>('y', 7)</default></key>
</schema></schemalist>`,
  );
  must('glib-compile-schemas', [schemas]);
  const keys = ['before', 'file', 'list', 'after'];
  const read = (root: string) =>
    keys.map((key) => {
      const env = {
        PATH: '/usr/bin:/bin',
        GSETTINGS_BACKEND: 'memory',
        GSETTINGS_SCHEMA_DIR: join(root, basename(object), 'share/glib-2.0/schemas'),
      };
      return run('gsettings', ['get', 'org.example', key], { env }).stdout;
    });
  const before = read(store.storeDir);
  expect(before[1]).toBe(`'${other}/picture'\n`);
  const report = await relocate({ paths: [object, other], to: moved, storeDir: store.storeDir });
  expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(report.objects.flatMap(({ remaining }) => remaining)).toEqual([]);
  renameSync(store.storeDir, join(store.work, 'gone'));
  const alias = aliasFor(store.storeDir);
  expect(read(join(moved, 'store'))).toEqual(before.map((text) => text.replaceAll(store.storeDir, alias)));
});
