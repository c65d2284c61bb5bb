/** Interpreters of Python: the machine's own, CPython as WebAssembly in several versions, and whatever else is installed. */

import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { must, run } from '../toy-store.ts';

export interface Interpreter {
  /** Where it comes from, and its version: `debian 3.11`. */
  readonly name: string;
  /** `3.11` */
  readonly version: string;
  /** Whether every machine that runs the tests has the very same one. */
  readonly isPinned: boolean;
  /** Runs a script that only needs files below `directory`; gives its output. Nothing is written as bytecode. */
  run(directory: string, script: string, args?: readonly string[]): string;
}

function program(source: string, path: string, version: string): Interpreter {
  return {
    name: `${source} ${version}`,
    version,
    isPinned: false,
    run: (directory, script, args = []) => must(path, ['-I', '-B', script, ...args], { cwd: directory }),
  };
}

function webAssembly(version: string): Interpreter {
  const runner = fileURLToPath(new URL('pyodide.mjs', import.meta.url));
  return {
    name: `pyodide ${version}`,
    version,
    isPinned: true,
    run: (directory, script, args = []) =>
      must(process.execPath, [runner, `pyodide-${version}`, directory, script, ...args]),
  };
}

/** Versions of a version manager, where there are some. */
function installed(): Interpreter[] {
  const root = `${process.env.PYENV_ROOT ?? `${homedir()}/.pyenv`}/versions`;
  if (!existsSync(root)) return [];
  return readdirSync(root).flatMap((name) => {
    const version = /^(3\.(?:8|9|10|11|12|13|14))\./.exec(name)?.[1];
    return version === undefined ? [] : [program('pyenv', `${root}/${name}/bin/python3`, version)];
  });
}

const ownVersion = run('/usr/bin/python3', ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']).stdout.trim();

export const debian: Interpreter = program('debian', '/usr/bin/python3', ownVersion);

/** Those that every machine has, and others. */
export const interpreters: readonly Interpreter[] = [
  debian,
  ...['3.12', '3.13', '3.14'].map(webAssembly),
  ...installed(),
];

process.stdout.write(`python: tested with ${interpreters.map(({ name }) => name).join(', ')}\n`);
