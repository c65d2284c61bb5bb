/** systemd reads relocated units: its complaints about the machine's own are the same before and after, and about a good one none. */

import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { relocate } from '../../src/pipeline/relocate.ts';
import { run, ToyStore } from '../toy-store.ts';

const store = new ToyStore();
const object = store.object('units');
const tool = store.object('tool');
const units = '/lib/systemd/system';
const folder = 'lib/systemd/system';
const moved = join(store.work, 'moved');
afterAll(() => store.remove());

/** What systemd says of the units, line by line, the place of the store taken out. */
function complaints(root: string, files: readonly string[]): string[] {
  const { stdout, stderr } = run('systemd-analyze', ['verify', '--man=no', ...files]);
  return (stdout + stderr)
    .replaceAll(root, '<store>')
    .replaceAll(`<store>/${basename(object)}/${folder}/../../../..`, '<store>')
    .split('\n')
    .sort();
}

test('units of the machine, and one that starts a program by a path of every kind', async () => {
  const names = readdirSync(units, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.service') && !entry.name.includes('@'))
    .map(({ name }) => name);
  expect(names.length).toBeGreaterThan(20);
  // No program is there: systemd names each that a unit wants.
  for (const name of names) {
    const text = readFileSync(join(units, name), 'latin1');
    store.write(join(object, folder, name), text.replace(/(?:\/usr)?(?=\/(?:lib|s?bin)\/)/g, tool));
  }
  chmodSync(store.write(join(tool, 'bin/good'), '#!/bin/sh\n'), 0o755);
  store.write(
    join(object, folder, 'good.service'),
    `[Service]
Type=oneshot
Environment=A=${tool} "B=a b:${tool}/x"
ExecStartPre=-@${tool}/bin/good name
ExecStart="${tool}/bin/good" --file=${object}/x \\
; not ${tool}
  '${tool}/y'
`,
  );
  const before = complaints(
    store.storeDir,
    names.map((name) => join(object, folder, name)),
  );
  expect(before.filter((line) => line.includes(`Command <store>/${basename(tool)}/`)).length).toBeGreaterThan(10);

  const report = await relocate({ paths: [object, tool], to: moved, storeDir: store.storeDir });
  expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(report.totals.byRule['systemd/command']).toBeGreaterThan(30);
  renameSync(store.storeDir, join(store.work, 'gone'));
  for (const name of ['plain', 'two  blanks', 'per%cent%Y', 'ünï$x']) {
    const prefix = join(store.work, name);
    renameSync(moved, prefix);
    const at = join(prefix, 'store', basename(object), folder);
    const good = join(at, 'good.service');
    // Also by a link from another directory, as `systemctl link` makes one.
    const link = join(store.work, 'links/good.service');
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(good, link);
    expect([name, run('systemd-analyze', ['verify', '--man=no', good]).stderr]).toEqual([name, '']);
    expect([name, run('systemd-analyze', ['verify', '--man=no', link]).stderr]).toEqual([name, '']);
    run('rm', [link]);
    if (name === 'plain') {
      expect(
        complaints(
          join(prefix, 'store'),
          names.map((unit) => join(at, unit)),
        ),
      ).toEqual(before);
    }
    renameSync(prefix, moved);
  }
});
