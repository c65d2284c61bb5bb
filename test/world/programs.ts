/** What the programs of the world are asked to do: each call uses data by a compiled-in path, or a property of its own. */

export interface SmokeTest {
  readonly name: string;
  readonly package: string;
  /** Below the package. */
  readonly program: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly expect: RegExp;
}

const shell = (name: string, script: string, expect: RegExp, input?: string): SmokeTest => ({
  name,
  package: 'bash',
  program: 'bin/bash',
  args: ['-c', script],
  expect,
  ...(input !== undefined && { input }),
});

const perl = (name: string, code: string, expect: RegExp): SmokeTest => ({
  name,
  package: 'perl',
  program: 'bin/perl',
  args: ['-e', code],
  expect,
});
const python = (name: string, code: string, expect: RegExp): SmokeTest => ({
  name,
  package: 'python',
  program: 'bin/python3.11',
  args: ['-c', code],
  expect,
});
const probe = (name: string, expect: RegExp): SmokeTest => ({
  name: `probe ${name}`,
  package: 'probes',
  program: `bin/${name}`,
  expect,
});
const script = (name: string, expect: RegExp, args = ['one', 'two three']): SmokeTest => ({
  name: `script ${name}`,
  package: 'scripts',
  program: `bin/${name}`,
  args,
  expect,
});

const application = (name: string, expect: RegExp, args = ['one', 'two three']): SmokeTest => ({
  name: `script ${name}`,
  package: 'languages',
  program: `bin/${name}`,
  args,
  expect,
});

const repository = 'rm -rf r && git init -q r && cd r && git config user.name N && git config user.email e';

