/** The files of the project, as git lists them. */

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** Paths of all files, those not yet added included, relative to the root. */
export function projectFiles(): string[] {
  const result = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (result.status !== 0) throw new Error(`git ls-files failed: ${result.stderr}`);
  return result.stdout.split('\0').filter((path) => path !== '' && existsSync(`${root}/${path}`));
}

export function read(path: string): string {
  return readFileSync(`${root}/${path}`, 'utf8');
}

export interface Import {
  readonly from: string;
  /** Path relative to the root, or a package's name. */
  readonly to: string;
  readonly isType: boolean;
}

const IMPORT = /^(?:import|export)\s+(type\s)?(?:[^;'"]*?\sfrom\s+)?'([^']+)'/gms;
const DYNAMIC = /\bimport\('([^']+)'\)/g;

/** Every import of a module, dynamic ones included. The address of a worker is none: it starts a program of its own. */
export function importsOf(path: string): Import[] {
  const text = read(path);
  const resolve = (target: string) =>
    target.startsWith('.') ? posix.normalize(posix.join(posix.dirname(path), target)) : target;
  const all: Import[] = [];
  for (const [, type, target] of text.matchAll(IMPORT)) {
    all.push({ from: path, to: resolve(target as string), isType: type !== undefined });
  }
  for (const [, target] of text.matchAll(DYNAMIC)) {
    all.push({ from: path, to: resolve(target as string), isType: false });
  }
  return all;
}
