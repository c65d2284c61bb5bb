/** Ruby evaluated by ruby: the original with its store in place, and what was made of it elsewhere; and real files. */

import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluation } from '../evaluation.ts';
import { filesBelow, plant, readReal, sample } from '../real-files.ts';
import { DIGESTS, ODD_PREFIXES, OWN, type Rewritten, rewrite, tally } from '../rewriting.ts';
import { must } from '../toy-store.ts';

/** Loads each file; what it prints, with the store's place taken out. */
const runner = `
require 'stringio'
root, *files = ARGV
real = $stdout
files.each do |file|
  $stdout = StringIO.new
  begin
    load File.join(root, '${OWN}', file)
  rescue Exception => problem
    $stdout.puts "problem: #{problem.message}"
  end
  real.write "#{file}: ", $stdout.string.b.gsub(root.b, '<S>'), "\\n"
end
`;

const { work, store, dep, D, put, evaluate } = evaluation({
  name: 'ruby',
  dependency: {
    'lib/answer.rb': 'ANSWER = 42 unless defined? ANSWER\n',
    'bin/say': '#!/bin/sh\nprintf "<%s>" "$@"\n',
  },
  runner: ['runner.rb', () => runner],
  command: ['ruby', '-W1'],
});

const contexts = `# frozen_string_literal: true
# comment ${D}
=begin
documentation ${D}
=end
v = 'V'; @i = 'I'
puts '${D}/a #{v} #$v #@i \\'q\\' "d" \\\\ \\n', "${D}/#{v}\\t\\\\#{'${D}/nested'}", "\\${D}/escaped"
puts %q(${D} (n) #{v} \\) \\x), %Q[${D} #{v}], %(${D}), %q{${D}}, %q!${D}\\!!, %|${D}|
h = { '${D}/k' => 1, "${D}/s": 2, '${D}/r': 3, x: '${D}' }
puts h['${D}/k'], h[:"${D}/s"], h[:'${D}/r'], h.keys.inspect.length > 10, :'${D}'.to_s, :"${D}/#{v}".to_s
%w[${D}/w #{v} a\\ b].each { |w| puts w }
%W[${D}/w #{v} ${D}].each { |w| puts w }
puts [<<A, <<'B', <<~C, <<-"D1"]
${D} #{v} \\x41
A
${D} #{v} \\x41 \\\\ "q"
B
    indented ${D}
      more
  C
  ${D}
  D1
puts <<~'E'
  ${D} #{v}
    \\${D}
E
puts '${D}' '/adjacent' "${D}"
puts Regexp.new("^${D}/(.)").match('${D}/q')[1], Regexp.new('^${D}/\\w$').match?('${D}/q'), Regexp.compile('${D}').match?("x")
puts '${D}/lib/foo.rb'[%r{^${D}/lib/(.*)$}, 1], "${D}/x".sub(%r{${D}}, 'y'), (/\\A${D.replaceAll('/', '\\/')}/ =~ 'x').inspect
case '${D}/x' when "${D}/x" then puts '${D}/then' end
case ['${D}']; in ['${D}'] then puts "in ${D}" end
$LOAD_PATH.unshift "${D}/lib"; require 'answer'; puts ANSWER, $LOAD_PATH.first
require '${D}/lib/answer'; load '${D}/lib/answer.rb'
puts \`printf %s ${D}/bin\`, \`printf %s "a ${D}" '${D}'\`, %x(${D}/bin/say one "${D}" '${D}/x')
puts system("test -x ${D}/bin/say"), system('${D}/bin/say >/dev/null'), system("${D}/bin/say", "x", out: File::NULL)
puts IO.popen("${D}/bin/say piped").read, IO.popen(['${D}/bin/say', "${D}"]).read
class B < BasicObject; def m; '${D}/basic'; end; end; puts B.new.m
def m(a = '${D}/default', b: "${D}/key") = "#{a} #{b}"
puts m, m('${D}'), __LINE__, '${D}'.dup << 'x', '${D}'.encoding, "%s ${D}" % 'x'
Dir.chdir('/') { puts "${D}" }
puts "##{1}#${D}", '#${D}', "$${D} @${D}", "${D}#", ("${D}" if v), [*'${D}'].first, -> { '${D}' }.call
`;

const files: Readonly<Record<string, string>> = {
  'lib/ruby/contexts.rb': contexts,
  'top.rb': `puts '${D}'`,
  'lib/crlf.rb': `puts '${D}',\r\n  "${D}"\r\n`,
  'lib/bytes.rb': `puts '\xc3\xa9${D}\xe2\x82\xac', "\xc3\xa9${D}".encoding\n`,
  'lib/binary.rb': `# encoding: ascii-8bit\nputs "\xff${D}".encoding\n`,
  'lib/own.rb': `puts "${store}/${OWN}/share"`,
};

