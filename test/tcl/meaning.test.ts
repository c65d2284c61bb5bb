/** Tcl evaluated by tclsh: the original with its store in place, and what was made of it elsewhere; and real files. */

import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluation } from '../evaluation.ts';
import { filesBelow, readReal } from '../real-files.ts';
import { DIGESTS, ODD_PREFIXES, OWN, type Rewritten, rewrite, tally } from '../rewriting.ts';
import { must } from '../toy-store.ts';

/** Sources each file; what it prints, with the store's place taken out. */
const runner = `
encoding system utf-8
set root [lindex $argv 0]
rename puts real_puts
proc puts {args} { append ::printed [lindex $args end] \\n }
foreach file [lrange $argv 1 end] {
  set ::printed "$file: "
  if {[catch {source [file join $root ${OWN} $file]} problem]} { append ::printed "error: $problem" }
  real_puts [string map [list $root <S>] $::printed]
}
`;

const { work, store, dep, D, put, evaluate } = evaluation({
  name: 'tcl',
  dependency: {
    'lib/answer.tcl': 'return 42\n',
    'bin/say': '#!/bin/sh\nprintf "<%s>" "$@"\n',
  },
  runner: ['runner.tcl', () => runner],
  command: ['tclsh'],
});

const contexts = `# comment ${D} \\
  continued ${D}
set a ${D}/bare; set b "quoted ${D} $a" ; set c {${D}/braced}
puts $a; puts $b; puts $c; puts [lindex [list ${D}/x] 0][set c]
puts -nonewline "[string range ${D} end-2 end] > 3"; puts \\${D}/escaped
foreach x {a ${D}/l  b} { puts $x }
foreach {k v} {k ${D}/v} { puts "$k=${D}/$v" }
proc p {{x 1}} {
  if {$x eq "${D}"} { return "${D}/same" } elseif { "${D}/2" eq $x } then { puts [join {${D} y} ,] } else {
    # inner comment ${D}
    return ${D}/other
  }
}
puts [p ${D}]; puts [p "${D}/2"]; puts [p]
namespace eval ns { variable v ${D}/v; proc f {} { variable v; return $v:${D} } }
puts [ns::f]
switch -exact -- $a {
  x { puts no }
  default { puts "${D}/default" }
}
set arr(${D}) 1; puts $arr(${D}); puts [lindex [array names arr] 0]
puts [exec ${D}/bin/say "${D}/a b" -I${D}/include]
puts [source ${D}/lib/answer.tcl]
eval "puts \\"${D}/eval\\""; eval puts ${D}/joined; eval [list puts ${D}/list]; eval {puts ${D}/braces}
uplevel #0 "puts ${D}/uplevel"
package ifneeded foo 1.0 [list source ${D}/lib/foo.tcl]
foreach word [package ifneeded foo 1.0] { puts $word }
package ifneeded bar 1.0 "set ::bar ${D}/bar; package provide bar 1.0"
package require bar; puts $::bar
while {[string first "${D}" $a] == 0} { set a done; puts ${D}/while }
catch {error ${D}/e} message; puts $message
try { error "${D}/t" } on error {m} { puts "${D} $m" } finally { puts ${D}/f }
set script [list puts ${D}/late]; {*}$script
lappend auto_path ${D}/lib; puts [lindex $auto_path end]
puts [dict get {k ${D}/dict} k]; puts [lindex [info frame 0] 3]
puts [expr {"${D}/1" in [list ${D}/1] ? "${D}/yes" : {no}}]
puts [expr {{${D}/1 x} eq "${D}/1 x" && {y} ne {${D}} ? {${D}/braces} : {no}}]
if {$c eq {${D}/braced}} { puts same }
switch $c { ${D}/no { puts no } ${D}/braced { puts "found ${D}/case" } default { puts default } }
switch -- $c {
  ${D}/x -
  ${D}/braced {
    puts "found ${D}"
  }
  {a b} { puts no }
}
switch -glob $c {
  ${D}/c* { puts no }
  ${D}/b*d { puts ${D}/glob }
}
switch -nocase -regexp $c {
  ^${D}/[a-z]+$ { puts no }
  default { puts default }
}
switch -regexp -- $c ^${D}/b.* { puts regexp } default { puts default }
switch -glob ${D}/x ${D}/y "puts ${D}/no" ${D}/? "puts {${D}/body}" default { puts default }
switch ${D}/x { ${D}/x { puts ${D}/subject } default { puts default } }
switch -regexp -matchvar m -- ${D}/x x$ { puts $m } default { puts default }
puts [regexp -start 1 ${D}/b $c],[regexp -start 0 -- ${D}/b $c]
puts [string match ${D}/b* $c],[string match -nocase "${D}/B?aced" $c],[string match {${D}/braced} $c]
puts [regexp ^${D}/b.*d$ $c],[regexp -nocase -- "${D}/B" $c],[regexp {${D}/x} $c],[regsub -all ${D} $c -]
proc which {x} { return [switch $x { ${D} { string cat 3 } default { string cat 4 } }] }
puts [which ${D}][which -x]
set f [open "|${D}/bin/say ${D}/a b | cat"]; puts [read $f]; close $f
set f [open "| ${D}/bin/say -I${D}/include <${D}/lib/answer.tcl" r]; puts [read $f]; close $f
set f [open |${D}/bin/say]; puts [read $f]; close $f
set f [open |[list ${D}/bin/say {a b}]]; puts [read $f]; close $f
`;

