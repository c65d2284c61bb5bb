/** PHP run by php: the original with its store in place, and what was made of it elsewhere; and real files. */

import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluation } from '../evaluation.ts';
import { filesBelow } from '../real-files.ts';
import { rewriteReal } from '../real-rewriting.ts';
import { ODD_PREFIXES, OWN, type Rewritten, rewrite, tally } from '../rewriting.ts';
import { must, run } from '../toy-store.ts';

/** `include_path` takes colons apart. */
const runner = `<?php
$root = $argv[1];
foreach (array_slice($argv, 2) as $name) {
  ob_start();
  (function ($file) { include $file; })("$root/${OWN}/$name");
  $text = ob_get_clean();
  do { $text = preg_replace('~/[^/\\x00]*/\\.\\.~', '', $text, 1, $count); } while ($count > 0);
  echo $name, ' ', str_replace($root, '<S>', $text), "\\n";
}
`;

const { work, store, D, put, addDependency, evaluate } = evaluation({
  name: 'php',
  dependency: {
    'bin/show': '#!/bin/sh\nprintf "<%s>" "$@"\n',
    'lib/read.txt': 'text',
    'lib/answer.php': '<?php return 42;',
  },
  runner: ['runner.php', () => runner],
  command: ['php', '-d', 'display_errors=stdout', '-d', 'html_errors=0'],
});

const contexts = `<?php declare(strict_types=1); // comment ${D}
# another ${D}
/* and "${D} */ namespace A\\B;
use InvalidArgumentException;
const X = "${D}/x"; \\define('Y', '${D}/y');
#[\\Attribute] class At { function __construct(public string $v = "${D}/at") {} }
abstract class C {
  const Z = ["${D}/k" => '${D}/z'];
  public string $p = "${D}/p";
  static array $s = ['${D}', 'a' => "${D}" . '/b'];
  function __construct(private string $q = '${D}/q') {}
  #[At("${D}/m")] function m(string $x = "${D}/d"): string { static $t = "${D}/t"; return "$x $t {$this->q}${D}"; }
}
enum E: string { case A = "${D}/e"; }
class F extends C {}
$f = new F; $v = ['x' => 'y'];
echo X, \\Y, C::Z["${D}/k"], $f->p, F::$s[0], F::$s['a'], $f->m(), E::A->value, "\\n";
echo "a ${D} $v[x] {$v['x']}:${D}", 'it\\'s ${D} $v', b"${D}\\x41", "\\\\${D}\\n", "\\"${D}\\"";
echo"${D}", print '${D}', ("${D}")[0] === '/', strlen("${D}/x") > 3, "${D}" == '${D}', !"${D}", "${D}" ?: 1, "\\n";
switch ("${D}") { case "${D}/no": echo 1; break; case '${D}': echo 2; }
echo match (true) { "${D}" === '${D}' => "${D}/match", default => 3 };
foreach (["${D}/a" => '${D}/b'] as $k => $w) { echo $k, $w; } ['${D}' => $y] = ["${D}" => 5]; echo $y, "\\n";
echo file_get_contents('${D}/lib/read.txt'), require "${D}/lib/answer.php", is_dir("${D}") ? 1 : 0;
echo preg_match("#^${D}/(.)$#", '${D}/x', $m), $m[1], preg_replace('{${D}}', 'R', "a${D}"), str_replace("${D}", 'y', '${D}z');
echo sprintf("${D}/%s%%", 1), sprintf('%s', "${D}"), implode('|', explode("${D}", "a${D}b")), "\\n";
system("${D}/bin/show '${D} a' \\"${D} b\\" c"); echo shell_exec('${D}/bin/show "${D}"'), exec("${D}/bin/show" . ' x');
$g = fn ($a = "${D}/fn") => $a . __LINE__; echo $g(); ?>
text <?= "${D}" ?> and <?php echo '${D}' // ?> more
<?php echo "${store}/${OWN}/share";
`;

const files: Readonly<Record<string, string>> = {
  'share/php/contexts.php': contexts,
  'top.php': `<?php echo "${D}";`,
  'lib/bytes.inc': `<?php\r\necho '\xff${D}', "\xc3\xa9${D}";\r\n`,
  'lib/script.php': `#!/usr/bin/php\n<?PHP return print("${D}"); __halt_compiler(); '`,
};

