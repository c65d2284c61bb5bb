/**
 * A result that is whole or not there at all: it is made in a directory beside the target and renamed at the end. Runs
 * that end early, by error or by signal, take their half-made directory with them; what a killed run (SIGKILL, power)
 * leaves behind has a name of its own and is removed by the next run for the same target.
 */

import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path/posix';
import { UserError } from './user-error.ts';

export interface Staging {
  /** Where to write. */
  readonly path: string;
  /** Moves the result to the target. */
  commit(): void;
  /** Removes everything that was written. */
  abandon(): void;
}

const PARTIAL = '.unmoor-partial-';
/** How often a removal is begun again. */
const REMOVALS = 100;

/** Removes a tree whose directories may be read-only. */
export function removeTree(path: string): void {
  const open = (directory: Buffer) => {
    chmodSync(directory, 0o700);
    for (const entry of readdirSync(directory, { withFileTypes: true, encoding: 'buffer' })) {
      if (entry.isDirectory()) open(Buffer.concat([directory, Buffer.from('/'), entry.name]));
    }
  };
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (stat.isDirectory() && process.getuid?.() !== 0) open(Buffer.from(path));
  for (let attempt = 0; ; attempt++) {
    try {
      rmSync(path, { recursive: true, force: true });
      return;
    } catch (error) {
      // A worker thread may still be writing into it; it fails as soon as its directory is gone.
      if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY' || attempt === REMOVALS) throw error;
    }
  }
}

/** Whether the process with this id is gone. */
function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function removeLeftovers(parent: string, name: string): void {
  for (const entry of readdirSync(parent)) {
    if (!entry.startsWith(`.${name}${PARTIAL}`)) continue;
    const pid = Number(entry.slice(name.length + 1 + PARTIAL.length));
    if (Number.isInteger(pid) && pid > 0 && isGone(pid)) removeTree(`${parent}/${entry}`);
  }
}

/**
 * Starts a result for `target`, which must not exist or be an empty directory.
 *
 * @throws {UserError} when the target exists, or its parent is no directory.
 */
export function stage(target: string): Staging {
  const full = resolve(target);
  const stat = lstatSync(full, { throwIfNoEntry: false });
  if (stat !== undefined && !(stat.isDirectory() && readdirSync(full).length === 0)) {
    throw new UserError(`'${target}' exists already`, {
      hint: 'name a new directory, or remove this one first; nothing was written',
    });
  }
  const parent = dirname(full);
  if (!existsSync(parent)) mkdirSync(parent, { recursive: true });
  removeLeftovers(parent, basename(full));
  const path = `${parent}/.${basename(full)}${PARTIAL}${process.pid}`;
  const onSignal = (signal: NodeJS.Signals) => {
    removeTree(path);
    process.kill(process.pid, signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.once(signal, onSignal);
  const release = () => {
    for (const signal of signals) process.removeListener(signal, onSignal);
  };
  // Only now: a signal that comes between would leave the directory behind.
  try {
    mkdirSync(path, { mode: 0o755 });
  } catch (error) {
    release();
    throw error;
  }
  return {
    path,
    commit() {
      renameSync(path, full);
      release();
    },
    abandon() {
      removeTree(path);
      release();
    },
  };
}
