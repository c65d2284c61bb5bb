/** fontconfig finds fonts by relocated files, under odd prefixes and through links at other depths. */

import { copyFileSync, mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { relocate } from '../../src/pipeline/relocate.ts';
import { run, ToyStore } from '../toy-store.ts';

const store = new ToyStore();
const fonts = store.object('fonts');
const config = store.object('config');
const moved = join(store.work, 'moved');

beforeAll(async () => {
  mkdirSync(join(fonts, 'share/fonts'), { recursive: true });
  copyFileSync('/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf', join(fonts, 'share/fonts/a.ttf'));
  mkdirSync(join(config, 'own'), { recursive: true });
  copyFileSync('/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf', join(config, 'own/b.ttf'));
  store.write(
    join(config, 'etc/fonts/fonts.conf'),
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>${fonts}/share/fonts</dir><dir
 prefix="default"
>${config}/own</dir></fontconfig>`,
  );
  symlinkSync('etc/fonts/fonts.conf', join(config, 'link.conf'));
  const report = await relocate({ paths: [config, fonts], to: moved, storeDir: store.storeDir });
  expect(report.totals.byRule).toEqual({ 'fontconfig/dir': 2 });
});
afterAll(() => store.remove());

function list(root: string, file: string): string[] {
  const env = { PATH: '/usr/bin:/bin', FONTCONFIG_FILE: join(root, basename(config), file), HOME: store.work };
  const { stdout, stderr } = run('fc-list', ['--format=%{file} %{family}\n'], { env });
  expect(stderr).toBe('');
  return stdout.replaceAll(root, '<store>').split('\n').sort();
}

test.each(['plain', 'two  blanks', 'ünï&<"quote\''])('from a prefix: %s', (name) => {
  const before = list(store.storeDir, 'etc/fonts/fonts.conf');
  expect(before).toContain(`<store>/${basename(fonts)}/share/fonts/a.ttf DejaVu Sans`);
  expect(before.length).toBe(3);
  const prefix = join(store.work, name);
  renameSync(moved, prefix);
  for (const file of ['etc/fonts/fonts.conf', 'link.conf']) expect(list(join(prefix, 'store'), file)).toEqual(before);
  renameSync(prefix, moved);
});
