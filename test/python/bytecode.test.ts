/** Bytecode of real interpreters: relocated modules give the same from their bytecode as from their sources, and as before. */

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflateRawSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { aliasFor } from '../../src/pipeline/alias.ts';
import { starts } from '../../src/transforms/python-bytecode/starts.ts';
import { ODD_PREFIXES, OWN } from '../rewriting.ts';
import { commandsOf, contextsOf } from './contexts.ts';
import { debian, type Interpreter, interpreters } from './interpreters.ts';
import { packageStore } from './package-store.ts';

const beside = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const stores: { remove(): void }[] = [];
afterAll(() => {
  for (const store of stores) store.remove();
});
const newStore = () => {
  const store = packageStore();
  stores.push(store);
  return store;
};

/** Code that only shows in bytecode, or is made into other constants than the literals of the source. */
const compiled = (D: string): Readonly<Record<string, string>> => ({
  'frozen set': `def f(x): return x in {"${D}/a", "b", 1}\nRESULT = f("${D}/a"), f("b"), f("c")`,
  'frozen set of tuples': `def f(x): return x in {("${D}/a", 1), ("b", 2)}\nRESULT = f(("${D}/a", 1)), f(("b", 1))`,
  'nested tuples': `RESULT = ("a", ("${D}/a", b"${D}/b", ("${D}/c",), 1), "${D}/d")`,
  'deep functions': `def f():\n    def g():\n        class C:\n            def h(self, x="${D}/a"):\n                return [y + x for y in ("${D}/b", "c")]\n        return C().h()\n    return g()\nRESULT = f()`,
  folded: `RESULT = "${D}" "/a" + "/b", "${D}/c" * 2, ("${D}/%s" % "d"), "x${D}/e"[1:]`,
  'percent with values': `x = 1\nRESULT = "${D}/%s/%d%%" % (x, x), "%s${D}/a" % x, "${D}/%(x)s" % {"x": x}`,
  'percent in one place and text in another': `RESULT = "${D}/%s" % 1, len("${D}/%s") > 3`,
  keys: `RESULT = {"${D}/a": 1, "${D}/b": 2, "c": "${D}/d"}, dict(**{"${D}/e": 1})`,
  'the same in many places': `A = "${D}/a"\ndef f(x="${D}/a"): return x, "${D}/a", ("${D}/a",)\nclass C:\n    a = "${D}/a"\nRESULT = A, f(), C.a`,
  docstrings: `"""${D}/doc"""\ndef f():\n    "${D}/doc"\n    return "${D}/doc"\nclass C:\n    "${D}/doc"\nRESULT = f()`,
  names: `import os.path\ndef compile(x): return x\nRESULT = compile("${D}/a"), os.path.join("${D}", "b")`,
  patterns: `import re\ndef f(x): return bool(re.match("${D}/x[.]y$", x)), bool(re.search(pattern="${D}", string=x))\nRESULT = f("${D}/x.y")[0]`,
  'not ASCII': `# coding: utf-8\nRESULT = "\xc3\xa4${D}/\xe6\x9d\xb1", b"\\xff${D}/a", "\\u6771${D}\\U0001f600"`,
  surrogates: `RESULT = "\\udc80${D}/a".encode("utf-8", "surrogatepass")`,
  long: `RESULT = "${'x'.repeat(300)}${D}/${'y'.repeat(300)}"`,
  many: `RESULT = [${Array.from({ length: 600 }, (_, i) => `"${D}/${i}"`).join(', ')}]`,
  formatted: `a, b = 1, "b"\nRESULT = f"{a}${D}/{b!r:>5}${D}/{{x}}", f"${D}/{f'${D}/{a}'}"`,
  generators: `def f():\n    yield "${D}/a"\n    yield from (x + "${D}/b" for x in ("${D}/c",))\nRESULT = list(f())`,
  closures: `def f(x="${D}/a"):\n    def g(): return x + "${D}/b"\n    return g\nRESULT = f()(), f().__closure__[0].cell_contents`,
  exceptions: `def f():\n    try: raise ValueError("${D}/a")\n    except ValueError as e: return str(e)\n    finally: x = "${D}/b"\nRESULT = f()`,
  'code of functions': `def f(): return "${D}/a"\nRESULT = "${D}/a" in (f(), *f.__code__.co_consts), __file__ == f.__code__.co_filename`,
  variables: `RESULT = sorted(k for k in globals() if not k.startswith("__") and k != "_unmoor_store")\nA = "${D}/a"`,
  slices: `class S:\n    def __getitem__(self, key): return key.start, key.stop\nRESULT = S()["${D}/a":"${D}/b"]`,
  frames: `import sys\nRESULT = sys._getframe().f_code.co_name, sys._getframe().f_globals is globals(), "${D}/a"`,
});

function modules(D: string, { isPinned }: Interpreter): Map<string, string> {
  // CPython as WebAssembly starts no programs.
  const all = Object.entries({ ...contextsOf(D), ...compiled(D), ...(isPinned ? {} : commandsOf(D)) });
  return new Map(all.map(([name, text], i) => [`c${i}_${name.replace(/\W+/g, '_')}`, `${text}\n`]));
}

describe.each(interpreters)('$name', (interpreter) => {
  test('modules give the same from their bytecode as from their source, under odd prefixes', async () => {
    const store = newStore();
    const sources = modules(store.dep, interpreter);
    for (const [name, text] of sources) store.put(`lib/${name}.py`, text);
    const script = store.script(beside('evaluate.py'));
    const evaluate = (how: 'compile' | 'run', roots: readonly string[]) => {
      const output = interpreter.run(store.work, script, [how, OWN, [...sources.keys()].join(','), ...roots]);
      return output.trimEnd().split('\n');
    };
    const original = evaluate('compile', [store.store]);
    expect(original.length).toBe(2 * sources.size);
    expect(original.filter((line) => line.endsWith('no syntax')).length).toBeLessThanOrEqual(4);
    const prefixes = interpreter === debian ? ODD_PREFIXES : [ODD_PREFIXES[2]];
    const { report, stores: places } = await store.relocated(prefixes);
    const rules = report.objects.find(({ output }) => output.endsWith(OWN))?.byRule ?? {};
    // Where no expression fits into a source, the alias stands in both: the same path for programs that have it.
    const moved = evaluate('run', places).map((line) => line.replaceAll(aliasFor(store.store), '<S>'));
    for (const i of places.keys()) {
      expect(moved.slice(i * original.length, (i + 1) * original.length)).toEqual(original);
    }
    expect(rules['python/bytecode-string']).toBeGreaterThan(300);
    expect(rules['python/bytecode-file']).toBeGreaterThan(100);
  });
});

describe('the code at the start', () => {
  const directory = fileURLToPath(new URL('../../src/transforms/python-bytecode', import.meta.url));
  const reproducible = interpreters.filter((interpreter) => interpreter.isPinned || interpreter === debian);

  test.each(reproducible)('is what $name makes of its source', ({ run, version }) => {
    const facts = JSON.parse(run(directory, join(directory, 'capture.py'), [join(directory, 'start.py')]));
    const known = inflateRawSync(Buffer.from(starts[version] as string, 'base64'));
    expect(Buffer.from(facts.start, 'latin1').equals(known)).toBe(true);
  });
});
