/** Scripts that launchers start: the text beside them does what the script did, and nothing else is between. */

import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { relocate } from '../../src/pipeline/relocate.ts';
import type { RelocateReport } from '../../src/pipeline/report.ts';
import { rewriteInPlace } from '../../src/pipeline/rewrite/rewrite.ts';
import { byteString } from '../../src/store/closure.ts';
import { narHashOfTree } from '../../src/store/nar.ts';
import { must, type RunOutput, run, ToyStore } from '../toy-store.ts';
import { type Case, compileProgram, runCases } from './cases.ts';

const store = new ToyStore();
const object = store.object('scripts');
const dep = store.object('dep');
const moved = join(store.work, 'with space');
const driver = join(store.work, 'cases');
const interpreters = {
  bash: 'bash',
  sh: 'dash',
  python3: 'python3',
  perl: 'perl',
  ruby: 'ruby',
  lua: 'lua5.4',
  tclsh: 'tclsh',
};

const D = `${dep}/share/text`;
/** Each prints its arguments, its line, and what a file of the store holds. */
const scripts: Readonly<Record<string, readonly string[]>> = {
  'by-bash': [
    `#! ${dep}/bin/bash -eu`,
    `echo "$# $2 $LINENO $-"`,
    `read -r line < "${D}"; echo "$line \${0##*/} \${BASH_SOURCE[0]##*/}"`,
  ],
  'by-sh': [`#!${dep}/bin/sh`, `echo "$# $2"; cat ${D}`, 'echo "${0##*/}"'],
  'by-python': [
    `#!${dep}/bin/python3 -B`,
    '# -*- coding: latin-1 -*-',
    '"""A docstring."""',
    'from __future__ import annotations',
    'import os, sys',
    `print(len(sys.argv), sys.argv[2], __doc__, open("${D}").read(), os.path.basename(__file__), sys.path[0] == os.path.dirname(__file__))`,
  ],
  'by-perl': [
    `#!${dep}/bin/perl -w`,
    'use strict; my $x;',
    `print scalar(@ARGV), " $ARGV[1] ", __LINE__, " $^W\\n"; open my $f, '<', "${D}" or die; print <$f>; print <DATA>; print $0 =~ m{([^/]*)$};`,
    '__DATA__',
    'data',
  ],
  'by-ruby': [
    `#!${dep}/bin/ruby -W1`,
    `puts ARGV.size, ARGV[1], __LINE__, File.read("${D}"), File.basename($0)`,
    'puts DATA.read',
    '__END__',
    'data',
  ],
  'by-lua': [`#!${dep}/bin/lua`, `print(#arg, arg[2], io.open("${D}"):read("a"), (arg[0]:gsub(".*/", "")))`],
  'by-tcl': [
    `#!${dep}/bin/tclsh`,
    `puts "[llength $argv] [lindex $argv 1] [file tail $argv0]"; set f [open "${D}"]; puts [read $f]`,
  ],
  'by-node.mjs': [
    `#!${dep}/bin/node`,
    "import { readFileSync } from 'node:fs';",
    "import { basename } from 'node:path';",
    `console.log(process.argv.length, process.argv[3], readFileSync('${D}', 'utf8'), basename(import.meta.filename));`,
  ],
  // A program that prints what it was given, as interpreter.
  'by-probe': [`#!${dep}/bin/probe -x  y`, '', D],
  // A wrapper with code of its own.
  'not-understood': [`#! ${dep}/bin/bash -e`, `[ -n "$1" ] && export A=${D}`, `exec -a "$0" "${dep}/bin/probe"  "$@"`],
  understood: [`#! ${dep}/bin/bash -e`, `export A=${D}`, `exec -a "$0" "${dep}/bin/probe"  "$@"`],
};
/** Files that others may read as scripts, or whose place is taken: they stay as they are without the option. */
const staying: Readonly<Record<string, readonly string[]>> = {
  'bin/sourced.sh': [`#!${dep}/bin/bash`, `X=${D}`],
  'bin/deeper/script': [`#!${dep}/bin/bash`, `X=${D}`],
  'libexec/module': [`#!${dep}/bin/python3`, `X="${D}"`],
  'bin/taken': [`#!${dep}/bin/bash`, `X=${D}`],
  'bin/.unmoor-taken': ['text'],
  'bin/arguments': [`#!${dep}/bin/perl -I${dep}/share`, `print "${D}"`],
  'bin/of-host': ['#!/bin/bash', `X=${D}`],
};

