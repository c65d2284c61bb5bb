/** Scripts whose first line and whose body name the store: both rewritten at once, run from elsewhere, relocated twice. */

import { mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { audit } from '../../src/pipeline/audit.ts';
import { relocate } from '../../src/pipeline/relocate.ts';
import { run, ToyStore } from '../toy-store.ts';

const store = new ToyStore();
const interpreters = store.object('interpreters');
const scripts = store.object('scripts');
const moved = join(store.work, 'moved');
const I = `${interpreters}/bin`;
const S = `${scripts}/share`;

const programs = {
  perl: '/usr/bin/perl',
  ruby: '/usr/bin/ruby',
  node: process.execPath,
  lua: '/usr/bin/lua5.4',
  tclsh: '/usr/bin/tclsh',
};

const cases = [
  {
    name: 'perl',
    text: `#!${I}/perl -w\n# made for ${S}\nuse strict; use lib '${S}';\nuse Found; print Found::word(), " ", -e "${S}/text" ? 'there' : 'none', " @ARGV ", __LINE__, "\\n"; print <DATA>;\n__DATA__\ndata\n`,
  },
  {
    name: 'ruby',
    text: `#!${I}/ruby -w\n# made for ${S}\nrequire '${S}/found'\nputs WORD, File.exist?("${S}/text"), ARGV.inspect\nputs DATA.read\n__END__\ndata\n`,
  },
  {
    name: 'node.cjs',
    text: `#!${I}/node\n'use strict'; // made for ${S}\nconsole.log(require('${S}/found.cjs'), require('fs').existsSync("${S}/text"), process.argv.slice(2), (function () { return this === undefined })());\n`,
  },
  {
    name: 'node.mjs',
    text: `#!${I}/node\nimport { existsSync } from 'fs'; // made for ${S}\nimport word from '${S}/found.cjs';\nconsole.log(word, existsSync("${S}/text"), process.argv.slice(2));\n`,
  },
  {
    name: 'lua',
    text: `#!${I}/lua\n-- made for ${S}\npackage.path = '${S}/?.lua'\nprint(require 'found', io.open("${S}/text") ~= nil, ...)\n`,
  },
  {
    name: 'tcl',
    text: `#!${I}/tclsh\n# made for ${S}\nputs "[source ${S}/found.tcl] [file exists {${S}/text}] $argv"\n`,
  },
] as const;

beforeAll(async () => {
  mkdirSync(I, { recursive: true });
  for (const [name, path] of Object.entries(programs)) symlinkSync(path, join(I, name));
  store.write(`${S}/text`, 'text');
  store.write(`${S}/Found.pm`, 'package Found; sub word { "found" } 1;\n');
  store.write(`${S}/found.rb`, "WORD = 'found'\n");
  store.write(`${S}/found.cjs`, "module.exports = 'found';\n");
  store.write(`${S}/found.lua`, "return 'found'\n");
  store.write(`${S}/found.tcl`, 'return found\n');
  for (const { name, text } of cases) store.write(join(scripts, 'bin', name), text, 0o755);
  const report = await relocate({ paths: [scripts], to: moved, storeDir: store.storeDir });
  expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
});
afterAll(() => store.remove());

const start = (path: string) =>
  run(path, ['a b', "it's"], { cwd: '/', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' } });

describe.each(cases)('$name', ({ name }) => {
  test('does the same from an odd place, with the store gone', () => {
    const before = start(join(scripts, 'bin', name));
    expect(before).toMatchObject({ status: 0, stderr: '' });
    expect(before.stdout).toMatch(/found/);
    const odd = join(store.work, "an odd 'place' $x");
    const hidden = join(store.work, 'gone');
    renameSync(moved, odd);
    renameSync(store.storeDir, hidden);
    try {
      expect(start(join(odd, 'store', basename(scripts), 'bin', name))).toEqual(before);
    } finally {
      renameSync(hidden, store.storeDir);
      renameSync(odd, moved);
    }
  });
});

test('relocated once, nothing but comments is left, and they stay comments of their language', async () => {
  const report = await audit({
    paths: [join(moved, 'store', basename(scripts))],
    closure: false,
    storeDir: store.storeDir,
  });
  const left = report.objects.flatMap(({ sites }) =>
    sites.map(({ file, rule, remedy }) => `${file} ${rule} ${remedy.kind}`),
  );
  const rules = {
    perl: 'perl',
    ruby: 'ruby',
    'node.cjs': 'javascript',
    'node.mjs': 'javascript',
    lua: 'lua',
    tcl: 'tcl',
  };
  expect(left.sort()).toEqual(
    Object.entries(rules)
      .map(([file, language]) => `bin/${file} ${language}/comment none`)
      .sort(),
  );
});
