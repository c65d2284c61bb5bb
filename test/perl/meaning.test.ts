/** Perl evaluated by perl: the original with its store in place, and what was made of it elsewhere. */

import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluation } from '../evaluation.ts';
import { ODD_PREFIXES, OWN, type Rewritten, rewrite } from '../rewriting.ts';
import { must, run } from '../toy-store.ts';

/** Runs each file in a perl of its own world (`do`), with the store's place taken out of what it prints. */
const runner = `
my ($root, @files) = @ARGV; @ARGV = ();
for my $file (@files) {
  open(my $out, '>', \\my $text); select $out;
  my $result = do "$root/${OWN}/$file"; die "$file: $@ $!" if !defined $result;
  select STDOUT; my $at = quotemeta $root; $text =~ s/$at/<S>/g; print "$file: $text\\n";
}
`;

const { work, store, dep, D, put, addDependency, evaluate } = evaluation({
  name: 'perl',
  dependency: {
    'lib/Answer.pm': 'package Answer; sub answer { 42 } 1;\n',
    'lib/answer.pl': '43;\n',
    'bin/say': '#!/bin/sh\nprintf "<%s>" "$@"\n',
  },
  runner: ['runner.pl', () => runner],
  command: ['perl', '-w'],
});

const contexts = `# comment with ${D}
package Contexts; use strict; use warnings;

=pod

Documentation of ${D}

=cut

use lib '${D}/lib'; use lib "${D}/lib", qw(${D}/a ${D}/b);
use Answer;
our %h = ('${D}/k' => 1, "${D}/l", q{${D}/q}); my $v = 'V'; my @a = (1, 2);
print join('|', sort keys %h), $h{'${D}/k'}, $h{"${D}/l"}, "\\n";
print '${D}/x$v@a"q"\\\\\\'\\n', "; $v$a[0]$a[-1]${D}/x@{[ 'inner' ]}\\t\\\\${D}", "\\n";
print "\\/${D.slice(1)}/slash $h{'${D}/k'} @{['${D}/nested']}\\n";
print STDERR '' if 0; print {*STDOUT} '' if "${D}" eq '';
print q(a(${D})b), q[${D}], q<${D}$v>, q!${D}\\!!, q #no quote
 {${D}}, qq'${D}$v', q'${D}$v\\'', q"${D}", qq|${D}\\||, "\\n";
print map({ "<$_>" } qw(${D}/w $v @a " ' ${D}),
  qw{
    ${D}/line
    other
  }), __LINE__, "\\n";
my $count = () = qw(${D} ${D}); print "$count ", (qw(${D}/0 ${D}/1))[1], "\\n";
print <<A, <<'B', <<"C" . lc('x'), <<~D, "\\n";
${D} $v \\x41
A
${D} $v \\x41 @a "\\\\"
B
C ${D}
C
    indented ${D}
      more $v
    D
my $long = '${D}/lib/Foo.pm';
print "${D}/q" =~ m#^\\Q${D}\\E/q# ? 1 : 0, "\\Q${D}\\E" eq quotemeta('${D}') ? 1 : 0, '${D}' =~ m,\\Q${D}, ? 1 : 0, "\\n";
open my $pipe, '-|', "printf '%s' ${D}/pipe"; print <$pipe>; open $pipe, '-|', 'printf', '%s', "${D}/list"; print <$pipe>;
print $long =~ m{^${D}/lib/(\\w+)} ? "match $1" : 'no match', "\\n";
(my $short = $long) =~ s|${D}/lib|${D}/share|; print "$short\\n";
$short =~ s{^(.*?)/share}{$1 = ${D}}s; print "$short\\n";
$short =~ s#(Foo)#'${D}/' . $1#e; print "$short\\n" if 0;
print \`printf %s ${D}/bin\`, \`printf %s "a ${D}" '${D}'\`, qx{${D}/bin/say one "${D}" '${D}/x'}, qx(printf %s ${D}/x), "\\n";
{ local $| = 1; my $status = system('${D}/bin/say >/dev/null') . system("test -x ${D}/bin/say"); print "$status\\n"; }
system("${D}/bin/say", "list form >/dev/null") if 0;
open(my $pipe, "${D}/bin/say piped '${D}' |") or die; print <$pipe>, "\\n";
print require '${D}/lib/answer.pl'; print do '${D}/lib/answer.pl'; print Answer::answer(), "\\n";
sub with_default { my $x = shift // '${D}/default'; return '${D}/' . $x } print with_default(), with_default(2), "\\n";
print eval { '${D}' }, "\\n";
print "${D}" . '${D}' x 2, -e '${D}/lib' ? 'exists' : 'missing', length('${D}') > 3, "\\n";
my $s = { s => '${D}', y => 2, q => 3 }; print $s->{s}, $s->{y} / 2, " $$s{q}/${D}\\n"; my $m = @a / 2; my $n = $#a / 1;
print "user\\@${D} \\$${D} 50%${D} #${D} $s->{s}:${D} $v->${D} $v'${D}\\n" if $m && $n;
print ucfirst '${D}', "${D}" =~ tr/q//r, '' =~ /^\\/usr\\/bin/, __LINE__, "\\n";
print sprintf('%s ${D} %d', 'x', 3), sprintf("${D} %s", 1), "\\n", join ',', map { s/^.*\\///sr } '${D}/a', "${D}/b"; chdir '/'; print "${D}\\n";
1;
__END__

=head1 NAME

${D}
`;

