/** Scripts run by fish: the original with its store in place, and what was made of it elsewhere; and real files. */

import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluation } from '../evaluation.ts';
import { filesBelow } from '../real-files.ts';
import { rewriteReal } from '../real-rewriting.ts';
import { DIGESTS, ODD_PREFIXES, OWN, type Rewritten, rewrite, tally } from '../rewriting.ts';
import { must, run } from '../toy-store.ts';

/** Runs each file and shows what it prints, the store's place taken out. */
const runner = `
import os, subprocess, sys
root = sys.argv[1]
for name in sys.argv[2:]:
    path = os.path.join(root, "${OWN}", name)
    done = subprocess.run(["fish", "--no-config", path, "A 1"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    sys.stdout.buffer.write(name.encode() + b"\\0" + done.stdout.replace(os.fsencode(root), b"<S>") + b" %d\\n" % done.returncode)
`;

const { work, store, D, put, addDependency, evaluate } = evaluation({
  name: 'fish',
  dependency: { 'bin/show': '#!/bin/sh\nprintf "<%s>" "$@"\n', data: 'text\n' },
  runner: ['runner.py', () => runner],
  command: ['python3'],
});

const contexts = `# comment ${D}
set -g show ${D}/bin/show
$show ${D}/a x${D} ${D}:${D} '${D} $x' "${D} $argv[1]" a"${D}"b'${D}' # ${D}
${D}/bin/show (cat ${D}/data) "$(cat '${D}/data')" (string upper (string sub -s -3 "${D}")) ${D}#no-comment
for file in ${D}/* "${D}"/bin/sh?w {${D},'${D}/x'}/{p,q r}; $show $file; end
switch ${D}
  case "${D}/no" ${D}
    $show 'case ${D}'
end
if test -e ${D}/data; and not test -e '${D}'/none
  V=${D}/v printenv V
end
function f --description "of ${D}" -a x
  $show ${D}/$x < ${D}/data 2>/dev/null
end
f 1 | cat; begin; f 2; end
eval echo ${D}/e; eval '$show "${D}" \\'${D}\\' ${D}'; eval "\\$show ${D} \\"${D}\\" '${D}'"
alias shown '${D}/bin/show x'; shown y
alias again="${D}/bin/show 'a b'"; again c
complete -c thing -n "test -e ${D}/data" -fa '(${D}/bin/show x)' -d 'see'; complete -C 'thing '
fish --no-config -c "${D}/bin/show '${D}' \\$argv" 'b c'
trap '${D}/bin/show "bye"' EXIT
string match -q "${D}/*" ${D}/x; and string replace ${D} R ${D}/y
source ${store}/${OWN}/share/part.fish; part
`;

const files: Readonly<Record<string, string>> = {
  'share/part.fish': `function part; echo "${D}/part"; end\n`,
  'share/contexts.fish': contexts,
  'top.fish': `echo ${D}`,
  'share/fish/vendor_conf.d/é.fish': `\n\n# x\necho '${D}\xff' "\\t${D}"\r\n`,
  'bin/program': `#!/usr/bin/env fish\necho ${D} $argv\n`,
};

describe('every context', () => {
  test('gives the same under odd prefixes', async () => {
    const { original, results, rewritten } = await evaluate(files);
    expect(original).toContain('<S>');
    expect(original).toContain('<bye> 0\n');
    for (const result of results) expect(result).toBe(original);
    const lines = (rewritten[1] as Rewritten).bytes.toString('latin1').split('\n');
    expect(lines.length).toBe(contexts.split('\n').length);
    const others = rewritten.flatMap(({ sites }) => sites.filter(({ remedy }) => remedy.kind !== 'relative'));
    expect(new Set(others.map(({ site }) => site.rule))).toEqual(new Set(['fish/comment']));
  });

  test('100 generated programs give the same under odd prefixes', async () => {
    const pick = fc.constantFrom;
    const joined = (part: fc.Arbitrary<string>) =>
      fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));
    const single = joined(pick(D, `${D}/a`, 'x', ' ', '"', '$', '(', "\\'", '\\\\', '#', '*', '\n')).map(
      (s) => `'${s}'`,
    );
    const double = joined(pick(D, `${D}/b`, 'x', ' ', "'", '(', '\\"', '\\$', '\\\\', '#', '$v', '{')).map(
      (s) => `"${s}"`,
    );
    const bare = pick(D, `${D}/c`, 'x', '@', '\\ ', '\\$', '\\(', '-', '$v', '{a,b}', '\\#');
    const word = joined(fc.oneof(bare, single, double));
    const { statement } = fc.letrec<Record<'statement', string>>((tie) => ({
      statement: fc.oneof(
        { depthSize: 'small' },
        fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => `show ${words.join(' ')}`),
        word.map((w) => `set v ${w}; show "$v" (count $v)`),
        word.map((w) => `for i in ${w}; show $i; end`),
        fc.tuple(word, word).map(([a, b]) => `if test "$v" = ${a}; show ${b}; else; show no ${a}; end`),
        word.map((w) => `show (show ${w}|string collect)`),
        fc
          .array(pick(D, `"${D}"`, `'${D}'`, '"$v"', 'x'), { minLength: 1, maxLength: 3 })
          .chain((parts) =>
            pick(
              `eval 'show ${parts.join(' ').replaceAll("'", "\\'")}'`,
              `eval "show ${parts.join(' ').replace(/["$]/g, '\\$&')}"`,
            ),
          ),
        word.map((w) => `function g; show ${w}; end; g`),
        tie('statement').map((s) => `begin; ${s}; end`),
      ),
    }));
    const programs = fc.sample(fc.array(statement, { minLength: 1, maxLength: 5 }), { numRuns: 100, seed: 5 });
    const head = "function show; printf '<%s>' $argv; end\nset v V\n";
    const generated = Object.fromEntries(
      programs.map((lines, i) => [`lib/p${i}.fish`, `${head}${lines.join('\n')}\n`]),
    );
    const { original, results, rewritten } = await evaluate(generated, ODD_PREFIXES.slice(1));
    const plain = (text: string) => text.replaceAll('/dev/fd/87'.padEnd(store.length, '/'), '<S>');
    for (const result of results) expect(plain(result)).toBe(original);
    const counts = tally(rewritten.flatMap(({ sites }) => sites));
    expect(counts['fish/word relative'] ?? 0).toBeGreaterThan(20 * (counts['fish/word alias'] ?? 0));
    expect(counts['opaque alias']).toBeUndefined();
  });
});

