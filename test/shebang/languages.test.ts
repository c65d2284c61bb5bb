/**
 * Self-locating headers, one language at a time: the script with an absolute shebang, and the rewritten one from other
 * places, run by the real interpreter, must print the same.
 */

import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { relocate } from '../../src/pipeline/relocate.ts';
import { must, run, ToyStore } from '../toy-store.ts';

const store = new ToyStore();
const interpreters = store.object('interpreters');
const scripts = store.object('scripts');
const moved = join(store.work, 'moved');

/** Host interpreters by the name under which the toy store has them. */
const programs: Readonly<Record<string, string>> = {
  bash: '/bin/bash',
  dash: '/bin/dash',
  zsh: '/bin/zsh',
  ksh: '/bin/ksh',
  python3: '/usr/bin/python3',
  perl: '/usr/bin/perl',
  ruby: '/usr/bin/ruby',
  node: process.execPath,
  lua: '/usr/bin/lua5.4',
  tclsh: '/usr/bin/tclsh',
  env: '/usr/bin/env',
  sh: '/bin/sh',
};

interface Case {
  readonly name: string;
  readonly shebang: string;
  readonly body: string;
}

const shellBody = 'printf "%s|" "${0##*/}" "$#" "$@"; echo; echo "marker ${_unmoor-none} ${p-none} ${d-none}"; cat\n';
const I = `${interpreters}/bin`;

const cases: readonly Case[] = [
  { name: 'bash', shebang: `#!${I}/bash`, body: `${shellBody}echo "$BASH_SOURCE" | sed 's|.*/||'; declare -F\n` },
  { name: 'bash-e', shebang: `#! ${I}/bash -e`, body: 'false\necho not reached\n' },
  { name: 'bash-eu', shebang: `#!${I}/bash -eu`, body: `${shellBody}echo "$undefined"\n` },
  { name: "odd'name", shebang: `#!${I}/bash`, body: shellBody },
  { name: 'dash', shebang: `#!${I}/dash`, body: shellBody },
  { name: 'dash-eu', shebang: `#!${I}/dash -eu`, body: shellBody },
  { name: 'sh', shebang: `#!${I}/sh`, body: shellBody },
  { name: 'zsh', shebang: `#!${I}/zsh`, body: shellBody.replace('"${0##*/}"', '"${ZSH_NAME}"') },
  { name: 'zsh-f', shebang: `#!${I}/zsh -f`, body: 'print -l -- "$@"; a=(x y); print $a[1]\n' },
  { name: 'ksh', shebang: `#!${I}/ksh`, body: shellBody },
  { name: 'env-bash', shebang: `#!${I}/env bash`, body: shellBody },
  { name: 'env-split', shebang: `#!${I}/env -S ${I}/bash -e -u`, body: `${shellBody}echo $-\n` },
  {
    name: 'env-assign',
    shebang: `#!${I}/env -S GREETING=hi ${I}/python3 -B`,
    body: 'import os, sys\nprint(os.environ["GREETING"], sys.argv[1:], sys.flags.dont_write_bytecode)\n',
  },
  {
    name: 'python',
    shebang: `#!${I}/python3`,
    body: 'import sys, os\nprint(os.path.basename(sys.argv[0]), sys.argv[1:], __doc__, __name__, os.path.basename(__file__))\nprint(sys.stdin.read())\n',
  },
  {
    name: 'python-docstring',
    shebang: `#!${I}/python3`,
    body: '"""The\ndocstring\'s text."""\nimport sys\nprint(repr(__doc__), len(sys.argv))\n',
  },
  {
    name: 'python-raw-docstring',
    shebang: `#!${I}/python3 -u`,
    body: "# a comment\n\nr'''raw \\d docstring''' # why\nprint(repr(__doc__))\n",
  },
  {
    name: 'python-future',
    shebang: `#!${I}/python3`,
    body: '# -*- coding: latin-1 -*-\n"""Doc."""\nfrom __future__ import annotations\nfrom __future__ import division  # yes\nprint(repr(__doc__), "\xe9" == chr(0xe9), annotations.compiler_flag > 0)\n',
  },
  {
    name: 'python-only-future',
    shebang: `#!${I}/python3`,
    body: 'from __future__ import annotations\nprint(__doc__, annotations.compiler_flag > 0)\n',
  },
  {
    name: 'python-future-parentheses',
    shebang: `#!${I}/python3`,
    body: 'from __future__ import (\n  annotations,\n)\nprint(annotations.compiler_flag > 0)\n',
  },
  {
    name: 'python-main',
    shebang: `#!${I}/python3`,
    body: 'def main():\n    """inner"""\n    return main.__doc__\nif __name__ == "__main__":\n    print(main())\n',
  },
  {
    name: 'perl',
    shebang: `#!${I}/perl`,
    body: 'print "$0" =~ m{([^/]*)$}, " @ARGV line ", __LINE__, "\\n"; print while <STDIN>; print <DATA>;\n__DATA__\nthe data\n',
  },
  {
    name: 'perl-w',
    shebang: `#!${I}/perl -w`,
    body: 'use strict; print "$^W @ARGV\\n"; print scalar(@ARGV), "\\n";\n',
  },
  { name: 'perl-T', shebang: `#!${I}/perl -T`, body: 'print "${^TAINT} @ARGV\\n";\n' },
  {
    name: 'perl-include',
    shebang: `#!${I}/perl -I${scripts}/lib`,
    body: 'use Unmoored; print Unmoored::word(), "\\n";\n',
  },
  {
    name: 'ruby',
    shebang: `#!${I}/ruby`,
    body: 'puts File.basename(__FILE__), ARGV.inspect, File.basename($0)\nputs STDIN.read\nputs DATA.read\n__END__\nthe data\n',
  },
  { name: 'ruby-w', shebang: `#!${I}/ruby -w`, body: 'puts $VERBOSE.inspect, ARGV.length\n' },
  {
    name: 'node.cjs',
    shebang: `#!${I}/node`,
    body: "'use strict';\nconst path = require('path');\nconsole.log(path.basename(__filename), process.argv.slice(2), (function () { return this === undefined; })());\n",
  },
  {
    name: 'node.mjs',
    shebang: `#!${I}/node`,
    body: "import { basename } from 'node:path';\nconsole.log(basename(import.meta.url), process.argv.slice(2));\n",
  },
  { name: 'lua', shebang: `#!${I}/lua`, body: 'print(arg[0]:match("[^/]*$"), #arg, arg[1], _)\nprint(io.read("a"))\n' },
  { name: 'tcl', shebang: `#!${I}/tclsh`, body: 'puts "[file tail $argv0] $argc $argv"\nputs [read stdin]\n' },
];

