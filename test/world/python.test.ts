/** The world's Python, relocated: it takes its whole library from bytecode, compiles nothing that it did not compile before, and writes nothing. */

import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { audit } from '../../src/pipeline/audit.ts';
import { relocate } from '../../src/pipeline/relocate.ts';
import { removeTree } from '../../src/pipeline/staging.ts';
import { byteString } from '../../src/store/closure.ts';
import { narHashOfTree } from '../../src/store/nar.ts';
import { runProgram } from './run.ts';

const world = inject('world');
const original = world.python as string;
const work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-world-python-')));
const to = join(work, 'it is 100% here');
const relocated = join(to, 'store', basename(original));
afterAll(() => removeTree(work));
beforeAll(async () => {
  const report = await relocate({ paths: [original], to });
  expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
});

/** Imports what there is, but for modules whose import is a program of its own. */
const importAll = `
import importlib, os, pkgutil, sys, sysconfig, warnings
warnings.simplefilter("ignore")
left_out = ("antigravity", "this", "idlelib", "turtle", "lib2to3.pgen2", "__main__", "pip")
library = os.path.dirname(os.__file__)
count = 0
for module in sorted(m.name for m in pkgutil.walk_packages([library], onerror=lambda name: None)):
    if any(part in left_out for part in (module, *module.split("."))): continue
    try: importlib.import_module(module)
    except ImportError: pass
    else: count += 1
print(count, len(sysconfig.get_config_vars()), sysconfig.get_config_var("CONFIG_ARGS"), sysconfig.get_config_var("LIBDIR"))
`;

interface Start {
  readonly stdout: string;
  /** Modules that were compiled, since their bytecode was not of their source. */
  readonly compiled: readonly string[];
  readonly used: number;
}

function start(python: string, args: readonly string[], env: Readonly<Record<string, string>>, masked: boolean): Start {
  const program = join(python, 'bin/python3.11');
  const { status, stdout, stderr } = runProgram(program, { args: ['-I', '-v', ...args], env, masked });
  expect(status, stderr.slice(-2000)).toBe(0);
  const origins = [...stderr.matchAll(/^# code object from '?(.*?)'?$/gm)].map(([, path]) => path as string);
  const module = (path: string) =>
    path
      .slice(`${python}/lib/python3.11/`.length, -'.py'.length)
      .replace(/\/__init__$/, '')
      .replaceAll('/', '.');
  return {
    stdout: stdout.replaceAll(python, '<python>'),
    compiled: origins
      .filter((path) => path.endsWith('.py'))
      .map(module)
      .sort(),
    used: origins.filter((path) => path.startsWith(python) && path.endsWith('.pyc')).length,
  };
}

describe.each(['', '-O', '-OO'])('python %s', (option) => {
  const options = option === '' ? [] : [option];

  test('takes everything from bytecode, and writes nothing though it might', () => {
    const code = ['-c', importAll];
    const before = start(original, [...options, '-B', ...code], {}, false);
    const hash = narHashOfTree(byteString(relocated));
    const after = start(relocated, [...options, ...code], { PYTHONDONTWRITEBYTECODE: '' }, true);
    expect(after.stdout).toBe(before.stdout);
    expect(after.compiled).toEqual([]);
    expect(narHashOfTree(byteString(relocated))).toBe(hash);
    // In the store, modules whose first line was replaced by patchShebangs are compiled at each start.
    expect(after.used).toBe(before.used + before.compiled.length);
    process.stdout.write(
      `world: python ${option} took ${after.used} modules from bytecode, ${before.compiled.length} of which were stale in the store\n`,
    );
    expect(after.used).toBeGreaterThan(400);
  });
});

test('its bytecode holds no absolute path but those of docstrings', async () => {
  const { objects } = await audit({ paths: [relocated], closure: false });
  const left = objects.flatMap(({ sites }) => sites.filter(({ file }) => file.endsWith('.pyc')));
  expect(left.filter(({ role }) => role !== 'documentation' && role !== 'dead')).toEqual([]);
});