const files: Readonly<Record<string, string>> = {
  'lib/tcl8.6/contexts.tcl': contexts,
  'top.tcl': `puts ${D}`,
  'lib/crlf.tcl': `puts ${D}\r\nputs "${D}"\r\n`,
  'lib/own.tcl': `puts ${store}/${OWN}/share`,
  'bin/tool.tcl': `#!/usr/bin/tclsh\n\nputs ${D}\n`,
};

describe('every context', () => {
  test('gives the same under odd prefixes', async () => {
    const { original, results, rewritten } = await evaluate(files);
    expect(original).toContain('<S>');
    expect(original).not.toContain('error');
    for (const result of results) expect(result).toBe(original);
    const [first] = rewritten as [Rewritten];
    expect(first.bytes.toString('latin1').split('\n').length).toBe(contexts.split('\n').length);
    const aliased = rewritten.flatMap(({ sites }) => sites.filter(({ remedy }) => remedy.kind === 'alias'));
    expect(aliased.map(({ site }) => site.what)).toEqual([]);
  });

  test('150 generated programs give the same under odd prefixes', async () => {
    const part = fc.constantFrom(D, `${D}/bin`, 'a', '\\\\', '\\$', ':', '-I', '\\[x\\]', '${v}', '[set v]', '=');
    const body = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));
    const plain = fc.array(fc.constantFrom(D, `${D}/bin`, 'a', ':', '-'), { minLength: 1, maxLength: 4 });
    const word = fc.oneof(
      body.filter((text) => !text.startsWith('-')),
      body.map((text) => `"${text} b"`),
      plain.map((parts) => `{${parts.join('')}}`),
    );
    const command = fc.letrec<{ c: string }>((tie) => ({
      c: fc.oneof(
        { depthSize: 'small' },
        word.map((text) => `puts ${text}`),
        fc.tuple(word, word).map(([a, b]) => `puts [join [list ${a} ${b}] ,]`),
        plain.map((parts) => `foreach w {${parts.join(' ')}} { puts $w }`),
        tie('c').map((text) => `if {1} {\n  ${text}\n}`),
        tie('c').map((text) => `eval {${text}}`),
        fc.tuple(word, tie('c')).map(([a, c]) => `set u ${a}; puts $u; ${c}`),
      ),
    })).c;
    const programs = fc.sample(fc.array(command, { minLength: 1, maxLength: 4 }), { numRuns: 150, seed: 11 });
    const generated = Object.fromEntries(
      programs.map((lines, i) => [`lib/p${i}.tcl`, ['set v V', ...lines].join('\n')]),
    );
    const { original, results } = await evaluate(generated, ODD_PREFIXES.slice(2, 5));
    expect(original).not.toContain('error');
    for (const result of results) expect(result).toBe(original);
  });
});