beforeAll(async () => {
  mkdirSync(join(interpreters, 'bin'), { recursive: true });
  for (const [name, path] of Object.entries(programs)) symlinkSync(path, join(interpreters, 'bin', name));
  store.write(join(scripts, 'lib/Unmoored.pm'), 'package Unmoored; sub word { "found" } 1;\n');
  for (const { name, shebang, body } of cases) {
    const path = join(scripts, 'bin', name);
    mkdirSync(join(scripts, 'bin'), { recursive: true });
    writeFileSync(path, Buffer.from(`${shebang}\n${body}`, 'latin1'));
    chmodSync(path, 0o755);
  }
  await relocate({ paths: [scripts], to: moved, storeDir: store.storeDir });
});
afterAll(() => store.remove());

const environment = {
  PATH: '/usr/bin:/bin',
  HOME: '/',
  LC_ALL: 'C.UTF-8',
  CDPATH: '/tmp:/',
  PYTHONDONTWRITEBYTECODE: '1',
};
const args = ['', 'a b', "it's", '$HOME', '*', '-n', 'two\nlines'];
const start = (path: string, given: readonly string[] = args, cwd = '/') =>
  run(path, given, { env: environment, input: 'input\n', cwd });
const rewritten = (name: string) => join(moved, 'store', basename(scripts), 'bin', name);
const original = (name: string) => join(scripts, 'bin', name);
/** Errors of interpreters name the script; only the end of its path stays the same. */
const told = ({ status, stdout, stderr }: ReturnType<typeof run>) => ({
  status,
  stdout,
  stderr: stderr.replace(/\S*\//g, '').replace(/(?:line )?:?\d+\b/g, ''),
});

describe.each(cases)('$name', ({ name }) => {
  test('behaves as before, from its own place', () => {
    expect(told(start(rewritten(name)))).toEqual(told(start(original(name))));
  });

  test('behaves as before through links, in an odd directory, by a relative path', () => {
    const odd = join(store.work, "an odd 'place' $x");
    renameSync(moved, odd);
    try {
      const path = join(odd, 'store', basename(scripts), 'bin', name);
      const expected = told(start(original(name)));
      symlinkSync(path, join(store.work, name));
      mkdirSync(join(store.work, 'links'), { recursive: true });
      symlinkSync(`../${name}`, join(store.work, 'links', name));
      symlinkSync(join(odd, 'store', basename(scripts)), join(store.work, 'linked-object'));
      expect(told(start(join(store.work, name)))).toEqual(expected);
      expect(told(start(join(store.work, 'links', name)))).toEqual(expected);
      expect(told(start(join(store.work, 'linked-object/bin', name)))).toEqual(expected);
      expect(told(start(`./${name}`, args, join(path, '..')))).toEqual(expected);
    } finally {
      for (const link of [name, `links/${name}`, 'linked-object']) rmSync(join(store.work, link), { force: true });
      renameSync(odd, moved);
    }
  });
});

describe('what is not executed stays what it was', () => {
  test('a rewritten bash script can be sourced', () => {
    const code = 'set -- x y; . "$1"; echo after';
    const shell = (path: string) =>
      run('bash', ['-c', code.replace('"$1"', `'${path.replaceAll("'", "'\\''")}'`)], { env: environment, input: '' });
    expect(told(shell(rewritten('bash'))).stdout.replace(/^[^|]*/, '')).toBe(
      told(shell(original('bash'))).stdout.replace(/^[^|]*/, ''),
    );
  });

  test('a rewritten Python script can be imported', () => {
    const code =
      'import sys, importlib.machinery as m, importlib.util as u; l = m.SourceFileLoader("x", sys.argv[1]); s = u.spec_from_loader("x", l); x = u.module_from_spec(s); l.exec_module(x); print(x.__doc__, x.main())';
    for (const path of [original('python-main'), rewritten('python-main')]) {
      expect(run('/usr/bin/python3', ['-c', code, path], { env: environment })).toMatchObject({
        status: 0,
        stdout: 'None inner\n',
      });
    }
  });

  test('interpreters that are started by hand take the script', () => {
    for (const [program, name] of [
      ['/usr/bin/python3', 'python'],
      ['/usr/bin/perl', 'perl'],
      ['/usr/bin/ruby', 'ruby'],
      ['/usr/bin/lua5.4', 'lua'],
      ['/usr/bin/tclsh', 'tcl'],
      [process.execPath, 'node.cjs'],
    ] as const) {
      const by = (path: string) => told(run(program, [path, ...args], { env: environment, input: 'input\n' }));
      expect({ name, ...by(rewritten(name)) }).toEqual({ name, ...by(original(name)) });
    }
  });
});

test('no process is started to find the directory, unless a link is on the way', () => {
  const count = (path: string) =>
    must('sh', [
      '-c',
      'strace -f -qq -e trace=fork,vfork,clone,clone3 "$1" </dev/null 2>&1 >/dev/null | grep -cE "(fork|clone3?)\\(" || true',
      'sh',
      path,
    ]).trim();
  expect(count(rewritten('zsh-f'))).toBe('0');
  expect(count(rewritten('python-main'))).toBe('0');
});

test('arguments reach the script untouched, whatever they hold', () => {
  const argument = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !text.includes('\0'));
  fc.assert(
    fc.property(fc.array(argument, { maxLength: 5 }), (given) => {
      expect(start(rewritten('python-docstring'), given).stdout).toBe(
        start(original('python-docstring'), given).stdout,
      );
      expect(start(rewritten('dash'), given).stdout).toBe(start(original('dash'), given).stdout);
    }),
    { numRuns: 25 },
  );
});
