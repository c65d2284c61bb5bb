/** Python evaluated by python3: the original with its store in place, and what was made of it elsewhere; and real files. */

import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { aliasFor } from '../../src/pipeline/alias.ts';
import { removeTree } from '../../src/pipeline/staging.ts';
import { filesBelow, readReal } from '../real-files.ts';
import { DIGESTS, ODD_PREFIXES, OWN, type Rewritten, rewrite, tally } from '../rewriting.ts';
import { must } from '../toy-store.ts';
import { commandsOf, contextsOf } from './contexts.ts';

const work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-python-')));
const store = join(work, 'nix/store');
const D = `${store}/${DIGESTS[1]}-dep`;
afterAll(() => removeTree(work));

function put(root: string, file: string, contents: Buffer | string): string {
  const path = join(root, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof contents === 'string' ? Buffer.from(contents, 'latin1') : contents);
  return path;
}

/** Runs each file as a module of its own and shows its variable RESULT, the store's place taken out. */
const runner = join(work, 'runner.py');
writeFileSync(
  runner,
  `
import os, runpy, sys
sys.dont_write_bytecode = True
root = sys.argv[1]
def plain(value):
    if isinstance(value, bytes): return b"bytes " + value.replace(os.fsencode(root), b"<S>")
    if isinstance(value, str): return value.replace(root, "<S>").encode("utf-8", "surrogateescape")
    if isinstance(value, (list, tuple)): return b"[" + b",".join(plain(v) for v in value) + b"]"
    if isinstance(value, dict): return plain(list(value.items()))
    return repr(value).replace(root, "<S>").encode()
for name in sys.argv[2:]:
    result = runpy.run_path(os.path.join(root, "${OWN}", name)).get("RESULT")
    sys.stdout.buffer.write(name.encode() + b" " + plain(result) + b"\\n")
`,
);
const evaluate = (root: string, names: readonly string[]) => must('python3', [runner, root, ...names], { cwd: work });

async function compare(
  files: Readonly<Record<string, string>>,
  prefixes: readonly string[] = ODD_PREFIXES,
): Promise<Rewritten[]> {
  const names = Object.keys(files);
  for (const name of names) put(store, `${OWN}/${name}`, files[name] as string);
  const original = evaluate(store, names);
  const rewritten: Rewritten[] = [];
  for (const name of names) rewritten.push(await rewrite(name, files[name] as string, store));
  for (const prefix of prefixes) {
    const root = join(work, 'moved', prefix, 'store');
    for (const [i, name] of names.entries()) put(root, `${OWN}/${name}`, (rewritten[i] as Rewritten).bytes);
    // Where no expression fits, the alias stands: the same path for programs that have it.
    expect(evaluate(root, names).replaceAll(aliasFor(store), '<S>')).toEqual(original);
  }
  return rewritten;
}

const contexts = { ...contextsOf(D), ...commandsOf(D) };

describe('every context', () => {
  test('gives the same under odd prefixes', async () => {
    const names = Object.keys(contexts);
    const files = Object.fromEntries(
      names.map((name, i) => [`lib/c${i}_${name.replace(/\W+/g, '_')}.py`, `${contexts[name]}\n`]),
    );
    const rewritten = await compare(files);
    const counts = tally(rewritten.flatMap(({ sites }) => sites));
    // All but the pattern of match, types' literals and code in a string.
    expect(counts['python/string alias'] ?? 0).toBeLessThanOrEqual(4);
    expect(counts['python/string relative']).toBeGreaterThan(60);
  });

  test('line numbers stay, unless the first statement is compound', async () => {
    const source = `import sys\n\ndef f():\n    raise ValueError("${D}")\n`;
    const { bytes } = await rewrite('lib/lines.py', source, store);
    expect(bytes.toString('latin1').split('\n').length).toBe(source.split('\n').length);
  });

  test('modules are found through links, and code without a file has the alias', async () => {
    const source = `import os\nRESULT = os.path.exists("${D}/there")\n`;
    const { bytes } = await rewrite('lib/linked.py', source, store);
    const root = join(work, 'linked', 'store');
    put(root, `${DIGESTS[1]}-dep/there`, '');
    const path = put(root, `${OWN}/lib/linked.py`, bytes);
    const link = join(work, 'linked', 'other.py');
    symlinkSync(path, link);
    expect(must('python3', ['-c', `import runpy; print(runpy.run_path(${JSON.stringify(link)})["RESULT"])`])).toContain(
      'True',
    );
    const executed = must('python3', ['-c', 'import sys; exec(sys.stdin.read()); print(RESULT)'], {
      input: bytes.toString('latin1'),
    });
    expect(executed).toContain('False');
  });
});

