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

const contexts: Readonly<Record<string, string>> = {
  plain: `RESULT = "${D}/a"`,
  single: `RESULT = '${D}/a'`,
  inside: `RESULT = "A=${D}/a:${D}/b:rest"`,
  raw: `RESULT = r"\\d${D}/a\\n"`,
  triple: `RESULT = """line\n${D}/a "quoted" \n"""`,
  'triple single': `RESULT = '''x${D}/a'''`,
  bytes: `RESULT = b"x${D}/a"`,
  'raw bytes': `RESULT = rb"\\d${D}/a"`,
  'f-string': `x = 1\nRESULT = f"{x}${D}/a{x!r}{{}}"`,
  'nested f-string': `RESULT = f"{'${D}/a'}/b{f'${D}/c'}"`,
  'raw f-string': `RESULT = rf"\\d${D}/a"`,
  implicit: `RESULT = "a:" "${D}/a" ":b" f"{1}${D}/c" "${D}/d"`,
  'implicit on lines': `RESULT = ("a:"\n  "${D}/a" # ${D}\n  ":b")`,
  percent: `RESULT = "${D}/%s/%%/%d" % ("x", 1)`,
  'percent in parentheses': `RESULT = ("${D}/%s" ":%s") % ("x", "y")`,
  format: `RESULT = "${D}/{}/{{}}/{a}".format("x", a=1)`,
  'format map': `RESULT = "${D}/{a}".format_map({"a": 1})`,
  'dict key': `RESULT = {"${D}/a": 1, "b": "${D}/b"}`,
  'default argument': `def f(x="${D}/a", *, y='${D}/b'): return x + y\nRESULT = f()`,
  lambda: `RESULT = (lambda x="${D}/a": x)()`,
  decorator: `def d(p):\n    return lambda f: (lambda: p + f())\n@d("${D}/a")\ndef f(): return "${D}/b"\nRESULT = f()`,
  'class body': `class C:\n    __slots__ = ()\n    __doc__ = "x"\n    path = "${D}/a"\n    def m(self): return self.path + "${D}/b"\nRESULT = C().m()`,
  'mangled names': `class C:\n    def __m(self): return "${D}/a"\n    def n(self): return self.__m()\nRESULT = C().n()`,
  comprehension: `RESULT = [p + "${D}/x" for p in ("${D}/a", "b")]`,
  conditional: `RESULT = "${D}/a" if "${D}" else "b"`,
  comparison: `RESULT = "${D}/a" == "${D}" "/a", "${D}/a" in ["${D}/a"], not "${D}"`,
  precedence: `RESULT = "${D}/a" * 2, "x" + "${D}/a" [0:], "${D}/ab".upper()[-1]`,
  slice: `RESULT = "${D}/a"[-2:]`,
  docstring: `"""Of ${D}."""\nRESULT = "${D}/a", __doc__ is not None`,
  future: `"""Doc."""\nfrom __future__ import annotations\nfrom __future__ import (division,\n  generators)\nx: "${D}/a" = 1\nRESULT = "${D}/a"`,
  cookie: `# -*- coding: latin-1 -*-\nRESULT = "\xe4${D}/a"`,
  'compound first': `if True:\n    RESULT = "${D}/a"`,
  'decorated first': `@(lambda f: f)\ndef f(): return "${D}/a"\nRESULT = f()`,
  'semicolons first': `import sys;import os;x = 1;RESULT = "${D}/a"`,
  'comment first': `# ${D}\n\n# more\nRESULT = "${D}/a"`,
  match: `def f(x):\n    match x:\n        case "${D}/a": return 1\n        case _: return 2\nRESULT = f("nothing")`,
  pattern: `import re\nRESULT = bool(re.compile(r"^${D}/(\\w+)$").match("${D}/abc")), re.sub("${D}/x", "-", "${D}/xy")`,
  'pattern by keyword': `import re\nRESULT = re.split(pattern="${D}", string="a${D}b"), re.findall(string="x${D}", pattern="${D}")`,
  'replacement of a pattern': `import re\nRESULT = re.sub("x", r"<\\g<0>>${D}/a", "axb"), re.subn(repl="${D}", pattern="x", string="x")`,
  'template of string': `import string\nRESULT = string.Template("${D}/$x/$$").substitute(x=1)`,
  'format of a class': `RESULT = str.format("${D}/{}", 1)`,
  commands: `import os, subprocess\nRESULT = os.popen("printf %s ${D}/a").read(), subprocess.getoutput("printf '%s' '${D}/a' \\"${D}/b\\""), os.system("test x = ${D}")`,
  'commands in parts': `import subprocess\nRESULT = subprocess.getoutput("printf '%%s|' ${D}/%s" % "a"), subprocess.getoutput(f"printf %s {1}${D}/a"), subprocess.run("printf %s " + "${D}/b", shell=True, stdout=subprocess.PIPE).stdout`,
  'no command of a shell': `import subprocess\nRESULT = subprocess.run(["printf", "%s", "${D}/a b"], stdout=subprocess.PIPE).stdout`,
  'code in a string': `RESULT = len(eval("'${D}'"))`,
  'quotes before, of three': `RESULT = """a "${D}" ""${D}\\"${D} """, ''''${D}''${D}''', rb""""${D}"""`,
  'escape before': `RESULT = "\\x41${D}/a\\t"`,
  'backslash before': `RESULT = "\\\\\\n${D}/a"`,
  'format specification': `RESULT = f"{1:>5}${D}/a{'x':>{3}}"`,
  walrus: `RESULT = [(p := "${D}/a"), p]`,
  global: `def f():\n    global RESULT\n    RESULT = "${D}/a"\nf()`,
  'del and try': `try:\n    RESULT = "${D}/a"\nfinally:\n    x = 1\n    del x`,
  'percent of bytes': `RESULT = b"${D}/%d" % 1`,
  'no newline': `RESULT = "${D}/a"`,
  'carriage returns': `x = 1\r\nRESULT = "${D}/a"\r\n`,
  'byte order mark': `\xef\xbb\xbfRESULT = "${D}/a"`,
  type: `from typing import Literal\nx: Literal["${D}/a"] = 1\nRESULT = "${D}/b"`,
};

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
