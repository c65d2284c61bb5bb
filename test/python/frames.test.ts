/** What programs see of how a module is run: tracebacks, warnings, frames and the source of functions. */

import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { OWN } from '../rewriting.ts';
import { interpreters } from './interpreters.ts';
import { packageStore } from './package-store.ts';

const stores: { remove(): void }[] = [];
afterAll(() => {
  for (const store of stores) store.remove();
});

const observer = `
import contextlib, inspect, io, os, py_compile, sys, traceback, warnings
root, mode = sys.argv[1:3]
sys.path.insert(0, os.path.join(root, "${OWN}", "lib"))
if mode == "compile":
    for name in ("fails", "warns", "works"):
        path = os.path.join(sys.path[0], name + ".py")
        py_compile.compile(path, invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH)
if mode == "source":
    # Without bytecode: importlib looks for it under another tag.
    sys.implementation.cache_tag = "none-1"
def show(text): print(text.replace(root, "<S>"))
try: import fails
except ValueError:
    for frame in traceback.extract_tb(sys.exc_info()[2])[1:]:
        show(frame.filename + " " + frame.name + " " + str("raise" in frame.line) + " " + str("f()" == frame.line))
    show(traceback.format_exc().splitlines()[-1])
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    import warns
show(repr([(w.filename.endswith("observer.py"), str(w.message)) for w in caught]))
import works
show(inspect.getsource(works.f).replace(works.A, ""))
try: works.f()
except KeyError as error: show(repr([frame.name for frame in traceback.extract_tb(error.__traceback__)]))
show(works.f.__code__.co_filename + " " + works.CALLER)
`;

describe.each(interpreters)('$name', (interpreter) => {
  test('shows the same of modules from bytecode as of those from sources', async () => {
    const store = packageStore();
    stores.push(store);
    const D = store.dep;
    store.put('lib/fails.py', `def g(): raise ValueError("x")\ndef f(x="${D}/a"):\n    g()\nf()\n`);
    store.put(
      'lib/warns.py',
      `import warnings\nA = "${D}/a"\nwarnings.warn("old", DeprecationWarning, stacklevel=2)\n`,
    );
    store.put(
      'lib/works.py',
      `import sys\nA = "${D}/a"\nCALLER = sys._getframe(1).f_code.co_filename.partition(".")[0]\ndef f():\n    raise KeyError(A)\n`,
    );
    store.put('../observer.py', observer);
    const script = join(store.store, 'observer.py');
    const observe = (root: string, mode: string) => interpreter.run(store.work, script, [root, mode]);
    const original = observe(store.store, 'compile');
    expect(original).toContain("[(True, 'old')]");
    expect(original).toContain('ValueError: x');
    const { stores: places } = await store.relocated(['moved']);
    expect(observe(places[0] as string, 'bytecode')).toBe(original);
    expect(observe(places[0] as string, 'source')).toBe(original);
  });
});