const files: Readonly<Record<string, string>> = {
  'lib/perl5/Contexts.pm': contexts,
  'top.pl': `print '${D}'; 1`,
  'lib/crlf.pl': `print '${D}',\r\n  "${D}";\r\n1;\r\n`,
  'lib/bytes.pl': `print '\xc3\xa9${D}\xff', "\xe2\x82\xac${D}"; 1;`,
  'lib/own.pl': `print "${store}/${OWN}/share"; 1;`,
  'lib/data.pl': `print "${D}\n"; print <DATA>; 1;\n__END__\nnothing\n`,
};

describe('every context', () => {
  test('gives the same under odd prefixes', async () => {
    const { original, results, rewritten } = await evaluate(files);
    expect(original).toContain('<S>');
    results.forEach((result, i) => {
      expect(`${ODD_PREFIXES[i]}\n${result}`).toBe(`${ODD_PREFIXES[i]}\n${original}`);
    });
    const [first] = rewritten as [Rewritten];
    expect(first.bytes.toString('latin1').split('\n').length).toBe(contexts.split('\n').length);
    const aliased = rewritten.flatMap(({ sites }) => sites.filter(({ remedy }) => remedy.kind === 'alias'));
    // The replacement of `s///e` is code.
    expect(aliased.map(({ site }) => site.what)).toEqual(['text that takes no variable']);
  });
});

describe('the place of the file', () => {
  const text = `#!/usr/bin/perl -T\nchdir '/'; print '${D}', "\\n"; open(my $f, '<', '${D}/lib/answer.pl') or die; print <$f>;`;

  test.each(ODD_PREFIXES)('is found through links, by a relative path, in taint mode: %s', async (prefix) => {
    const root = join(work, 'scripts', prefix, 'store');
    addDependency(root);
    put(root, `${OWN}/bin/tool`, (await rewrite('bin/tool', text, store, true)).bytes);
    mkdirSync(join(root, 'links/deep/er'), { recursive: true });
    symlinkSync(join(root, OWN, 'bin/tool'), join(root, 'links/deep/er/tool'));
    symlinkSync(join(root, OWN), join(root, 'links/object'));
    const expected = `${root}/${dep}\n43;\n`;
    expect(must('perl', ['-T', 'tool'], { cwd: join(root, OWN, 'bin') })).toBe(expected);
    expect(must('perl', ['-T', join(root, 'links/deep/er/tool')])).toBe(expected);
    expect(must('perl', ['-T', 'links/object/bin/tool'], { cwd: root })).toBe(expected);
  });

  test('is not known to code that has no file: the store alias', async () => {
    const { bytes } = await rewrite('lib/x.pl', `print '${D}';`, '/nix/store'.padEnd(store.length, 'x'));
    expect(bytes.toString('latin1')).toBe(`print '${D}';`);
    const short = await rewrite('lib/x.pl', `print '/nix/store/${dep}';`, '/nix/store');
    expect(run('perl', ['-e', short.bytes.toString('latin1')]).stdout).toBe(`/dev/fd/87/${dep}`);
  });
});

