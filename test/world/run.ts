/** Runs programs of the world, with or without /nix to be seen. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface RunOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Hide /nix behind an empty file system. */
  readonly masked?: boolean;
  /** Note the files that are opened, looked at or started. */
  readonly traced?: boolean;
}

export interface RunResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Paths that system calls named and found, in a traced run. */
  readonly files: readonly string[];
}

const MASK = 'mount -t tmpfs none /nix && exec "$@"';
const environment = { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', HOME: '/nonexistent', PYTHONDONTWRITEBYTECODE: '1' };

/** Paths in strace's lines, those of failed calls left out. */
function tracedFiles(log: string): string[] {
  const files = new Set<string>();
  for (const line of log.split('\n')) {
    if (/= -1 E/.test(line)) continue;
    for (const match of line.matchAll(/"((?:[^"\\]|\\.)*)"/g)) if (match[1]?.startsWith('/')) files.add(match[1]);
  }
  return [...files].sort();
}

/** Runs a program in a fresh working directory. Needs root for `masked` (a private mount namespace). */
export function runProgram(program: string, options: RunOptions = {}): RunResult {
  const work = mkdtempSync(join(tmpdir(), 'unmoor-run-'));
  const log = join(work, 'strace.log');
  try {
    const trace = options.traced ? ['strace', '-f', '-qq', '-s', '4096', '-e', 'trace=file', '-o', log] : [];
    const mask = options.masked ? ['unshare', '-m', 'sh', '-c', MASK, 'sh'] : [];
    const command = [...mask, ...trace, program, ...(options.args ?? [])];
    const result = spawnSync(command[0] as string, command.slice(1), {
      cwd: work,
      env: { ...environment, ...options.env },
      input: options.input ?? '',
      encoding: 'utf8',
    });
    if (result.error) throw result.error;
    return {
      status: result.status,
      stdout: result.stdout,
      stderr: result.stderr,
      files: options.traced ? tracedFiles(readFileSync(log, 'utf8')) : [],
    };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
