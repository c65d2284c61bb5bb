/** The machine's whole standard library, with a path planted into every module: relocated, it starts a Python that compiles nothing. */

import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { filesBelow } from '../real-files.ts';
import { OWN } from '../rewriting.ts';
import { must, run } from '../toy-store.ts';
import { debian } from './interpreters.ts';
import { packageStore } from './package-store.ts';

const store = packageStore();
afterAll(() => store.remove());

const name = `python${debian.version}`;
const library = join(store.own, 'lib', name);
const system = `/usr/lib/${name}`;

/** Not copied: what is no module, and what opens windows or browsers when it is imported. */
const LEFT_OUT =
  /\/(?:__pycache__|config-[^/]*|dist-packages|test|tests|idlelib|turtledemo|ensurepip|__main__\.py|antigravity\.py|this\.py)$/;

/** Behind everything else: line numbers, docstrings and future imports stay as they are. */
const planted = (D: string) => `
_planted = "${D}/a", b"${D}/b", ("${D}/c",)
def _planted_function(x="${D}/d", *, y=_planted): return x + "${D}/e", y
`;

/** Imports every module and prints what the planted code gives; standard error tells where code came from. */
const importing = `
import importlib, os, pkgutil, sys, warnings
warnings.simplefilter("ignore")
library = os.path.dirname(os.__file__)
store = library[:-len("/${OWN}/lib/${name}")]
def show(value):
    if isinstance(value, bytes): return value.replace(os.fsencode(store), b"<S>")
    if isinstance(value, tuple): return tuple(map(show, value))
    return value.replace(store, "<S>")
count = 0
for module in sorted(m.name for m in pkgutil.walk_packages([library], onerror=lambda name: None)):
    if module.startswith("lib2to3.") and "pgen2" in module: continue
    try: loaded = importlib.import_module(module)
    except Exception as error:
        print(module, type(error).__name__)
        continue
    planted = getattr(loaded, "_planted", None)
    if planted is None: continue
    count += 1
    print(module, show(planted), show(loaded._planted_function()), os.path.dirname(loaded._planted_function.__code__.co_filename).startswith(library))
print(count)
`;

function start(root: string): { readonly lines: string[]; readonly compiled: string[]; readonly used: number } {
  const env = { PATH: '/usr/bin:/bin', PYTHONHOME: join(root, OWN), LC_ALL: 'C.UTF-8' };
  const { status, stdout, stderr } = run('/usr/bin/python3', ['-s', '-B', '-v', '-c', importing], {
    env,
    cwd: store.work,
  });
  expect(status, stderr.slice(-2000)).toBe(0);
  const origins = [...stderr.matchAll(/^# code object from '?(.*?)'?$/gm)].map(([, path]) => path as string);
  return {
    lines: stdout.trimEnd().split('\n'),
    compiled: origins.filter((path) => path.endsWith('.py')),
    used: origins.filter((path) => path.endsWith('.pyc') && path.startsWith(root)).length,
  };
}

test('all modules are taken from their bytecode, and give what they gave', async () => {
  cpSync(system, library, { recursive: true, dereference: true, filter: (path) => !LEFT_OUT.test(path) });
  const sources = filesBelow(library, /\.py$/);
  const cookie = /^[ \t\f]*#.*?coding[:=][ \t]*(?!utf-?8)/m;
  for (const path of sources) {
    const text = readFileSync(path, 'latin1');
    const begin = text.split('\n').slice(0, 2).join('\n');
    if (!cookie.test(begin)) writeFileSync(path, `${text}${planted(store.dep)}`, 'latin1');
  }
  must('/usr/bin/python3', ['-m', 'compileall', '-q', '-j', '2', '--invalidation-mode', 'checked-hash', library]);
  const before = start(store.store);
  const { report, stores } = await store.relocated(['moved', 'it is 100% "odd" {here}']);
  const byRule = report.objects.find(({ output }) => output.endsWith(OWN))?.byRule ?? {};
  expect(byRule['python/bytecode-string']).toBeGreaterThan(4 * sources.length);
  for (const root of stores) {
    const after = start(root);
    expect(after.lines).toEqual(before.lines);
    expect(after.compiled).toEqual([]);
    expect(after.used).toBe(before.used);
  }
  const count = Number(before.lines.at(-1));
  process.stdout.write(`python: ${count} modules of the standard library were imported from relocated bytecode\n`);
  expect(count).toBeGreaterThan(250);
  const bytecode = (root: string) => filesBelow(root, /\.pyc$/).length;
  expect(bytecode(join(stores[0] as string, OWN))).toBe(bytecode(store.own));
});