let report: RelocateReport;
const original = (name: string) => join(object, 'bin', name);
const launcher = (name: string) => join(moved, 'store', basename(object), 'bin', name);
const isElf = (path: string) => readFileSync(path).toString('latin1', 0, 4) === '\x7fELF';
const normal = ({ status, stdout, stderr }: RunOutput) => {
  const away = (text: string) =>
    text.replaceAll(`${moved}/store`, '<store>').replaceAll(store.storeDir, '<store>').replaceAll('.unmoor-', '');
  return { status, stdout: away(stdout), stderr: away(stderr) };
};

beforeAll(async () => {
  mkdirSync(join(dep, 'bin'));
  for (const [name, program] of Object.entries(interpreters)) {
    symlinkSync(must('sh', ['-c', `PATH=/usr/bin:/bin command -v ${program}`]).trim(), join(dep, 'bin', name));
  }
  symlinkSync(process.execPath, join(dep, 'bin/node'));
  chmodSync(compileProgram('probe', join(dep, 'bin/probe')), 0o555);
  compileProgram('cases', driver);
  store.write(D, 'the text\n');
  for (const [name, lines] of Object.entries(scripts)) store.write(original(name), `${lines.join('\n')}\n`, 0o755);
  for (const [file, lines] of Object.entries(staying)) {
    store.write(join(object, file), `${lines.join('\n')}\n`, file.includes('.unmoor') ? 0o644 : 0o755);
  }
  // Names before and behind those of the new files, in the order of bytes.
  for (const name of ['+first', '.a', '.unmoor', '.unmoor-z', '.z', 'z']) store.write(original(name), name);
  const options = { paths: [object], storeDir: store.storeDir, wrappers: 'launcher', scripts: 'launcher' } as const;
  report = await relocate({ ...options, to: moved });
});
afterAll(() => store.remove());

describe.each(Object.keys(scripts).filter((name) => !/probe|understood/.test(name)))('%s', (name) => {
  test('does what it did', () => {
    expect(isElf(launcher(name))).toBe(true);
    const args = ['one', 'two words', ''];
    const before = normal(run(original(name), args));
    expect(before).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining('the text') });
    expect(before.stdout).toContain('two words');
    expect(normal(run(launcher(name), args))).toEqual(before);
  });
});

test('wrappers: understood ones are launchers by themselves, others are started as scripts', () => {
  for (const name of ['understood', 'not-understood']) {
    expect(isElf(launcher(name))).toBe(true);
    expect(existsSync(launcher(`.unmoor-${name}`))).toBe(name === 'not-understood');
    const shown = (path: string) =>
      normal(run(path, ['x'], { env: { SHLVL: '1' } }))
        .stdout.split('\0')
        .sort();
    expect(shown(launcher(name))).toEqual(shown(original(name)));
    expect(shown(original(name))).toContain(`env A=<store>/${basename(dep)}/share/text`);
  }
});

test('the interpreter is given what the kernel gives it, the environment to the byte', () => {
  const env = ['B=2', 'A=1', 'no sign', 'A=3', 'SHLVL=x', 'PWD=/nowhere', '=y', '_=z', '\xff\x01=\xfe'];
  const cases = [original, launcher].flatMap((place): Case[] => [
    { path: place('by-probe'), cwd: '/', argv: ['other', '', 'a b', '\xff'], env },
    { path: place('by-probe'), cwd: '/', argv: [], env: [] },
  ]);
  const outcomes = runCases(driver, cases).map((outcome) => normal({ ...outcome }));
  expect(outcomes[0]?.stdout.split('\0').slice(0, 4)).toEqual([
    'cwd /',
    `arg <store>/${basename(dep)}/bin/probe`,
    'arg -x  y',
    `arg <store>/${basename(object)}/bin/by-probe`,
  ]);
  expect(outcomes.slice(2)).toEqual(outcomes.slice(0, 2));
});