describe('the place of the file', () => {
  test.each(ODD_PREFIXES)('is found through links, by a relative path: %s', async (prefix) => {
    const root = join(work, 'scripts', prefix, 'store');
    put(root, `${OWN}/bin/tool`, (await rewrite('bin/tool', `#!/usr/bin/tclsh\ncd /\nputs ${D}`, store, true)).bytes);
    mkdirSync(join(root, 'links/deep/er'), { recursive: true });
    symlinkSync(join(root, OWN, 'bin/tool'), join(root, 'links/deep/er/tool'));
    symlinkSync(join(root, OWN), join(root, 'links/object'));
    const expected = `${root}/${dep}\n`;
    expect(must('tclsh', ['tool'], { cwd: join(root, OWN, 'bin') })).toBe(expected);
    expect(must('tclsh', [join(root, 'links/deep/er/tool')])).toBe(expected);
    expect(must('tclsh', ['links/object/bin/tool'], { cwd: root })).toBe(expected);
  });

  test('is not known to scripts from no file, or in safe interpreters: the store alias', async () => {
    const { bytes } = await rewrite('lib/x.tcl', `puts /nix/store/${dep}`, '/nix/store');
    const text = bytes.toString('latin1');
    expect(must('tclsh', [], { input: text })).toBe(`/dev/fd/87/${dep}\n`);
    put(work, 'x.tcl', text);
    const safe = `set i [interp create -safe]; $i alias puts puts; $i invokehidden source ${join(work, 'x.tcl')}`;
    expect(must('tclsh', [], { input: safe })).toBe(`/dev/fd/87/${dep}\n`);
  });
});

describe('what has no relative form', () => {
  test.each([
    [`set x {a {b ${D}} c}`, 'tcl/word text that takes no substitution alias'],
    [`set x {a\n${D}}`, 'tcl/word text that takes no substitution alias'],
    [`exec sh -c "${D}/bin/x"`, 'tcl/word text that takes no substitution alias'],
    [`if {$x eq {${D} [x]}} { }`, 'tcl/word text that takes no substitution alias'],
    [`switch $x {${D} { puts 1 } "a" { puts 2 }}`, 'tcl/word text that takes no substitution alias'],
    [`set f [open [list |${D}/bin/x]]`, 'tcl/word text that takes no substitution alias'],
    [`set x $${D}`, 'tcl/word word alias'],
    [`set x \${${D}}`, 'tcl/word text that takes no substitution alias'],
    [`set x {${D}`, 'opaque text alias'],
    [`symbols of ${D}`, 'opaque text alias'],
    [`#!/bin/sh\n# \\\nexec ${D}/bin/tclsh "$0" "$@"\nset x 1`, 'opaque text alias'],
    [`set x 1\n# ${D}`, 'tcl/comment comment none'],
  ])('case %#', async (text, expected) => {
    const { sites } = await rewrite('lib/x.tcl', text, store);
    expect(sites.map(({ site, remedy }) => `${site.rule} ${site.what} ${remedy.kind}`)).toEqual([expected]);
  });
});

const real = ['/usr/share/tcltk', '/usr/lib/tcltk', '/usr/share/tcl8.6'].flatMap((directory) =>
  filesBelow(directory, /\.tcl$/),
);

test(`${real.length} real files stay complete scripts`, async () => {
  const counts: Record<string, number> = {};
  const path = `/nix/store/${DIGESTS[1]}-dep`;
  let written = 0;
  for (const file of real) {
    const { text } = readReal(file);
    const before = text
      .replace(/(?<![\w./-])\/(?:usr|etc|bin|lib|var|opt)(?=[/"'\s])/g, path)
      .replace(/^([ \t]*(?:set|variable|lappend) \w+ )"?([a-z]\w+)"?[ \t]*$/gm, `$1${path}/$2`);
    if (before === text) continue;
    const { bytes, sites } = await rewrite('lib/x.tcl', before, '/nix/store');
    tally(sites, counts);
    put(work, `real/${written}.before`, before);
    put(work, `real/${written++}.after`, bytes);
  }
  const complete = `for {set i 0} {$i < ${written}} {incr i} { foreach k {before after} {
    set f [open ${work}/real/$i.$k]; fconfigure $f -encoding iso8859-1; lappend r [info complete [read $f]]; close $f } }; puts $r`;
  const answers = must('tclsh', [], { input: complete }).trim().split(' ');
  expect(answers).toEqual(Array(2 * written).fill('1'));
  console.log(`${written} rewritten; ${JSON.stringify(counts)}`);
  const relative = counts['tcl/word relative'] ?? 0;
  expect(relative).toBeGreaterThan(50);
  expect(relative / (relative + (counts['tcl/word alias'] ?? 0) + (counts['opaque alias'] ?? 0))).toBeGreaterThan(0.8);
});