describe('what has no relative form', () => {
  test.each([
    [`use strict; eval "'${D}'";`, 'perl/string text that takes no variable alias'],
    [`use strict; tr!${D}!x!;`, 'perl/string text that takes no variable alias'],
    [`use strict; s{x}{'${D}'}e;`, 'perl/string text that takes no variable alias'],
    [`print "@{['${D}', "x"]}";`, 'perl/string interpolated string alias'],
    [`print "$h{'${D}'}";`, 'perl/string interpolated string relative'],
    [`print "\\U${D}";`, 'perl/string interpolated string alias'],
    [`print m{[${D}]};`, 'perl/string pattern alias'],
    [
      `eval 'exec ${D}/bin/perl -S $0 \${1+"$@"}' if 0;\nuse strict;`,
      'perl/string command for a shell that was given the file relative',
    ],
    [`eval "exec ${D}/bin/perl -S $0 $@" if 0;\nuse strict;`, 'perl/string text that takes no variable alias'],
    [`use strict;\n__DATA__\n${D}`, 'perl/string data behind the program alias'],
    [`use strict;\n__END__\n${D}`, 'perl/comment text behind __END__ none'],
    ['use strict; # '.concat(D), 'perl/comment comment none'],
    [`# line 1 "x"\nprint '${D}';`, 'perl/string string alias'],
    [`use strict; { '${D}' ]`, 'opaque text alias'],
    [`:- module(x, []).\nfoo('${D}').\n`, 'opaque text alias'],
  ])('%s', async (text, expected) => {
    const { sites } = await rewrite('lib/x.pl', text, store);
    expect(sites.map(({ site, remedy }) => `${site.rule} ${site.what} ${remedy.kind}`)).toEqual([expected]);
  });
});