describe('every context', () => {
  test('gives the same under odd prefixes', async () => {
    const { original, results, rewritten } = await evaluate(files);
    expect(original).toContain('<S>');
    expect(original).not.toMatch(/Warning|Fatal|Parse/);
    for (const result of results) expect(result).toBe(original);
    const [first] = rewritten as [Rewritten];
    expect(first.bytes.toString('latin1').split('\n').length).toBe(contexts.split('\n').length);
    const others = rewritten.flatMap(({ sites }) => sites.filter(({ remedy }) => remedy.kind !== 'relative'));
    expect(others.map(({ site }) => site.rule)).toEqual(['php/comment', 'php/comment', 'php/comment']);
  });

  test('200 generated programs give the same under odd prefixes', async () => {
    const body = (parts: readonly string[]) =>
      fc
        .array(fc.constantFrom(D, `${D}/a`, 'x', ' ', '\\\\', '#', '//', '?', '\xc3\xa9', '<?', ...parts), {
          maxLength: 6,
        })
        .map((all) => all.join(''));
    const string = fc.oneof(
      body(['"', '$v', "\\'", '{$v}', '\\n']).map((text) => `'${text}'`),
      body(["'", '$v ', '\\"', '{$v}', "{$a['k']}", '\\$', '\\x41']).map((text) => `"${text}"`),
      body(["'"]).map((text) => `b'${text.replaceAll("'", '')}'`),
    );
    const statement = fc.oneof(
      string.map((text) => `echo ${text}, "\\n";`),
      fc.tuple(string, string).map(([a, b]) => `echo ${a} . ${b}, ${a} == ${b} ? 1 : 0, "\\n";`),
      fc
        .tuple(string, string)
        .map(
          ([a, b]) =>
            `echo json_encode(array_map('bin2hex', array_values([${a} => 1, 2 => ${b}]))) !== '', count([${a} => ${b}]);`,
        ),
      string.filter((text) => !/[$]|^b/.test(text)).map((text) => `(function ($x = ${text}) { echo $x; })();`),
      string.map((text) => `printf('%s', ${text}); // ${D}`),
      string.map((text) => `?>out<?php echo ${text};`),
    );
    const programs = fc.sample(fc.array(statement, { minLength: 1, maxLength: 5 }), { numRuns: 200, seed: 11 });
    const head = "<?php $v = 'V'; $a = ['k' => 'K'];\n";
    const generated = Object.fromEntries(programs.map((lines, i) => [`lib/p${i}.php`, `${head}${lines.join('\n')}\n`]));
    const { original, results, rewritten } = await evaluate(generated, ODD_PREFIXES.slice(1));
    expect(original).not.toMatch(/Warning|Fatal|Parse/);
    for (const result of results) expect(result).toBe(original);
    expect(tally(rewritten.flatMap(({ sites }) => sites))['php/string alias'] ?? 0).toBe(0);
  });
});

test.each(ODD_PREFIXES)('the place of the file is found through links: %s', async (prefix) => {
  const root = join(work, 'scripts', prefix, 'store');
  addDependency(root);
  const text = `<?php echo file_get_contents('${D}/lib/read.txt');`;
  put(root, `${OWN}/share/php/tool.php`, (await rewrite('share/php/tool.php', text, store)).bytes);
  mkdirSync(join(root, 'links/deep/er/still'), { recursive: true });
  symlinkSync(join(root, OWN, 'share/php/tool.php'), join(root, 'links/deep/er/still/tool.php'));
  symlinkSync(join(root, OWN, 'share'), join(root, 'links/share'));
  expect(must('php', ['tool.php'], { cwd: join(root, OWN, 'share/php') })).toBe('text');
  expect(must('php', [join(root, 'links/deep/er/still/tool.php')])).toBe('text');
  expect(must('php', ['links/share/php/tool.php'], { cwd: root })).toBe('text');
  expect(must('php', ['-r', 'chdir("/"); include $argv[1];', join(root, 'links/share/php/tool.php')])).toBe('text');
});

describe('what has no relative form', () => {
  test.each([
    [`<?php echo <<<A\n${D}\nA;`, 'php/string heredoc alias'],
    [`<?php echo <<<'A'\n  ${D}\n  A;`, 'php/string nowdoc alias'],
    [`<?php echo \`${D}\`;`, 'php/string command in backticks alias'],
    [`<?php echo "\\${D}";`, 'php/string string alias'],
    [`<?php echo "{$a["${D}"]}";`, 'php/string string alias'],
    [`${D} <?php echo 1;`, 'php/string text outside of code alias'],
    [`<?php echo "${D};`, 'opaque text alias'],
    [`<?php f(("${D}");`, 'opaque text alias'],
    [`<?php /* ${D}`, 'opaque text alias'],
    [`<?php // ${D}`, 'php/comment comment none'],
  ])('case %#', async (text, expected) => {
    const { sites } = await rewrite('lib/x.php', text, store);
    expect(sites.map(({ site, remedy }) => `${site.rule} ${site.what} ${remedy.kind}`)).toEqual([expected]);
  });
});

const real = filesBelow('/usr/share/php', /\.php$/);

test(`${real.length} real files compile as before`, async () => {
  const path = join(work, 'checked.php');
  const accepts = (text: Buffer | string) => {
    put(work, 'checked.php', text);
    return run('php', ['-n', '-l', path]).status === 0;
  };
  const { planted, checked, good, broken, counts } = await rewriteReal(real, 'share/php/x.php', accepts, 150);
  process.stdout.write(
    `php: ${planted} of ${real.length} hold paths; ${good} of ${checked} pass; ${JSON.stringify(counts)}\n`,
  );
  expect(broken).toEqual([]);
  expect(good).toBeGreaterThan(0.8 * checked);
});
