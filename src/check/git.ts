/** What git knows: the files of a directory, what is staged, what changed, and the bytes of objects. */

import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { UserError } from '../pipeline/user-error.ts';
import { type BytePath, bytesOf } from './byte-path.ts';

const MAX_OUTPUT = 1 << 30;

let environment: NodeJS.ProcessEnv | undefined;

/**
 * What git says to its hooks by GIT_DIR and GIT_INDEX_FILE holds from the directory where the hook runs, and a directory
 * is taken for the top of the working tree where only GIT_DIR is set: `-C` elsewhere needs whole paths.
 */
function gitEnvironment(): NodeJS.ProcessEnv {
  if (environment !== undefined) return environment;
  const env: NodeJS.ProcessEnv = { ...process.env, LC_ALL: 'C' };
  for (const name of ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_COMMON_DIR']) {
    if (env[name] !== undefined) env[name] = resolve(env[name]);
  }
  if (env.GIT_DIR !== undefined && env.GIT_WORK_TREE === undefined) {
    const { status, stdout } = spawnSync('git', ['rev-parse', '--show-toplevel'], { encoding: 'utf8', env });
    if (status === 0) env.GIT_WORK_TREE = stdout.replace(/\n$/, '');
  }
  environment = env;
  return env;
}

function git(directory: string, args: readonly string[], input?: string): string | undefined {
  const result = spawnSync('git', ['-C', directory, ...args], {
    encoding: 'latin1',
    maxBuffer: MAX_OUTPUT,
    ...(input !== undefined && { input: Buffer.from(input, 'latin1') }),
    stdio: ['pipe', 'pipe', 'ignore'],
    env: gitEnvironment(),
  });
  return result.status === 0 ? result.stdout : undefined;
}

function required(directory: string, args: readonly string[], what: string): string {
  const output = git(directory, args);
  if (output === undefined) throw new UserError(what, { exitCode: 2 });
  return output;
}

const tops = new Map<string, string | undefined>();

/** The top of the working tree that a directory belongs to; undefined outside of git. Asked once: git takes its time. */
export function workTree(directory: string): string | undefined {
  if (!tops.has(directory)) tops.set(directory, askedWorkTree(directory));
  return tops.get(directory);
}

function askedWorkTree(directory: string): string | undefined {
  const output = git(directory, ['rev-parse', '--show-toplevel']);
  return output === undefined ? undefined : Buffer.from(output.replace(/\n$/, ''), 'latin1').toString('utf8');
}

/** Files of a directory, relative to it: those tracked and those that are not ignored. */
export function listedFiles(directory: string): BytePath[] {
  const output = required(
    directory,
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'],
    `${directory}: git cannot list its files`,
  );
  return output.split('\0').filter((path) => path !== '');
}

export interface Change {
  /** Relative to the top of the working tree. */
  readonly path: BytePath;
  /** Objects' names; undefined where there is none. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

const NONE = /^0+$/;

/** Regular files that differ, from a revision or from the last commit, in the index or in the working tree. */
export function changes(
  top: string,
  options: { readonly staged: boolean; readonly since: string | undefined },
): Change[] {
  const { staged, since } = options;
  let base: string[] = [];
  if (since !== undefined) {
    required(
      top,
      ['rev-parse', '--verify', '--quiet', '--end-of-options', `${since}^{commit}`],
      `there is no revision '${since}'`,
    );
    base = [(git(top, ['merge-base', since, 'HEAD']) ?? since).trim()];
  }
  const args = ['diff', '--raw', '-z', '--no-abbrev', '--find-renames', '--diff-filter=d', '--no-ext-diff'];
  const output = required(
    top,
    [...args, ...(staged ? ['--cached'] : []), ...base, '--'],
    'git cannot tell what changed',
  );
  const fields = output.split('\0');
  const result: Change[] = [];
  for (let i = 0; i + 1 < fields.length; ) {
    const [, mode = '', before = '', after = '', status = ''] = (fields[i] as string).split(' ');
    const renamed = /^[RC]/.test(status);
    const path = fields[i + (renamed ? 2 : 1)] as string;
    i += renamed ? 3 : 2;
    // Links and submodules hold no text of their own.
    if (!mode.startsWith('100')) continue;
    const object = (name: string) => (NONE.test(name) ? undefined : name);
    result.push({ path, before: object(before), after: object(after) });
  }
  return result;
}

/** The bytes of objects, latin1, by name. */
export function objects(top: string, names: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  if (names.length === 0) return found;
  const output = git(top, ['cat-file', '--batch'], `${[...new Set(names)].join('\n')}\n`) ?? '';
  for (let at = 0; at < output.length; ) {
    const newline = output.indexOf('\n', at);
    if (newline < 0) break;
    const [name = '', type, size] = output.slice(at, newline).split(' ');
    at = newline + 1;
    if (type !== 'blob') continue;
    found.set(name, output.slice(at, at + Number(size)));
    at += Number(size) + 1;
  }
  return found;
}

/** The top as bytes, for joining with paths of git. */
export function topBytes(top: string): BytePath {
  return bytesOf(top);
}
