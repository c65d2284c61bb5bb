/** Writes one adopted object: its files with absolute store paths, its trees, its links. */

import { readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path/posix';
import { bufferSource, openFileSource } from '../../store/byte-source.ts';
import { fsPath, walkTree } from '../../store/tree.ts';
import { writeEdited } from '../apply-edits.ts';
import { reportText } from '../report-text.ts';
import { directorySink, type ObjectSink } from '../sink.ts';
import { absolutize } from './absolutize.ts';
import type { Dependent } from './dependencies.ts';
import { type PlannedObject, targetInTrees } from './objects.ts';
import { expandTokens } from './search.ts';

/** Where everything comes to lie; paths are byte strings. */
export interface Placement {
  readonly dependents: ReadonlyMap<string, Dependent>;
  /** Final path of each file that is in an object's `files`, by physical source path. */
  readonly homes: ReadonlyMap<string, string>;
}

/** One object in the course of its writing. */
interface Target {
  readonly object: PlannedObject;
  /** Final path of the object. */
  readonly path: string;
  readonly placement: Placement;
  readonly sink: ObjectSink;
}

/** Where a file is for an object that needs it: in its own trees, or in another object. */
function homeOf({ object, path, placement }: Target, file: string): string | undefined {
  const own = targetInTrees(file, object.trees);
  return own === undefined ? placement.homes.get(file) : `${path}/${own}`;
}

/**
 * The absolute directories in which a file finds its libraries, in the order in which it needs them; then those of its
 * search path that are in the object's trees, where it may look for more at run time.
 */
function searchPathOf(target: Target, { path, requirements, libraries }: Dependent): string[] {
  const found = libraries.flatMap(({ path: library }) => {
    const home = homeOf(target, library);
    return home === undefined ? [] : [dirname(home)];
  });
  const self = { found: path, physical: path, requirements, loader: undefined };
  const kept = [...requirements.rpath, ...requirements.runpath]
    .flatMap((entry) => expandTokens(entry, self))
    .map((entry) => targetInTrees(resolve('/', entry), target.object.trees))
    .flatMap((inTree) => (inTree === undefined ? [] : [`${target.path}/${inTree}`]));
  return [...new Set([...found, ...kept])];
}

function writeFile(target: Target, source: string, to: string, executable: boolean): void {
  const dependent = target.placement.dependents.get(source);
  const file = target.sink.regular(to, executable);
  try {
    if (dependent === undefined) {
      const input = openFileSource(fsPath(source, ''));
      try {
        writeEdited(input, [], (chunk) => file.write(chunk));
      } finally {
        input.close();
      }
      return;
    }
    const bytes = bufferSource(readFileSync(fsPath(source, '')));
    const { interpreter } = dependent.requirements;
    const searchPath = searchPathOf(target, dependent);
    const name = interpreter === undefined ? undefined : basename(interpreter);
    const loader = dependent.libraries.find((library) => library.name === name);
    const home = loader && homeOf(target, loader.path);
    // The loader itself, and libraries that need nothing, stay as they are.
    const needsNothing = searchPath.length === 0 && home === undefined;
    const edits = needsNothing
      ? []
      : absolutize(bytes, reportText(source), { searchPath, interpreter: home && join(dirname(home), name ?? '') });
    writeEdited(bytes, edits, (chunk) => file.write(chunk));
  } finally {
    file.close();
  }
}

/**
 * Writes an object.
 *
 * @param at where to write it, one character a byte
 * @param path where it will be in the end
 */
export function writeObject(object: PlannedObject, at: string, path: string, placement: Placement): void {
  const sink = directorySink(at);
  const target: Target = { object, path, placement, sink };
  const made = new Set<string>();
  const directory = (inside: string) => {
    const name = inside === '.' ? '' : inside;
    if (made.has(name)) return;
    if (name !== '') directory(dirname(name));
    made.add(name);
    sink.directory(name);
  };
  for (const [source, to] of object.files) {
    if (targetInTrees(source, object.trees) !== undefined) continue;
    directory(dirname(to));
    writeFile(target, source, to, true);
  }
  for (const tree of object.trees) {
    const base = targetInTrees(tree, object.trees) as string;
    directory(dirname(base));
    walkTree(tree, (entry) => {
      const to = entry.path === '' ? base : `${base}/${entry.path}`;
      if (entry.kind === 'directory') directory(to);
      else if (entry.kind === 'symlink') sink.symlink(to, entry.target);
      else if (entry.kind === 'regular') {
        writeFile(target, fsPath(tree, entry.path).toString('latin1'), to, entry.executable);
      }
    });
  }
  for (const [link, to] of object.links) {
    directory(dirname(link));
    sink.symlink(link, to);
  }
  sink.finish();
}