describe('the place of the file', () => {
  test.each(ODD_PREFIXES)('is found through links, by a relative path, as a function: %s', async (prefix) => {
    const root = join(work, 'scripts', prefix, 'store');
    addDependency(root);
    const text = `function tool; cat ${D}/data; end\n`;
    put(root, `${OWN}/share/functions/tool.fish`, (await rewrite('share/functions/tool.fish', text, store)).bytes);
    mkdirSync(join(root, 'links/deep/er/still'), { recursive: true });
    symlinkSync(join(root, OWN, 'share/functions/tool.fish'), join(root, 'links/deep/er/still/tool.fish'));
    symlinkSync(join(root, OWN, 'share'), join(root, 'links/share'));
    const say = (code: string, cwd: string) => must('fish', ['--no-config', '-c', code], { cwd });
    expect(say('source tool.fish; cd /; tool', join(root, OWN, 'share/functions'))).toBe('text\n');
    expect(say('source ./links/deep/er/still/tool.fish; tool', root)).toBe('text\n');
    expect(say('set -p fish_function_path $PWD/links/share/functions; cd /; tool', root)).toBe('text\n');
  });

  test('is not known to a copy or to standard input: the store alias', async () => {
    const { bytes } = await rewrite('share/x.fish', `echo '/nix/store/${DIGESTS[1]}-dep'`, '/nix/store');
    put(work, 'copy.fish', bytes);
    const alias = `/dev/fd/87/${DIGESTS[1]}-dep\n`;
    expect(must('fish', ['--no-config', join(work, 'copy.fish')])).toBe(alias);
    expect(must('fish', ['--no-config', '-c', `cat '${work}/copy.fish' | source`])).toBe(alias);
  });
});

describe('what has no relative form', () => {
  test.each([
    [`echo \\${D}`, 'fish/word word alias'],
    [`echo "\\${D}"`, 'fish/word double quotes alias'],
    [`echo '${D}`, 'opaque text alias'],
    [`echo (${D}`, 'opaque text alias'],
    [`${'('.repeat(300)}${D}${')'.repeat(300)}`, 'opaque text alias'],
    [`# ${D}`, 'fish/comment comment none'],
  ])('case %#', async (text, expected) => {
    const { sites } = await rewrite('share/x.fish', text, store);
    expect(sites.map(({ site, remedy }) => `${site.rule} ${site.what} ${remedy.kind}`)).toEqual([expected]);
  });
});

const real = filesBelow('/usr/share/fish', /\.fish$/);

test(`${real.length} real files parse as before`, async () => {
  const path = join(work, 'checked.fish');
  const accepts = (text: Buffer | string) => {
    put(work, 'checked.fish', text);
    return run('fish', ['--no-config', '-n', path]).status === 0;
  };
  const { planted, checked, good, broken, counts } = await rewriteReal(real, 'share/fish/x.fish', accepts, 200);
  process.stdout.write(
    `fish: ${planted} of ${real.length} hold paths; ${good} of ${checked} pass; ${JSON.stringify(counts)}\n`,
  );
  expect(broken).toEqual([]);
  expect(good).toBeGreaterThan(0.9 * checked);
});
