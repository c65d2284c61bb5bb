/** Running one program of a demonstration, and comparing two runs. */

import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { removeTree } from '../staging.ts';
import type { DemoRun } from './report.ts';
import type { DemoTask } from './subject.ts';

export interface TaskResult {
  readonly status: string;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a program behaves where it was built for. */
export interface Original extends TaskResult {
  /** Libraries that even the original takes from the host. */
  readonly librariesOutside: readonly string[];
}

const TIMEOUT_MS = 60_000;
/** Nothing of the user's own environment, which may change what programs print. */
const ENVIRONMENT = { LC_ALL: 'C', PATH: '/usr/bin:/bin', HOME: '/' };

/** Where the store directory is at the moment, and what has to stand before a command line. */
export interface Place {
  readonly store: string;
  readonly wrap: readonly string[];
  /** A directory that programs may write to; empty at each start. */
  readonly scratch: string;
}

/** @param before words between the wrap and the program */
function spawn(task: DemoTask, place: Place, before: readonly string[]): TaskResult {
  const object = `${place.store}/${task.object}`;
  const own = Object.entries(task.environment ?? {}).map(([name, value]) => [
    name,
    value.replaceAll('{object}', object),
  ]);
  const [command, ...args] = [...place.wrap, ...before, `${object}/${task.file}`, ...task.args] as [
    string,
    ...string[],
  ];
  removeTree(place.scratch);
  mkdirSync(place.scratch);
  const result = spawnSync(command, args, {
    cwd: place.scratch,
    encoding: 'latin1',
    env: { ...ENVIRONMENT, ...Object.fromEntries(own) },
    input: task.input ?? '',
    timeout: TIMEOUT_MS,
  });
  const status =
    result.error?.message ?? (result.signal === null ? `exit ${result.status}` : `signal ${result.signal}`);
  return { status, stdout: result.stdout ?? '', stderr: result.stderr ?? '' };
}

/** Paths of libraries outside the place, by the loader's own account (ld.so(8)); asked of the program alone, not of the wrap. */
function librariesOutside(task: DemoTask, place: Place): string[] {
  if (!task.isElf) return [];
  const store = Buffer.from(place.store).toString('latin1');
  const { stdout } = spawn(task, place, ['env', 'LD_TRACE_LOADED_OBJECTS=1']);
  const paths = stdout.split('\n').flatMap((line) => /(?:=> |^\t)(\/.*) \(0x/.exec(line)?.[1] ?? []);
  return paths.filter((path) => !path.startsWith(`${store}/`));
}

/** Runs a task from the store that it was built for. */
export function runOriginal(task: DemoTask, place: Place): Original {
  return { ...spawn(task, place, []), librariesOutside: librariesOutside(task, place) };
}

/** A run under a prefix, against the original's. Both outputs are compared after the new store was put for the old one. */
export function compareRun(task: DemoTask, place: Place, original: Original, storeDir: string): DemoRun {
  const now = spawn(task, place, []);
  const store = Buffer.from(place.store).toString('latin1');
  const same = (key: keyof TaskResult) => now[key].replaceAll(store, storeDir) === original[key];
  const differing = (['status', 'stdout', 'stderr'] as const).find((key) => !same(key));
  return {
    program: task.name,
    sameOutput: differing === undefined,
    librariesOutside: librariesOutside(task, place).filter((path) => !original.librariesOutside.includes(path)),
    difference:
      differing === undefined
        ? ''
        : `${differing} was ${JSON.stringify(original[differing].slice(0, 300))}, is ${JSON.stringify(now[differing].slice(0, 300))}`,
  };
}
