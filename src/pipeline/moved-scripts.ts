/** Scripts whose text moves to a file beside them, because a launcher takes their place. */

import { lstatSync, readdirSync } from 'node:fs';
import { openFileSource } from '../store/byte-source.ts';
import { fsPath, type TreeEntry } from '../store/tree.ts';
import { LONGEST_LINE } from '../syntax/shebang.ts';
import { readWrapper } from '../syntax/wrapper/read.ts';
import { besideOf, launchableShebang } from '../transforms/launcher/script.ts';
import type { ObjectContext } from './entry.ts';

/** The text of a script that moved, as an entry of the result. */
export interface MovedEntry {
  readonly kind: 'moved';
  readonly path: string;
  /** Where the script is. */
  readonly script: string;
}

const DIRECTORIES = ['bin', 'sbin'];

function isDirectory(path: Buffer): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function isLaunchable(path: Buffer, context: ObjectContext): boolean {
  const { launcher, storeDir } = context.transform;
  if (launcher === undefined) return false;
  const source = openFileSource(path);
  try {
    if (launchableShebang(source.read(0, LONGEST_LINE), storeDir, launcher) === undefined) return false;
    // A wrapper that is understood needs no bash at all.
    return !launcher.wrappers || readWrapper(source.read(0, LONGEST_LINE).toString('latin1')) === undefined;
  } finally {
    source.close();
  }
}

/** Paths of the scripts of one object that move, with the paths that they move to. */
export function movedScripts(physicalPath: string, context: ObjectContext): ReadonlyMap<string, string> {
  const moved = new Map<string, string>();
  if (context.transform.launcher?.scripts !== true || context.object === undefined) return moved;
  if (!isDirectory(fsPath(physicalPath, ''))) return moved;
  for (const directory of DIRECTORIES) {
    if (!isDirectory(fsPath(physicalPath, directory))) continue;
    const names = readdirSync(fsPath(physicalPath, directory), { encoding: 'latin1' });
    const taken = new Set(names);
    for (const name of names) {
      const path = `${directory}/${name}`;
      const beside = besideOf(path);
      if (beside === undefined || taken.has(beside.slice(directory.length + 1)) || context.excludes?.(path)) continue;
      const stat = lstatSync(fsPath(physicalPath, path));
      if (!stat.isFile() || (stat.mode & 0o100) === 0 || (stat.mode & 0o6000) !== 0) continue;
      if (isLaunchable(fsPath(physicalPath, path), context)) moved.set(path, beside);
    }
  }
  return moved;
}

const directoryOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** The entries of a walk, and among them, where a NAR has them, those that are new. */
export function* withMoved(
  entries: Iterable<TreeEntry>,
  moved: ReadonlyMap<string, string>,
): Generator<TreeEntry | MovedEntry> {
  const pending = [...moved].map(([script, path]) => ({ script, path })).sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const entry of entries) {
    const isEnd = entry.kind === 'directory-end';
    while (pending[0] !== undefined) {
      const { script, path } = pending[0];
      const isNext = isEnd
        ? entry.path === directoryOf(path)
        : directoryOf(entry.path) === directoryOf(path) && entry.path > path;
      if (!isNext) break;
      pending.shift();
      yield { kind: 'moved', path, script };
    }
    yield entry;
  }
}
