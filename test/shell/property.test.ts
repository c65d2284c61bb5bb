/**
 * Generated programs with store paths in random contexts, in random prefixes: what the rewritten program prints is what
 * the original prints, with the store directory replaced by the prefix.
 */

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { writeEdited } from '../../src/pipeline/apply-edits.ts';
import { planContents } from '../../src/pipeline/entry.ts';
import { bufferSource } from '../../src/store/byte-source.ts';
import { scanBytes } from '../../src/store/scan.ts';
import { storeDir } from '../../src/store/store-path.ts';
import type { TransformContext } from '../../src/transforms/transform.ts';
import { run, ToyStore } from '../toy-store.ts';

const store = new ToyStore();
afterAll(() => store.remove());

const dir = storeDir(store.storeDir);
const object = 'zyxwvsrqpnmlkjihgfdcba9876543210-out';
const P = `${store.storeDir}/0123456789abcdfghijklmnpqrsvwxyz-dep`;
const file = 'bin/program';

const context: TransformContext = {
  storeDir: dir,
  alias: '/dev/fd/87'.padEnd(store.storeDir.length, '/'),
  aliasDescriptor: 87,
  aliasPolicy: 'inherit',
  stub: () => ({ missing: 'none needed' }),
  exists: () => true,
};

async function rewritten(text: string): Promise<{ text: string; aliases: number }> {
  const bytes = Buffer.from(text, 'latin1');
  const plan = await planContents(
    file,
    { executable: true, secure: false },
    bufferSource(bytes),
    scanBytes(bytes, dir).occurrences,
    { object, transform: context },
  );
  const chunks: Buffer[] = [];
  writeEdited(bufferSource(bytes), plan.edits, (chunk) => chunks.push(Buffer.from(chunk)));
  const aliases = plan.sites.filter(({ remedy }) => remedy.kind !== 'relative').length;
  return { text: Buffer.concat(chunks).toString('latin1'), aliases };
}

const pick = fc.constantFrom;
const path = pick(P, P, `${P}/a`, `${P}/b c`.replace(' ', '-'), `${P}:${P}/d`);
const joined = (parts: fc.Arbitrary<string>, maxLength = 4) =>
  fc.array(parts, { minLength: 1, maxLength }).map((list) => list.join(''));

interface Language {
  readonly shell: string;
  /** bash, ksh93 and zsh have these; dash has not. */
  readonly hasMore: boolean;
}

