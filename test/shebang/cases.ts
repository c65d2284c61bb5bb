/** Scripts of every language that has a header, each with something that a wrong header would break. */

/** Host interpreters by the name under which the toy store has them. */
export const programs: Readonly<Record<string, string>> = {
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
  ash: '/usr/bin/busybox',
  mksh: '/usr/bin/mksh',
  yash: '/usr/bin/yash',
  fish: '/usr/bin/fish',
  gawk: '/usr/bin/gawk',
  mawk: '/usr/bin/mawk',
  awk: '/usr/bin/busybox',
  sed: '/usr/bin/sed',
  make: '/usr/bin/make',
  guile: '/usr/bin/guile',
  expect: '/usr/bin/expect',
  gjs: '/usr/bin/gjs',
};

export interface Case {
  readonly name: string;
  readonly shebang: string;
  readonly body: string;
}

const shellBody = 'printf "%s|" "${0##*/}" "$#" "$@"; echo; echo "marker ${_unmoor1-none}"; cat\n';

/** A script that reads itself once more: its header must not start it anew. */
const selfSource = 'if [ -z "${again-}" ]; then again=1; . "$0"; else echo "once more"; fi\n';

/** Arguments, the environment, and how the interpreter was called. */
const pythonReport = 'import os, sys\nprint(sys.argv, sys.executable, sys.prefix, sys.flags, __file__, sys.path[0])\n';