describe('every context', () => {
  test('gives the same under odd prefixes', async () => {
    const { original, results, rewritten } = await evaluate(files);
    expect(original).toContain('<S>');
    expect(original).not.toContain('problem');
    for (const result of results) expect(result).toBe(original);
    const [first] = rewritten as [Rewritten];
    expect(first.bytes.toString('latin1').split('\n').length).toBe(contexts.split('\n').length);
    const aliased = rewritten.flatMap(({ sites }) => sites.filter(({ remedy }) => remedy.kind === 'alias'));
    expect(aliased.map(({ site }) => site.what)).toEqual([]);
  });

  test('150 generated programs give the same under odd prefixes', async () => {
    const part = fc.constantFrom(
      D,
      `${D}/bin`,
      'a',
      ' ',
      '\\\\',
      '#{v}',
      '#',
      '$v',
      '@i',
      ':',
      '\xc3\xa9',
      '{x}',
      '(y)',
      '%',
      '\\n',
    );
    const body = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(''));
    const string = fc.oneof(
      body.map((text) => `'${text}"'`),
      body.map((text) => `"${text}'"`),
      body.map((text) => `%q{${text}}`),
      body.map((text) => `%q(${text})`),
      body.map((text) => `%Q(${text})`),
      body.map((text) => `%w[${text} b].join('+')`),
      body.map((text) => `:'${text}.'`),
      body.map((text) => `"#{'${text}'} ${D}"`),
    );
    const statement = fc.oneof(
      string.map((text) => `puts ${text}`),
      fc.tuple(string, string).map(([a, b]) => `puts [${a}, ${b}]`),
      fc.tuple(string, string).map(([a, b]) => `puts({ ${a} => ${b} }[${a}])`),
      body.map((text) => `puts <<'E'\n${text}\nE\n`),
      body.map((text) => `puts <<~E\n  ${text}\nE\n`),
    );
    const programs = fc.sample(fc.array(statement, { minLength: 1, maxLength: 5 }), { numRuns: 150, seed: 13 });
    const generated = Object.fromEntries(
      programs.map((lines, i) => [`lib/p${i}.rb`, ["v = 'V'; x = 'X'; $v = 1; @i = 2", ...lines].join('\n')]),
    );
    const { original, results } = await evaluate(generated, ODD_PREFIXES.slice(2, 5));
    expect(original).not.toContain('problem');
    for (const result of results) expect(result).toBe(original);
  });
});

describe('the place of the file', () => {
  test.each(ODD_PREFIXES)('is found through links, by a relative path: %s', async (prefix) => {
    const root = join(work, 'scripts', prefix, 'store');
    const text = `#!/usr/bin/ruby\nDir.chdir '/'\nputs '${D}'`;
    put(root, `${OWN}/bin/tool`, (await rewrite('bin/tool', text, store, true)).bytes);
    mkdirSync(join(root, 'links/deep/er'), { recursive: true });
    symlinkSync(join(root, OWN, 'bin/tool'), join(root, 'links/deep/er/tool'));
    symlinkSync(join(root, OWN), join(root, 'links/object'));
    const expected = `${root}/${dep}\n`;
    expect(must('ruby', ['tool'], { cwd: join(root, OWN, 'bin') })).toBe(expected);
    expect(must('ruby', [join(root, 'links/deep/er/tool')])).toBe(expected);
    expect(must('ruby', ['links/object/bin/tool'], { cwd: root })).toBe(expected);
  });

  test('is not known to code that comes from no file: the store alias', async () => {
    const { bytes } = await rewrite('lib/x.rb', `puts '/nix/store/${dep}'`, '/nix/store');
    expect(must('ruby', ['-e', bytes.toString('latin1')])).toBe(`/dev/fd/87/${dep}\n`);
  });
});

describe('what has no relative form', () => {
  test.each([
    [`eval "puts '${D}'"`, 'ruby/string literal that must stay one alias'],
    [`x = %i[${D}]`, 'ruby/string literal that must stay one alias'],
    [`x = /[${D.replaceAll('/', 'x').replace(/^.*$/, D)}]/x if false`, 'opaque text alias'],
    [`x = %r{[${D}]}`, 'ruby/string pattern alias'],
    [`BEGIN { x = '${D}' }\n1`, 'ruby/string string alias'],
    [`puts DATA.read\n__END__\n${D}`, 'ruby/string data behind the program alias'],
    [`puts 1\n__END__\n${D}`, 'ruby/comment text behind __END__ none'],
    [`puts '${D}' )`, 'opaque text alias'],
    [`# ${D}`, 'ruby/comment comment none'],
  ])('case %#', async (text, expected) => {
    const { sites } = await rewrite('lib/x.rb', text, store);
    expect(sites.map(({ site, remedy }) => `${site.rule} ${site.what} ${remedy.kind}`)).toEqual([expected]);
  });
});

const all = [
  '/usr/lib/ruby',
  '/usr/share/rubygems-integration',
  '/usr/share/ruby',
  '/var/lib/gems',
  '/usr/share/vim',
].flatMap((directory) => filesBelow(directory, /\.(?:rb|gemspec)$/));
const chosen = sample(all, 300);

test(`${chosen.length} of ${all.length} real files compile as before`, async () => {
  const counts: Record<string, number> = {};
  const path = `/nix/store/${DIGESTS[1]}-dep`;
  const names: string[] = [];
  let unread = 0;
  for (const file of chosen) {
    const { text } = readReal(file);
    const before = plant(text, path);
    if (before === text) continue;
    const { bytes, sites } = await rewrite('lib/ruby/x.rb', before, '/nix/store');
    tally(sites, counts);
    if (sites.some(({ site }) => site.rule === 'opaque')) unread++;
    put(work, `real/${names.length}.before`, before);
    put(work, `real/${names.length}.after`, bytes);
    names.push(file);
  }
  const compiler = `$VERBOSE = nil; $stderr.reopen(File::NULL); ${names.length}.times { |i| puts %w[before after].map { |k|
    begin; RubyVM::InstructionSequence.compile(File.read("#{ARGV[0]}/real/#{i}.#{k}")); 1; rescue SyntaxError; 0; end }.join }`;
  const compiled = must('ruby', ['-e', compiler, work]).trim().split('\n');
  const broken = compiled.flatMap((result, i) => (result === '10' ? [`${i} ${names[i]}`] : []));
  const good = compiled.filter((result) => result === '11').length;
  console.log(
    `${good} compile before and after, ${names.length} rewritten, not read: ${unread}; ${JSON.stringify(counts)}`,
  );
  expect(broken).toEqual([]);
  expect(good).toBeGreaterThan(chosen.length / 4);
});
