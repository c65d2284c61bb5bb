/**
 * Real Nix, working in a store directory of choice: `NIX_STORE_DIR` and `NIX_STATE_DIR` (Nix manual, "Common Environment
 * Variables"). The directory that Nix was made for is used as Nix itself is set up.
 */

import { spawn } from 'node:child_process';
import { dirname } from 'node:path/posix';
import { UserError } from '../user-error.ts';

export interface NixRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Nix at work in one store directory. */
export interface NixStore {
  /** The store directory. */
  readonly dir: string;
  /** @param temporary directory for builds (TMPDIR), if not the usual one */
  run(program: string, args: readonly string[], temporary?: string): Promise<NixRun>;
}

/** Characters of a build's log that a message shows. */
const LOG_SHOWN = 2000;

function execute(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<NixRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', (cause) =>
      reject(
        new UserError(`${program} cannot be run: ${cause.message}`, {
          hint: "'--expr' needs Nix; 'unmoor verify PATH...' does without",
          cause,
        }),
      ),
    );
    child.on('close', (status) =>
      resolve({
        status: status ?? 1,
        stdout: Buffer.concat(stdout).toString('latin1'),
        stderr: Buffer.concat(stderr).toString(),
      }),
    );
  });
}

/** The store directory that Nix was made for (or was told to use). */
export async function defaultStoreDir(): Promise<string> {
  const { status, stdout, stderr } = await execute(
    'nix-instantiate',
    ['--eval', '-E', 'builtins.storeDir'],
    process.env,
  );
  if (status !== 0) throw new UserError(`nix-instantiate failed: ${stderr.trim()}`);
  return JSON.parse(stdout) as string;
}

/**
 * Nix for one store directory. Another directory than the default one gets a state directory beside it, no daemon, no
 * build users and no substituters: caches hold objects of the default directory only.
 *
 * @param options further Nix options, as `['--option', 'sandbox', 'false']`
 */
export function nixStore(dir: string, isDefault: boolean, options: readonly string[]): NixStore {
  const state = `${dirname(dir)}/var`;
  const own = {
    NIX_STORE_DIR: dir,
    NIX_STATE_DIR: `${state}/nix`,
    NIX_LOG_DIR: `${state}/log/nix`,
    NIX_REMOTE: 'local',
    NIX_CONFIG: `${process.env.NIX_CONFIG ?? ''}\nsubstitute = false\nbuild-users-group =\n`,
  };
  const env = isDefault ? process.env : { ...process.env, ...own };
  return {
    dir,
    run: (program, args, temporary) =>
      execute(program, [...args, ...options], temporary === undefined ? env : { ...env, TMPDIR: temporary }),
  };
}

/**
 * Runs a Nix program that must succeed; gives its lines.
 *
 * @throws {UserError} with the end of its messages
 */
export async function lines(store: NixStore, program: string, args: readonly string[]): Promise<string[]> {
  const { status, stdout, stderr } = await store.run(program, args);
  if (status !== 0) {
    throw new UserError(`${program} failed for the store directory '${store.dir}'`, {
      hint: stderr.trim().slice(-LOG_SHOWN),
    });
  }
  return stdout.split('\n').filter((line) => line !== '');
}