function programs({ shell, hasMore }: Language): fc.Arbitrary<string> {
  const { statement } = fc.letrec<Record<'word' | 'double' | 'statement', string>>((tie) => {
    const single = joined(fc.oneof(path, pick('x', ' ', '"', '$v', '\\', '`', '*', '\n', '#', ';'))).map(
      (s) => `'${s}'`,
    );
    const ansi = joined(fc.oneof(path, pick('x', ' ', '"', '\\t', "\\'", '*'))).map((s) =>
      // No backslash as text: bash 5.2 reads `${v:+$'\\'""}` wrongly inside of quoted command substitutions.
      hasMore ? `$'${s}'` : `'${s.replace(/\\'/g, '')}'`,
    );
    const expansion = fc.oneof(
      tie('word').map((w) => `\${u:-${w}}`),
      tie('word').map((w) => `\${u-${w}}`),
      tie('word').map((w) => `\${v:+${w}}`),
    );
    const inside = fc.oneof(
      { depthSize: 'small' },
      path,
      pick('x', ' ', "'", '\\"', '\\$', '\\\\', '\\`', '*', '\n', '$v', '${v}', '${#u}', '#'),
      path.map((p) => `\${v#${p}}`),
      path.map((p) => `\${v%"${p}"*}`),
      path.map((p) => `\${v#'${p}'/}`),
      joined(fc.oneof(path, pick('x', ' ', '$v', '*')), 3).map((s) => `\${u:-${s}}`),
      tie('word').map((w) => `$(show ${w})`),
      ...(shell === 'bash'
        ? [
            path.map((p) => `\${v/'${p}'/<&>}`),
            path.map((p) => `\${v//${p.includes(':') ? '@' : `"${p}"`}/y}`),
            path.map((p) => `\${v/@/${p}}`),
          ]
        : []),
    );
    return {
      double: joined(inside).map((s) => `"${s}"`),
      word: joined(
        fc.oneof(
          { depthSize: 'small' },
          path,
          single,
          pick('x', '@', '-', '\\ ', '\\$', "''", ',', '*', '$?', '"$v"'),
          ansi,
          tie('double'),
          expansion,
        ),
      ),
      statement: fc.oneof(
        { depthSize: 'small' },
        fc.array(tie('word'), { maxLength: 3 }).map((words) => `show ${words.join(' ')}`),
        tie('word').map((w) => `v=${w}; show "$v"`),
        tie('word').map((w) => `w=1 v=${w} env printenv v`),
        tie('word').map((w) => `export v=${w.startsWith('"') || w.startsWith("'") ? w : `'${P}'`}; printenv v`),
        fc.tuple(tie('word'), tie('word')).map(([a, b]) => `case ${a} in ${b}) show same;; *) show other;; esac`),
        fc
          .tuple(tie('word'), path)
          .map(([a, p]) => `case ${a} in "${p}"*|${p}x) show 1;; '${p}') show 2;; *) show 3;; esac`),
        fc.array(tie('word'), { minLength: 1, maxLength: 3 }).map((w) => `for i in ${w.join(' ')}; do show "$i"; done`),
        tie('word').map((w) => `if [ ${w} = "$v" ]; then show yes; fi 2>/dev/null`),
        joined(inside).map((s) => `cat <<EOF\n${s.replace(/\\"|\$\{v[#%/][^}]*\}/g, '')}\nEOF`),
        joined(fc.oneof(path, pick('x', '$v', '\\', '`', '"', "'", '$(show)', ' '))).map(
          (s) => `cat <<'EOF'\n${s}.\nEOF`,
        ),
        tie('word').map((w) => `f() { show ${w}; }; f`),
        tie('word').map((w) => `( show ${w} ) | cat`),
        fc.array(path, { maxLength: 3 }).map((list) => `eval 'show ${list.join(' ')} "${P}" "$v"'`),
        fc.array(path, { maxLength: 3 }).map((list) => `eval "show ${list.join(' ')} \\"${P}\\" \\$v" >/dev/null`),
        path.map((p) => `trap 'show "${p}"' EXIT`),
        path.map((p) => `sh -c 'printf "<%s>" ${p} "$1"; printf "<%s>" "${p}"' sh "${p}"`),
        tie('statement').map((s) => `{ ${s}\n}`),
        ...(hasMore
          ? [
              fc.array(tie('word'), { maxLength: 3 }).map((w) => `a=(${w.join(' ')}); show "\${a[@]}"`),
              fc.tuple(tie('word'), path).map(([w, p]) => `[[ $v == ${p}* || ${w} == "${p}" ]] && show match`),
              tie('double').map((w) => `cat <<< ${w}`),
            ]
          : []),
      ),
    };
  });
  return fc
    .array(statement, { minLength: 1, maxLength: 6 })
    .map((list) => `#!/bin/${shell}\nshow() { printf '<%s>\\n' "$@"; }\nv=${P}/a\nunset u\n${list.join('\n')}\n:\n`);
}

const prefixName = fc
  .array(
    pick(
      'a',
      ' ',
      "'",
      '"',
      '$v',
      '`',
      '\\',
      '*',
      '?',
      '[x]',
      '~',
      '&',
      ';',
      '(',
      '#',
      '!',
      '%',
      '\t',
      'é',
      '-',
      '{a,b}',
    ),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((list) => `p${list.join('')}`);

const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C' };

function outcome(root: string, text: string) {
  const place = join(root, object, 'bin');
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'program'), Buffer.from(text, 'latin1'), { mode: 0o755 });
  const { status, stdout, stderr } = run(join(place, 'program'), ['1', '2'], { cwd: '/', env });
  // Patterns may have taken the first slash off. Messages quote odd characters in their own ways.
  const clean = (output: string) => output.replaceAll(root, '/<store>').replaceAll(root.slice(1), '<store>');
  return { status, stdout: clean(stdout), isSilent: stderr === '' };
}

describe.each([
  { shell: 'bash', hasMore: true },
  { shell: 'dash', hasMore: false },
  { shell: 'ksh', hasMore: true },
  { shell: 'zsh', hasMore: true },
])('$shell', (language) => {
  test('says the same from every prefix', async () => {
    let relative = 0;
    await fc.assert(
      fc.asyncProperty(programs(language), prefixName, async (text, name) => {
        const result = await rewritten(text);
        fc.pre(result.aliases === 0);
        relative++;
        const original = outcome(store.storeDir, text);
        const prefix = join(store.work, 'prefixes', name);
        try {
          expect(outcome(join(prefix, 'store'), result.text)).toEqual(original);
        } finally {
          rmSync(prefix, { recursive: true, force: true });
        }
        expect((await rewritten(result.text)).text).toBe(result.text);
      }),
      { numRuns: 100 },
    );
    expect(relative).toBeGreaterThan(60);
  });
});
