/** The overlay and the flake under the newest Nix, too. */

import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, inject, test } from 'vitest';
import { removeTree } from '../../../src/pipeline/staging.ts';
import { run } from '../../cli/run-unmoor.ts';
import { sourcesDirectory } from '../build.ts';
import { newestNix } from './newest-nix.ts';
import { packagesFile } from './nix.ts';

const work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-newest-nix-test-')));
afterAll(() => removeTree(work));
const nix = newestNix(work);
const common = [packagesFile, '--arg', 'sources', sourcesDirectory];

const attributes = [
  'pkgs.unmoor',
  'pkgs.unmoor-stub',
  'hello',
  'library',
  'wrapped-python',
  'greeting-made',
  'greeting-overridden',
  'greeting-structured',
  'listed',
  'closure',
  'tarball',
  'audit',
  'audits',
  'across',
];

test('it is newer than the machine has', () => {
  expect(inject('world').hello).toBeDefined();
  const version = (text: string) => Number(/\(Nix\) 2\.(\d+)/.exec(text)?.[1]);
  const [newest, own] = [nix('nix', ['--version']), run('nix', ['--version'])];
  process.stdout.write(`newest ${newest.stdout}own ${own.stdout}`);
  expect(version(newest.stdout)).toBeGreaterThan(version(own.stdout));
});

test('every attribute of the overlay evaluates to a derivation', () => {
  const { code, stdout, stderr } = nix('nix-instantiate', [...common, ...attributes.flatMap((name) => ['-A', name])]);
  expect({ code, stderr: stderr.replace(/^warning:.*$/gm, '').trim() }).toMatchObject({ code: 0 });
  expect(stdout.trim().split('\n')).toHaveLength(attributes.length);
});

test('importing it changes no derivation that does not ask for it', () => {
  const { stdout, stderr } = nix('nix-instantiate', ['--eval', '--strict', '--json', ...common, '-A', 'unchanged']);
  if (stdout === '') throw new Error(stderr);
  const pairs = JSON.parse(stdout) as readonly { readonly before: string; readonly after: string }[];
  expect(pairs.filter(({ before, after }) => before !== after)).toEqual([]);
});
