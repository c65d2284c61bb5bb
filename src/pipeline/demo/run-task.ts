/** Running one program of a demonstration, and comparing two runs. */

import { spawnSync } from 'node:child_process';
import type { DemoRun } from './report.ts';
import type { DemoTask } from './subject.ts';

export interface TaskResult {
  readonly status: string;
  readonly stdout: string;
  readonly stderr: string;
}

const TIMEOUT_MS = 60_000;
/** Nothing of the user's own environment, which may change what programs print. */
const ENVIRONMENT = { LC_ALL: 'C', PATH: '/usr/bin:/bin', HOME: '/' };

/** Where the store directory is at the moment, and what has to stand before a command line. */
export interface Place {
  readonly store: string;
  readonly wrap: readonly string[];
}

function spawn(task: DemoTask, place: Place, extra: Readonly<Record<string, string>>): TaskResult {
  const object = `${place.store}/${task.object}`;
  const own = Object.entries(task.environment ?? {}).map(([name, value]) => [
    name,
    value.replaceAll('{object}', object),
  ]);
  const [command, ...args] = [...place.wrap, `${object}/${task.file}`, ...task.args] as [string, ...string[]];
  const result = spawnSync(command, args, {
    cwd: '/',
    encoding: 'latin1',
    env: { ...ENVIRONMENT, ...Object.fromEntries(own), ...extra },
    input: task.input ?? '',
    timeout: TIMEOUT_MS,
  });
  const status =
    result.error?.message ?? (result.signal === null ? `exit ${result.status}` : `signal ${result.signal}`);
  return { status, stdout: result.stdout ?? '', stderr: result.stderr ?? '' };
}

/** Runs a task from the store at `place`. */
export function runTask(task: DemoTask, place: Place): TaskResult {
  return spawn(task, place, {});
}

/** Paths of libraries outside the place, by the loader's own account (ld.so(8)). */
function librariesOutside(task: DemoTask, place: Place): string[] {
  const store = Buffer.from(place.store).toString('latin1');
  const { stdout } = spawn(task, place, { LD_TRACE_LOADED_OBJECTS: '1' });
  const paths = stdout.split('\n').flatMap((line) => /(?:=> |^\t)(\/.*) \(0x/.exec(line)?.[1] ?? []);
  return paths.filter((path) => !path.startsWith(`${store}/`));
}

/** A run under a prefix, against the original's. Both outputs are compared after the new store was put for the old one. */
export function compareRun(task: DemoTask, place: Place, original: TaskResult, storeDir: string): DemoRun {
  const now = runTask(task, place);
  const store = Buffer.from(place.store).toString('latin1');
  const same = (key: keyof TaskResult) => now[key].replaceAll(store, storeDir) === original[key];
  const differing = (['status', 'stdout', 'stderr'] as const).find((key) => !same(key));
  return {
    program: task.name,
    sameOutput: differing === undefined,
    librariesOutside: task.isElf ? librariesOutside(task, place) : [],
    difference:
      differing === undefined
        ? ''
        : `${differing} was ${JSON.stringify(original[differing].slice(0, 300))}, is ${JSON.stringify(now[differing].slice(0, 300))}`,
  };
}
