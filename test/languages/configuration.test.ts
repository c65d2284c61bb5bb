/** The configuration that Perl and Ruby keep of themselves, as nixpkgs fills it: the same from an odd place. */

import { mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { removeTree } from '../../src/pipeline/staging.ts';
import { DIGESTS, ODD_PREFIXES, OWN, rewrite } from '../rewriting.ts';
import { must } from '../toy-store.ts';

const work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-configuration-')));
afterAll(() => removeTree(work));
const store = join(work, 'nix/store');
const installed = `${store}/${DIGESTS[1]}-interpreter`;

/** Writes a file of the host with `/usr` turned into a store path, and what is made of it elsewhere. */
async function move(host: string, name: string, root: string): Promise<number> {
  const text = readFileSync(host, 'latin1').replace(/\/usr\b/g, installed);
  const { bytes, sites } = await rewrite(`lib/${name}`, text, store);
  for (const [place, contents] of [
    [store, Buffer.from(text, 'latin1')],
    [root, bytes],
  ] as const) {
    mkdirSync(join(place, OWN, 'lib'), { recursive: true });
    writeFileSync(join(place, OWN, 'lib', name), contents);
  }
  expect(sites.filter(({ remedy }) => remedy.kind === 'alias')).toEqual([]);
  return sites.length;
}

const root = join(work, ODD_PREFIXES[2], 'store');
const plain = (text: string, at: string) => text.replaceAll(at, '<S>');

test("Perl's Config.pm and Config_heavy.pl", async () => {
  const directory = must('perl', ['-MConfig', '-e', 'print $INC{"Config.pm"} =~ s{/Config.pm}{}r']);
  const heavy = must('perl', ['-MConfig', '-e', 'Config::myconfig(); print $INC{"Config_heavy.pl"}']);
  await move(join(directory, 'Config.pm'), 'Config.pm', root);
  expect(await move(heavy, 'Config_heavy.pl', root)).toBeGreaterThan(100);
  const ask = (place: string) =>
    must('perl', [
      `-I${join(place, OWN, 'lib')}`,
      '-MConfig',
      '-e',
      'print join "\\n", $INC{"Config.pm"}, Config::myconfig(), map { "$_=" . ($Config{$_} // "") } sort keys %Config',
    ]);
  const before = ask(store);
  expect(before).toContain(installed);
  expect(plain(ask(root), root)).toBe(plain(before, store));
});

test("Ruby's rbconfig.rb", async () => {
  const host = must('ruby', ['-e', 'puts $LOADED_FEATURES.grep(/rbconfig/).first']).trim();
  expect(await move(host, 'rbconfig.rb', root)).toBeGreaterThan(5);
  const ask = (place: string) =>
    must('ruby', [
      '--disable-gems',
      '-e',
      'Object.send(:remove_const, :RbConfig) if defined? RbConfig; load ARGV[0]; [RbConfig::CONFIG, RbConfig::MAKEFILE_CONFIG].each { |h| h.sort.each { |k, v| puts "#{k}=#{v}" } }',
      join(place, OWN, 'lib/rbconfig.rb'),
    ]);
  const before = ask(store);
  expect(before).toContain(installed);
  expect(plain(ask(root), root)).toBe(plain(before, store));
});