test('on a host without /bin/sh, or anything else', () => {
  const command = ['--ro-bind', moved, '/p', '--proc', '/proc', `/p/bin/by-probe`, 'a'];
  const { stdout, stderr } = run('bwrap', command, { env: {} });
  expect(stderr).toBe('');
  expect(stdout.split('\0')).toContain(`arg /p/store/${basename(object)}/bin/.unmoor-by-probe`);
  expect(run('bwrap', ['--ro-bind', moved, '/p', '--proc', '/proc', '/p/bin/of-host']).status).not.toBe(0);
});

test('without its interpreter it says so', () => {
  const to = join(store.work, 'broken');
  must('cp', ['-a', moved, to]);
  chmodSync(join(to, 'store', basename(dep), 'bin'), 0o755);
  rmSync(join(to, 'store', basename(dep), 'bin/probe'));
  const path = join(to, 'store', basename(object), 'bin/by-probe');
  expect(run(path)).toEqual({
    status: 127,
    stdout: '',
    stderr: `unmoor: ${path}: cannot start its interpreter ${to}/store/${basename(dep)}/bin/probe: No such file or directory\n`,
  });
});

test('what may be sourced, imported, or has no place for its text stays a script', () => {
  for (const [file, lines] of Object.entries(staying)) {
    const result = join(moved, 'store', basename(object), file);
    expect({ file, isElf: isElf(result) }).toEqual({ file, isElf: false });
    expect(readFileSync(result, 'utf8')).toContain(file.includes('.unmoor') ? (lines[0] as string) : '#!/bin/');
  }
  expect(readdirSync(join(moved, 'bin')).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('the laws: hashes, names in order, references, twice is once', async () => {
  const own = report.objects.find(({ path }) => path === object);
  const tree = join(moved, 'store', basename(object));
  expect(own?.narHash).toEqual(narHashOfTree(byteString(tree)));
  expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(own?.remaining).toEqual([]);
  expect(statSync(launcher('.unmoor-by-sh')).mode & 0o777).toBe(0o444);
  const twice = join(store.work, 'twice');
  await relocate({ paths: [tree], to: twice, wrappers: 'launcher', scripts: 'launcher' });
  expect(narHashOfTree(byteString(join(twice, 'store', basename(object))))).toEqual(own?.narHash);
  const again = join(store.work, 'again');
  const options = { paths: [object], storeDir: store.storeDir, wrappers: 'launcher', scripts: 'launcher' } as const;
  const { objects } = await relocate({ ...options, to: again, workers: 1 });
  expect(objects.map(({ narHash }) => narHash)).toEqual(report.objects.map(({ narHash }) => narHash));
});

test('with --shrink no object gets lost that the moved texts name', async () => {
  const to = join(store.work, 'shrunk');
  await relocate({ paths: [object], to, storeDir: store.storeDir, scripts: 'launcher', shrink: true });
  expect(normal(run(join(to, 'bin/by-sh'), ['1', '2'])).stdout).toContain('the text');
});

test('in place, as in a build', async () => {
  const copy = new ToyStore();
  try {
    const own = copy.object('tool');
    const used = copy.object('used');
    mkdirSync(join(used, 'bin'));
    symlinkSync('/bin/bash', join(used, 'bin/bash'));
    copy.write(join(own, 'bin/tool'), `#!${used}/bin/bash\necho "$1 ${used} \${0##*/}"\n`, 0o755);
    chmodSync(join(own, 'bin'), 0o555);
    await rewriteInPlace({ paths: [own], storeDir: copy.storeDir, scripts: 'launcher' });
    expect(readdirSync(join(own, 'bin'))).toEqual(['.unmoor-tool', 'tool']);
    expect(statSync(join(own, 'bin')).mode & 0o777).toBe(0o555);
    expect(run(join(own, 'bin/tool'), ['x']).stdout).toBe(`x ${used} .unmoor-tool\n`);
    const hash = narHashOfTree(byteString(own));
    await rewriteInPlace({ paths: [own], storeDir: copy.storeDir, scripts: 'launcher' });
    expect(narHashOfTree(byteString(own))).toEqual(hash);
  } finally {
    copy.remove();
  }
});