describe('the command for a shell that was given the script', () => {
  const perl = `${D}/bin/perl`;
  const starts = {
    'of ExtUtils::MakeMaker': `eval 'exec ${perl} -S $0 \${1+"$@"}'\n    if 0; # ^ Run only under a shell\n`,
    'with a variable': `    eval 'exec ${perl} -S $0 \${1+"$@"}'\n\tif $running_under_some_shell;\n`,
    'of automake': `# -*- perl -*-\n\neval 'case $# in 0) exec ${perl} -S "$0";; *) exec ${perl} -S "$0" "$@";; esac'\n    if 0;\n`,
    'for csh too': `eval '(exit $?0)' && eval 'exec "${perl}" -wS $0 \${1+"$@"}'\n  & eval 'exec ${perl} -wS $0 $argv:q'\n  if 0;\n`,
    'with more paths': `eval 'PERL5LIB=${D}/lib:${D}/more exec ${perl} -x -S $0 \${1+"$@"}'\n    if $main::running_under_some_shell;\n`,
  };
  const shells = [['dash'], ['bash'], ['ksh'], ['mksh'], ['zsh'], ['yash'], ['busybox', 'sh']];
  const code = `print "$^X|@ARGV|", __LINE__, "|${D}\\n"; print $ENV{PERL5LIB} // 'unset';\n`;
  const addPerl = (root: string) =>
    put(root, `${dep}/bin/perl`, '#!/bin/sh\nSTORE_PERL=yes exec /usr/bin/perl "$@"\n', 0o755);
  const marked = code.replace('$^X', '$ENV{STORE_PERL}');

  test.each(Object.entries(starts))('%s', async (_name, start) => {
    addPerl(store);
    // A first line with the store's perl becomes a header, which is what every shell reads then; it sets no variable.
    const others = start.includes('PERL5LIB') ? [] : [`#!${perl} -w\n`];
    for (const first of ['#!/usr/bin/perl\n', ...others]) {
      const text = `${first}${start}${marked}`;
      put(store, `${OWN}/bin/script`, text, 0o755);
      const calls = (root: string) => {
        const path = join(root, OWN, 'bin/script');
        const ways = [...shells, ['env', 'STORE_PERL=yes', 'perl'], []].map((way) => [
          ...way,
          path,
          'one',
          'two  three',
        ]);
        const link = join(root, 'link');
        rmSync(link, { force: true });
        symlinkSync(path, link);
        const results = [...ways, ['dash', link]].map(([command, ...args]) => run(command as string, args));
        const relative = run('bash', ['./bin/script', 'x'], { cwd: join(root, OWN) });
        return [...results, relative].map(({ status, stdout, stderr }) =>
          [status, stdout, stderr].join(' ').replaceAll(root, '<S>'),
        );
      };
      const before = calls(store);
      const { bytes, sites } = await rewrite('bin/script', text, store, true);
      const aliased = sites.filter(({ remedy }) => remedy.kind !== 'relative');
      expect(aliased.length).toBe(/argv:q/.test(start) ? 1 : 0);
      for (const prefix of ODD_PREFIXES) {
        const root = join(work, 'started', prefix, 'store');
        addPerl(root);
        put(root, `${OWN}/bin/script`, bytes, 0o755);
        expect({ prefix, calls: calls(root) }).toEqual({ prefix, calls: before });
      }
    }
  });
});

const part = fc.constantFrom(
  D,
  `${D}/bin`,
  'a',
  ' ',
  '\\\\',
  '$v',
  '@a',
  '$h{k}',
  '\\$',
  '#',
  ':',
  '\xc3\xa9',
  "'",
  '"',
  '{x}',
  '(y)',
  '\\n',
  '%',
  '->',
);
const body = fc.array(part, { maxLength: 6 });
const quoted = fc.oneof(
  body.map((parts) => `'${parts.join('').replaceAll("'", "\\'")}'`),
  body.map((parts) => `"${parts.join('').replaceAll('"', '\\"')}"`),
  body.map((parts) => `q{${parts.join('')}}`),
  body.map((parts) => `qq(${parts.join('')})`),
  body.map((parts) => `join('+', qw[${parts.join(' ').replaceAll('\\', '')}])`),
  body.map((parts) => `<<'E'\n${parts.join('')}\nE\n`),
  body.map((parts) => `<<E\n${parts.join('')}\nE\n`),
);
const statement = fc.oneof(
  quoted.map((text) => `print ${text};`),
  fc.tuple(quoted, quoted).map(([a, b]) => `print(${a.includes('<<') ? '' : `${a}, `}${b});`),
  quoted.map((text) => `{ my %x = (k => ${text}); print $x{k}; }`),
  quoted.map((text) => `print ucfirst ${text};`),
);
/** Here-documents begin on the line behind the statement. */
const tidy = (text: string) => text.replace(/<<('?)E\1\n([\s\S]*?\nE\n)([^\n]*)/g, '<<$1E$1 $3\n$2');

test('200 generated programs give the same under odd prefixes', async () => {
  const programs = fc.sample(fc.array(statement, { minLength: 1, maxLength: 5 }), { numRuns: 200, seed: 7 });
  const generated = Object.fromEntries(
    programs.map((lines, i) => [
      `lib/p${i}.pl`,
      `package P; our $v = 'V'; our @a = (1, 2); our %h = (k => 'K');\n${lines.map(tidy).join('\n')}\n1;\n`,
    ]),
  );
  const { original, results } = await evaluate(generated, ODD_PREFIXES.slice(2, 5));
  for (const result of results) expect(result).toBe(original);
});
