/** Which files are looked at. */

import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { UserError } from '../pipeline/user-error.ts';
import { type BytePath, bytesOf, decoded, forFileSystem } from './byte-path.ts';
import { changes, listedFiles, objects, topBytes, workTree } from './git.ts';

export interface Candidate {
  /** Relative to the root of the check, with slashes. */
  readonly path: BytePath;
  readonly absolute: BytePath;
  /** The text, where it does not come from the working tree. */
  readonly text?: string;
  /** The text of the older revision that is compared with. */
  readonly older?: string;
}

export interface Selection {
  /** Absolute. */
  readonly directory: string;
  /** Where paths begin. */
  readonly root: string;
  readonly paths: readonly string[];
  readonly staged: boolean;
  readonly since: string | undefined;
  /** As in `.gitignore`. */
  readonly exclude: readonly string[];
}

function relativeTo(root: BytePath, absolute: BytePath): BytePath {
  return posix.relative(root, absolute);
}

function join(directory: BytePath, path: BytePath): BytePath {
  return posix.join(directory, path);
}

/** Files below a directory outside of git: `.gitignore` is respected, links are not followed. */
function* walked(
  directory: BytePath,
  prefix: BytePath,
  rules: readonly { readonly at: BytePath; readonly ignore: Ignore }[],
): Generator<BytePath> {
  const entries = readdirSync(forFileSystem(directory), { withFileTypes: true, encoding: 'buffer' })
    .map((entry) => ({ entry, name: Buffer.from(entry.name).toString('latin1') }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const own = entries.find(({ name, entry }) => name === '.gitignore' && entry.isFile());
  const all =
    own === undefined
      ? rules
      : [
          ...rules,
          { at: prefix, ignore: ignore().add(readFileSync(forFileSystem(join(directory, own.name)), 'latin1')) },
        ];
  for (const { entry, name } of entries) {
    if (name === '.git') continue;
    const path = prefix === '' ? name : `${prefix}/${name}`;
    const isDirectory = entry.isDirectory();
    const ignored = all.some(({ at, ignore: one }) => {
      const relative = at === '' ? path : path.slice(at.length + 1);
      return one.ignores(isDirectory ? `${relative}/` : relative);
    });
    if (ignored) continue;
    if (isDirectory) yield* walked(join(directory, name), path, all);
    else if (entry.isFile()) yield path;
  }
}

function filesOf(directory: BytePath): BytePath[] {
  const inGit = workTree(decoded(directory)) !== undefined;
  const files = inGit ? listedFiles(decoded(directory)) : [...walked(directory, '', [])];
  return files
    .map((file) => join(directory, file))
    .filter((file) => !inGit || lstatSync(forFileSystem(file), { throwIfNoEntry: false })?.isFile() === true);
}

/** @throws {UserError} when a path does not exist, or git is asked where there is none. */
export function candidates(selection: Selection): Candidate[] {
  const root = bytesOf(selection.root);
  const directory = bytesOf(selection.directory);
  if (selection.paths.includes('')) throw new UserError('a file name is empty', { exitCode: 2 });
  const named = selection.paths.map((path) => ({ path, absolute: posix.resolve(directory, bytesOf(path)) }));
  const excluded = selection.exclude.length === 0 ? undefined : ignore().add([...selection.exclude].map(bytesOf));
  const isExcluded = (path: BytePath) => excluded !== undefined && !path.startsWith('../') && excluded.ignores(path);
  const found =
    selection.staged || selection.since !== undefined
      ? changed(selection, root, named.length === 0 ? [directory] : named.map(({ absolute }) => absolute))
      : listed(named.length === 0 ? [{ path: '.', absolute: directory }] : named).map((absolute) => ({
          path: relativeTo(root, absolute),
          absolute,
        }));
  return found.filter(({ path }) => path !== '' && !isExcluded(path)).sort((a, b) => (a.path < b.path ? -1 : 1));
}

function listed(named: readonly { readonly path: string; readonly absolute: BytePath }[]): BytePath[] {
  const files = new Set<BytePath>();
  for (const { path, absolute } of named) {
    let stat: ReturnType<typeof statSync>;
    try {
      stat = statSync(forFileSystem(absolute));
    } catch (error) {
      const loop = (error as NodeJS.ErrnoException).code === 'ELOOP';
      throw new UserError(`${path}: ${loop ? 'a symbolic link that leads to itself' : 'no such file or directory'}`, {
        exitCode: 2,
      });
    }
    if (stat?.isDirectory()) for (const file of filesOf(absolute)) files.add(file);
    else if (stat?.isFile()) files.add(absolute);
  }
  return [...files];
}

function changed({ directory, staged, since }: Selection, root: BytePath, within: readonly BytePath[]): Candidate[] {
  const top = workTree(directory);
  if (top === undefined) {
    throw new UserError(`${directory}: not in a git repository`, {
      exitCode: 2,
      hint: '--staged and --since need one',
    });
  }
  const all = changes(top, { staged, since })
    .map((change) => ({ ...change, absolute: join(topBytes(top), change.path) }))
    .filter(({ absolute }) =>
      within.some((path) => absolute === path || absolute.startsWith(path === '/' ? path : `${path}/`)),
    );
  const wanted = all.flatMap(({ before, after }) => [
    ...(since !== undefined && before !== undefined ? [before] : []),
    ...(staged && after !== undefined ? [after] : []),
  ]);
  const texts = objects(top, wanted);
  return all.map(({ absolute, before, after }) => {
    const text = staged && after !== undefined ? texts.get(after) : undefined;
    const older = since !== undefined && before !== undefined ? texts.get(before) : undefined;
    return {
      path: relativeTo(root, absolute),
      absolute,
      ...(text !== undefined && { text }),
      ...(older !== undefined && { older }),
    };
  });
}
