/**
 * Measures relocated Python on the package world: starts, and imports from rewritten bytecode against those of the original, of
 * bytecode that Python made of the rewritten source, and of no bytecode at all; prints Markdown tables.
 *
 * usage: node bench/python.ts      (needs root and the packages of test/requirements.apt)
 */

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { relocate } from '../src/pipeline/relocate.ts';
import { buildWorld } from '../test/world/build.ts';
import { median } from './measure.ts';

const ROUNDS = 31;
const MODULES = 200;

const work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-bench-python-')));
const original = buildWorld().python as string;
const moved = join(work, 'moved');
const relocated = join(moved, 'store', basename(original));

function run(python: string, args: readonly string[]): string {
  const result = spawnSync(join(python, 'bin/python3.11'), ['-I', '-B', ...args], { encoding: 'utf8', cwd: work });
  if (result.status !== 0) throw new Error(result.stderr);
  return result.stdout;
}

type Subject = readonly [name: string, measure: () => number];

/** Microseconds of processor time, which other work on the machine hardly changes; ratios to the first subject. */
function compare(title: string, subjects: readonly Subject[]): void {
  const times = new Map<string, number[]>(subjects.map(([name]) => [name, []]));
  for (let round = -2; round < ROUNDS; round++) {
    for (const [name, measure] of subjects) {
      const spent = measure();
      if (round >= 0) times.get(name)?.push(spent);
    }
  }
  const first = times.get(subjects[0]?.[0] as string) as number[];
  process.stdout.write(`\n## ${title}\n\n| | median | ratio | ratio of the quickest |\n| --- | --- | --- | --- |\n`);
  for (const [name, all] of times) {
    const ratio = (median(all) / median(first)).toFixed(2);
    const quickest = (Math.min(...all) / Math.min(...first)).toFixed(2);
    process.stdout.write(`| ${name} | ${median(all).toFixed(0)} µs | ${ratio} | ${quickest} |\n`);
  }
}

/** Processor time of a whole run, the loader's part included. */
const start = (python: string, code: string) => () =>
  Number(run(python, ['-c', `${code}; import time; print(time.process_time() * 1e6)`]));

/** Processor time of imports. */
const imports = (python: string, statements: string, path?: string) => () =>
  Number(
    run(python, [
      '-c',
      `import sys, time, importlib; ${path === undefined ? '' : `sys.path.insert(0, ${JSON.stringify(path)}); `}` +
        `t = time.process_time(); ${statements}; print((time.process_time() - t) * 1e6)`,
    ]),
  );

/** Modules as programs have them: some code, and a few paths. */
async function benchModules(): Promise<void> {
  const store = join(work, 'nix/store');
  const object = join(store, '0123456789abcdfghijklmnpqrsvwxyz-modules');
  const dep = join(store, 'zyxwvsrqpnmlkjihgfdcba9876543210-dep');
  mkdirSync(join(object, 'lib'), { recursive: true });
  mkdirSync(dep);
  const functions = Array.from(
    { length: 30 },
    (_, i) =>
      `def f${i}(a, b=${i}):\n    if a > b:\n        return [x for x in range(a)]\n    return {"k": a, "v": b}\n`,
  );
  for (let i = 0; i < MODULES; i++) {
    const text = `"""Module."""\nimport os\nA = "${dep}/share/${i}"\nB = ["${dep}/bin", "${dep}/lib:${dep}/lib64"]\n${functions.join('')}def data(name="${dep}/etc"): return os.path.join("${dep}", name)\n`;
    writeFileSync(join(object, 'lib', `m${i}.py`), text);
  }
  run(original, ['-m', 'compileall', '-q', '--invalidation-mode', 'checked-hash', join(object, 'lib')]);
  const to = join(work, 'modules');
  await relocate({ paths: [object, dep], to, storeDir: store });
  const rewritten = join(to, 'store', basename(object), 'lib');
  const compiled = join(work, 'compiled/store', basename(object), 'lib');
  const bare = join(work, 'bare/store', basename(object), 'lib');
  for (const copy of [compiled, bare]) {
    cpSync(rewritten, copy, { recursive: true });
    rmSync(join(copy, '__pycache__'), { recursive: true });
  }
  run(original, ['-m', 'compileall', '-q', '--invalidation-mode', 'checked-hash', compiled]);
  const all = `[importlib.import_module("m%d" % i) for i in range(${MODULES})]`;
  compare(`${MODULES} modules with six paths each`, [
    ['original', imports(original, all, join(object, 'lib'))],
    ['rewritten bytecode', imports(original, all, rewritten)],
    ['compiled from the rewritten source', imports(original, all, compiled)],
    ['no bytecode', imports(original, all, bare)],
  ]);
}

try {
  await relocate({ paths: [original], to: moved });
  const many =
    'import argparse, asyncio, email, http.server, json, logging, sqlite3, unittest, urllib.request, zipfile';
  for (const [title, code] of [
    ['Start', 'pass'],
    ['Start of a program with many modules', many],
    ['Start of a program that reads sysconfig', 'import sysconfig; sysconfig.get_config_vars()'],
  ] as const) {
    compare(title, [
      ['original', start(original, code)],
      ['relocated', start(relocated, code)],
    ]);
  }
  const data = 'importlib.import_module("_sysconfigdata__linux_x86_64-linux-gnu")';
  compare('Import of _sysconfigdata', [
    ['original', imports(original, data)],
    ['relocated', imports(relocated, data)],
  ]);
  await benchModules();
} finally {
  rmSync(work, { recursive: true, force: true });
}