describe('generated modules', () => {
  const piece = fc.constantFrom('a', ' ', '%', '{', '}', '\\n', "\\'", '\\\\', '#', '$', '\\x41');
  const body = fc.array(fc.oneof(piece, fc.constant(`${D}/x`)), { maxLength: 6 }).map((parts) => parts.join(''));
  const literal = fc
    .record({
      prefix: fc.constantFrom('', 'r', 'b', 'rb', 'u', 'R', 'Br'),
      quote: fc.constantFrom("'", '"', "'''", '"""'),
      body,
    })
    .filter(({ prefix, body: text, quote }) => !(/r/i.test(prefix) && (text.endsWith('\\') || text.includes(quote))))
    .map(({ prefix, quote, body: text }) => `${prefix}${quote}${text}${quote}`);
  const value = fc.oneof(
    literal,
    literal.map((text) => `[${text}, {${text}: 1}]`),
    literal.map((text) => `(lambda x=${text}: x)()`),
    literal.map((text) => `len(${text}) > 0`),
  );

  test('evaluate to the same under an odd prefix', async () => {
    const programs = fc.sample(value, { numRuns: 400, seed: 7 });
    const files = Object.fromEntries(programs.map((text, i) => [`lib/g${i}.py`, `import sys\nRESULT = ${text}\n`]));
    await compare(files, [ODD_PREFIXES[2], ODD_PREFIXES[3]]);
  });
});

/** Paths of the file system hierarchy become store paths; in each file, so does the beginning of every third string. */
function plantPython(text: string): string {
  let count = 0;
  return text
    .replace(/(?<![\w./-])\/(?:usr|etc|bin|sbin|lib|var|opt|dev|tmp|proc)(?=[/"'\s])/g, D)
    .replace(/(?<=[\s(,[=])(["'])([A-Za-z][\w./-]{2,})\1/g, (whole, quote, word) =>
      count++ % 3 === 0 ? `${quote}${D}/${word}${quote}` : whole,
    );
}

describe('the standard library and packages of Debian', () => {
  test('with paths planted, every file still compiles, and the laws hold', async () => {
    const files = [
      ...['/usr/lib/python3', '/usr/lib/python3.11', '/usr/share', '/usr/lib/llvm-14', '/usr/lib/x86_64-linux-gnu'],
      ...['/usr/lib/node_modules', '/usr/lib/ruby', '/usr/lib/systemd', '/usr/lib/cups', '/usr/lib/git-core'],
    ].flatMap((path) => filesBelow(path, /\.py$/));
    const counts: Record<string, number> = {};
    const compiled: string[] = [];
    let number = 0;
    for (const path of files) {
      const { text } = readReal(path);
      const planted = plantPython(text);
      if (planted === text) continue;
      const { bytes, sites } = await rewrite(`lib/f${number}.py`, planted, store);
      tally(sites, counts);
      compiled.push(put(join(work, 'real'), `f${number}.py`, bytes));
      put(join(work, 'real'), `f${number++}.py.planted`, planted);
    }
    process.stdout.write(`python: ${number} of ${files.length} files hold paths: ${JSON.stringify(counts)}\n`);
    expect(number).toBeGreaterThan(300);
    const check = `
import sys, tokenize, warnings
warnings.simplefilter("ignore")
def problem(path):
    with open(path, "rb") as file: source = file.read()
    try: compile(source, path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error: return f"{path}: {error}"
# Some packages carry files of Python 2.
good = [path for path in sys.stdin.read().split("\\n") if problem(path + ".planted") is None]
print(len(good), *filter(None, map(problem, good)), sep="\\n")
`;
    const [good, ...bad] = must('python3', ['-c', check], { input: compiled.join('\n') })
      .trim()
      .split('\n');
    expect(bad).toEqual([]);
    expect(Number(good)).toBeGreaterThan(0.99 * number);
  });
});