export const smokeTests: readonly SmokeTest[] = [
  { name: 'hello', package: 'hello', program: 'bin/hello', expect: /^Hello, world!$/m },
  {
    name: 'hello in German',
    package: 'hello',
    program: 'bin/hello',
    env: { LANGUAGE: 'de' },
    expect: /^Hallo, Welt!$/m,
  },
  { name: 'hello in French', package: 'hello', program: 'bin/hello', env: { LANGUAGE: 'fr' }, expect: /Bonjour/ },
  probe('exceptions', /caught: thrown 7/),
  probe('no-pie', /data by a compiled-in path/),
  probe('pie', /data by a compiled-in path/),
  probe('self', /probes-1\/bin\/self argv0 self comm self argc 1/),
  probe('threads', /threads 8036 local 1/),
  probe('spawn', /argv0 self comm self argc 2\nvfork 0\n.*\nposix_spawn 0 0/s),
  probe('plugins', /plugin loaded/),
  application(
    'python-app',
    /^\('some words of the world', True\) True\nTrue python-app \['--flag', 'one', 'two three'\]\nTrue True True\nfound True True\n$/,
  ),
  application('shell-app', /^directory world\n.*some and words of the world\ninside\nhere: world\nreadable\n.*bye\n$/s),
  application('perl-app', /^some words of the world\nthere\n.*match\nheredoc\nok\n$/s),
  application('ruby-app', /^some words of the world\ntrue\nworld\n\{"a":true\}\nsome words/),
  application('lua-app', /^some words of the world\nsome words of the world\ttrue\n$/),
  application('tcl-app', /^some words of the world\n1 world\n$/),
  application('node-app', /^some words of the world true\ntrue true\nkey\n23\n$/),
  {
    name: 'ruby finds its library',
    package: 'ruby',
    program: 'bin/ruby',
    args: ['-e', 'require "json"; require "zlib"; puts JSON.parse("[42]").first, RbConfig.ruby.end_with?("/bin/ruby")'],
    expect: /^42\ntrue\n$/,
  },
  {
    name: 'tcl finds its library',
    package: 'tcl',
    program: 'bin/tclsh8.6',
    input: 'package require msgcat; puts [file exists [info library]]\n',
    expect: /^1\n$/,
  },
  {
    name: 'node',
    package: 'node',
    program: 'bin/node',
    args: ['-p', 'require("zlib").crc32("x")'],
    expect: /^2363233923$/m,
  },
  shell('bash words', 'echo $((6 * 7)) ${BASH_VERSION%%.*}', /^42 5$/m),
  shell('bash process substitution', 'read -r a < <(printf "x y"); echo "$a"', /^x y$/m),
  shell('bash reads', 'while read -r line; do echo "<$line>"; done', /<a>\n<b>/, 'a\nb\n'),
  { name: 'sh', package: 'bash', program: 'bin/sh', args: ['-c', 'set -e; x=1; echo ok$x'], expect: /ok1/ },
  { name: 'ls', package: 'coreutils', program: 'bin/ls', args: ['-d', '/'], expect: /^\/$/m },
  { name: 'sha256sum', package: 'coreutils', program: 'bin/sha256sum', input: 'x', expect: /^2d711642b726b044/ },
  { name: 'env', package: 'coreutils', program: 'bin/env', args: ['-i', 'A=b'], expect: /^A=b$/m },
  { name: 'sed', package: 'sed', program: 'bin/sed', args: ['s/a/b/g'], input: 'banana', expect: /bbnbnb/ },
  { name: 'tput', package: 'ncurses', program: 'bin/tput', args: ['-T', 'xterm-256color', 'colors'], expect: /^256$/m },
  { name: 'infocmp', package: 'ncurses', program: 'bin/infocmp', args: ['-1', 'vt100'], expect: /cols#80/ },
  {
    name: 'lua module in C',
    package: 'lua',
    program: 'bin/lua',
    args: ['-e', 'print(require("answer")(), require("words").word)'],
    expect: /42\tfound/,
  },
  perl(
    'perl modules in C',
    'use POSIX; use List::Util "sum"; use Socket; use Data::Dumper; print floor(2.5) + sum(1..4), " ", inet_ntoa(INADDR_LOOPBACK)',
    /^12 127\.0\.0\.1$/,
  ),
  perl('perl library', 'use Text::Wrap; use File::Temp; use Encode; print length(encode("UTF-8", chr 0x20ac))', /^3$/),
  perl('perl unicode tables', 'print "ok" if "\\x{3b1}" =~ /\\p{Greek}/', /^ok$/),
  { name: 'perl script json_pp', package: 'perl', program: 'bin/json_pp', input: '{"a":[1]}', expect: /"a" : \[\n/ },
  {
    name: 'perl script pod2text',
    package: 'perl',
    program: 'bin/pod2text',
    input: '=head1 Of pod\n',
    expect: /^Of pod/,
  },
  { name: 'perl script shasum', package: 'perl', program: 'bin/shasum', input: 'x', expect: /^11f6ad8ec52a2984/ },
  python(
    'python modules in C',
    'import zlib, sqlite3, json, math, _struct; print(sqlite3.connect(":memory:").execute("select 6*7").fetchone()[0], zlib.crc32(b"x"))',
    /^42 2363233923$/m,
  ),
  python(
    'python finds itself',
    'import sys, os; print(os.path.exists(os.path.join(sys.prefix, "lib", "python3.11", "os.py")), sys.prefix == sys.exec_prefix)',
    /^True True$/m,
  ),
  python(
    'python subprocess of itself',
    'import sys, subprocess; print(subprocess.run([sys.executable, "-c", "print(2+2)"], capture_output=True, text=True).stdout)',
    /^4$/m,
  ),
  python('python sysconfig', 'import sysconfig; print(sysconfig.get_config_var("SOABI"))', /^cpython-311-/m),
  {
    name: 'git commits',
    package: 'git',
    program: 'bin/git',
    args: [
      '-c',
      `alias.x=!${repository} && echo a > a && git add a && git commit -qm first && git log --format=%s`,
      'x',
    ],
    expect: /^first$/m,
  },
  {
    name: 'git runs a shell subcommand',
    package: 'git',
    program: 'bin/git',
    args: [
      '-c',
      `alias.x=!${repository} && echo a > a && git add a && git commit -qm one && git clone -q . ../r2 && git -C ../r2 submodule status && rm -rf ../r2 && echo done`,
      'x',
    ],
    expect: /^done$/m,
  },
  {
    name: 'git runs a perl subcommand',
    package: 'git',
    program: 'bin/git',
    args: ['-c', `alias.x=!${repository} && echo a > a && git add a && printf 'q\\n' | git add -i`, 'x'],
    expect: /\[s\]tatus/,
  },
  {
    name: 'git exec path',
    package: 'git',
    program: 'bin/git',
    args: ['help', '-a', '--no-verbose'],
    expect: /fast-import/,
  },
  {
    name: 'profile: hello',
    package: 'profile',
    program: 'bin/hello',
    env: { LANGUAGE: 'de' },
    expect: /^Hallo, Welt!$/m,
  },
  {
    name: 'profile: git',
    package: 'profile',
    program: 'bin/git',
    args: ['-c', `alias.x=!${repository} && git commit -q --allow-empty -m linked && git log --format=%s`, 'x'],
    expect: /^linked$/m,
  },
  { name: 'profile: a script', package: 'profile', program: 'bin/perl-script', expect: /^perl 0 line 5 sum 6/ },
  {
    name: 'profile: python',
    package: 'profile',
    program: 'bin/python3.11',
    args: [
      '-c',
      'import sqlite3, zlib, sys, os; print(os.path.exists(os.path.join(sys.prefix, "lib/python3.11/os.py")))',
    ],
    expect: /^True$/m,
  },
  script('sh-script', /^sh 2 one\nfrom a file$/m),
  script('bash-script', /^bash bash-script 2 one two three bash-script\na\nb$/m),
  script('perl-script', /^perl 2 line 5 sum 6\nfrom a file\ndata: tail$/m),
  script('python-script', /^python 2 The docstring\. from a file$/m),
  script('env-script', /^env \['one', 'two three'\] None$/m),
  script('lua-script', /^lua\t2\tfound\t42$/m),
  {
    name: 'script that unpacks its settings',
    package: 'compressed',
    program: 'bin/read-compressed',
    expect: /^(?:(?:gzip|xz|zstd|tar|tar\.xz|jar|jar in a jar|wheel): words behind a path that was compressed\n){8}$/,
  },
  script('hello-wrapped', /^wrapped$/m, []),
  script('git-wrapped', /^git version 2\.39\.5$/m, ['--version']),
];