/** @param I directory of the interpreters @param scripts the scripts' own object */
export const casesFor = (I: string, scripts: string): readonly Case[] => [
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
  { name: 'bash-flags', shebang: `#!${I}/bash`, body: 'echo "$-" "$BASH" "$SHELLOPTS" "$BASHOPTS"; cat <(echo sub)\n' },
  { name: 'bash-self', shebang: `#!${I}/bash`, body: selfSource },
  { name: 'bash-long-option', shebang: `#!${I}/bash --norc`, body: shellBody },
  { name: 'bash-dashes', shebang: `#!${I}/bash --`, body: shellBody },
  { name: 'dash-flags', shebang: `#!${I}/dash -f`, body: 'echo "$-" *; trap\n' },
  { name: 'dash-dash', shebang: `#!${I}/dash -`, body: shellBody },
  { name: 'dash-self', shebang: `#!${I}/dash`, body: selfSource },
  { name: 'ksh-self', shebang: `#!${I}/ksh -u`, body: selfSource },
  { name: 'ksh-flags', shebang: `#!${I}/ksh`, body: 'echo "$-"; typeset -a a; a[1]=x; echo ${a[1]}\n' },
  { name: 'mksh', shebang: `#!${I}/mksh`, body: `${shellBody}echo "$-" "$KSH_VERSION"\n` },
  { name: 'yash', shebang: `#!${I}/yash`, body: `${shellBody}echo "$-" "$YASH_VERSION"\n` },
  { name: 'ash', shebang: `#!${I}/ash -e`, body: `${shellBody}echo "$-"; false; echo not reached\n` },
  { name: 'zsh-flags', shebang: `#!${I}/zsh`, body: 'setopt; echo $0:t $ZSH_NAME $-; echo =ls(N)\n' },
  { name: 'fish', shebang: `#!${I}/fish`, body: 'for a in $argv; echo "<$a>"; end; basename (status filename); cat\n' },
  {
    name: 'env-quotes',
    shebang: `#!${I}/env -S -u HOME A='one  two' B="x\\_y" ${I}/python3 -B`,
    body: 'import os\nprint(os.environ.get("A"), os.environ.get("B"), os.environ.get("HOME"))\n',
  },
  { name: 'env-python', shebang: `#!${I}/env python3`, body: 'import sys; print(sys.argv[1:])\n' },
  { name: 'python-report', shebang: `#!${I}/python3 -sB`, body: pythonReport },
  {
    name: 'python-comments',
    shebang: `#!${I}/python3`,
    body: '# vim: set fileencoding=latin-1 :\n#\n#  licence \\\n\n   # more\n\f\nx = "\xe9"\nprint(len(x), __doc__)\n',
  },
  {
    name: 'python-two-strings',
    shebang: `#!${I}/python3`,
    body: '"one" \'two\' \\\n  """three"""; from __future__ import (division, # yes\n  print_function)  # and\nprint(repr(__doc__))\n',
  },
  { name: 'python-expression', shebang: `#!${I}/python3`, body: '"a,b".split(",")\nprint(repr(__doc__))\n' },
  { name: 'python-bytes', shebang: `#!${I}/python3`, body: 'b"""no docstring"""\nprint(repr(__doc__))\n' },
  { name: 'python-fstring', shebang: `#!${I}/python3`, body: 'f"""no docstring {1}"""\nprint(repr(__doc__))\n' },
  { name: 'python-no-doc', shebang: `#!${I}/python3 -OO`, body: '"""Doc."""\nprint(repr(__doc__))\n' },
  { name: 'python-empty', shebang: `#!${I}/python3`, body: '' },
  {
    name: 'perl-includes',
    shebang: `#!${I}/perl -w -I${scripts}/nothing -I${scripts}/lib`,
    body: 'use Unmoored; print Unmoored::word(), " $^W @INC[0,1] ", __LINE__, "\\n"; warn "line";\n',
  },
  {
    name: 'perl-many-includes',
    shebang: `#!${I}/perl ${Array.from({ length: 60 }, (_, i) => `-I${scripts}/none/${i}`).join(' ')} -I${scripts}/lib`,
    body: 'use Unmoored; print Unmoored::word(), scalar(grep m{/none/\\d+$}, grep !m{ -I}, @INC), "\\n";\n',
  },
  { name: 'perl-loop', shebang: `#!${I}/perl -ln`, body: 'BEGIN { @ARGV = () } print "[$_]";\n' },
  {
    name: 'ruby-comments',
    shebang: `#!${I}/ruby`,
    body: '# frozen_string_literal: true\n# encoding: iso-8859-1\nputs "\xe9".encoding, "x".frozen?, __LINE__, $PROGRAM_NAME == __FILE__\n',
  },
  { name: 'node-parenthesis.cjs', shebang: `#!${I}/node`, body: '(function () { console.log(process.argv[0]) })()\n' },
  {
    name: 'node-template.cjs',
    shebang: `#!${I}/node --no-warnings`,
    body: '`x`.concat(console.log(process.execArgv))\n',
  },
  {
    name: 'node-import.mjs',
    shebang: `#!${I}/env -S node --stack-size=900`,
    body: '[1].map((x) => console.log(x, process.execArgv))\n',
  },
  { name: 'gjs', shebang: `#!${I}/gjs`, body: '(function () { print(ARGV.length, ARGV[1]); })();\n' },
  {
    name: 'lua-varargs',
    shebang: `#!${I}/lua -W`,
    body: 'print(select("#", ...), _unmoor, _)\nfor k in pairs(arg) do if k < 0 then print(k, arg[k]) end end\n',
  },
  { name: 'expect', shebang: `#!${I}/expect -f`, body: 'send_user "[llength $argv] [lindex $argv 1]\\n"\n' },
  { name: 'gawk', shebang: `#!${I}/gawk -f`, body: 'BEGIN { for (i = 1; i < ARGC; i++) print ARGV[i]; exit 3 }\n' },
  {
    name: 'gawk-begin-only',
    shebang: `#!${I}/gawk -E`,
    body: 'function f(x) {\n  return x + 1\n}\nBEGIN { print f(ARGC); ARGC = 1 }\n',
  },
  {
    name: 'gawk-records',
    shebang: `#!${I}/gawk -f`,
    body: '# sums\nBEGIN { ARGC = 1 }\n{ n += NF; print NR ": " $0 }\nEND { print n, FILENAME }\n',
  },
  { name: 'mawk', shebang: `#!${I}/mawk -f`, body: 'BEGIN { print ARGC; ARGC = 1 }\n/in/ { print "found" }\n' },
  { name: 'awk', shebang: `#!${I}/awk -f`, body: 'BEGIN { print ARGC; ARGC = 1 }\n/in/ { print "found" }\n' },
  { name: 'sed', shebang: `#!${I}/sed -f`, body: 's/input/output/\n$a\\\nlast\n' },
  { name: 'sed-n', shebang: `#!${I}/sed -nf`, body: '#n is no option here\n/in/p\n' },
  {
    name: 'make',
    shebang: `#!${I}/make -f`,
    body: 'x := $(lastword $(MAKEFILE_LIST))\nall: ; @echo $(notdir $x) $@\n%: ; @echo "made" \'$@\'\n',
  },
  { name: 'guile', shebang: `#!${I}/guile -s`, body: '!#\n(write (cdr (command-line))) (newline)\n' },
  {
    name: 'guile-plain',
    shebang: `#!${I}/guile`,
    body: '-*- scheme -*-\n!#\n(write (basename (car (command-line)))) (newline)\n',
  },
];
