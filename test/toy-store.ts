/** A small store of compiled programs in a temporary directory, linked as Nix would link them. */

import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { removeTree } from '../src/pipeline/staging.ts';

export interface RunOutput {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command; throws only when it cannot be started. */
export function run(
  command: string,
  args: readonly string[] = [],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; input?: string } = {},
): RunOutput {
  const result = spawnSync(command, args, {
    encoding: 'utf8',
    env: options.env ?? process.env,
    cwd: options.cwd,
    input: options.input ?? '',
    maxBuffer: 1 << 28,
  });
  // A program that ends without reading its input is no failure.
  if (result.error && (result.error as NodeJS.ErrnoException).code !== 'EPIPE')
    throw new Error(`${command} cannot be run (see test/requirements.apt): ${result.error.message}`);
  return { status: result.status, stdout: result.stdout, stderr: result.stderr };
}

/** Runs a command that must succeed; gives its output. */
export function must(command: string, args: readonly string[], options: { cwd?: string; input?: string } = {}): string {
  const { status, stdout, stderr } = run(command, args, options);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${stderr}`);
  return stdout;
}

/** Libraries of one C library, and how to compile against it. */
export interface Toolchain {
  readonly compiler: string;
  readonly loader: string;
  /** Files of the C library, on the host. */
  readonly files: readonly string[];
}

export const hostToolchain: Toolchain = {
  compiler: 'gcc',
  loader: 'ld-linux-x86-64.so.2',
  files: [
    '/lib64/ld-linux-x86-64.so.2',
    '/lib/x86_64-linux-gnu/libc.so.6',
    '/lib/x86_64-linux-gnu/libm.so.6',
    '/lib/x86_64-linux-gnu/libgcc_s.so.1',
    '/usr/lib/x86_64-linux-gnu/libstdc++.so.6',
  ],
};

export const aarch64Toolchain: Toolchain = {
  compiler: 'aarch64-linux-gnu-gcc',
  loader: 'ld-linux-aarch64.so.1',
  files: ['/usr/aarch64-linux-gnu/lib/ld-linux-aarch64.so.1', '/usr/aarch64-linux-gnu/lib/libc.so.6'],
};

const digits = 'abcdfghijklmnpqrsvwxyz0123456789';

export class ToyStore {
  readonly work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-toy-')));
  readonly storeDir = join(this.work, 'nix/store');
  readonly libc: string;
  readonly toolchain: Toolchain;

  constructor(toolchain: Toolchain = hostToolchain) {
    this.toolchain = toolchain;
    mkdirSync(this.storeDir, { recursive: true });
    this.libc = this.object('glibc');
    mkdirSync(join(this.libc, 'lib'));
    for (const file of toolchain.files)
      copyFileSync(realpathSync(file), join(this.libc, 'lib', file.slice(file.lastIndexOf('/') + 1)));
  }

  /** Makes an empty object, the same name always gets the same digest. */
  object(name: string): string {
    let state = [...name].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) >>> 0, 7);
    let digest = '';
    while (digest.length < 32) {
      state = (state * 1103515245 + 12345) >>> 0;
      digest += digits[(state >>> 16) % 32];
    }
    const path = join(this.storeDir, `${digest}-${name}`);
    mkdirSync(path, { recursive: true });
    return path;
  }

  /** Writes a file into the store. */
  write(path: string, contents: string, mode = 0o644): string {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents, { mode });
    return path;
  }

  /** Compiles C (or C++) to `output`; programs get the store's loader, everything the store's libraries. */
  compile(output: string, source: string, flags: readonly string[] = [], compiler = this.toolchain.compiler): string {
    mkdirSync(dirname(output), { recursive: true });
    const language = compiler.endsWith('++') ? 'c++' : 'c';
    const isLibrary = flags.includes('-shared');
    const own = isLibrary ? ['-fPIC'] : [`-Wl,--dynamic-linker=${this.libc}/lib/${this.toolchain.loader}`];
    const all = [
      '-O1',
      '-x',
      language,
      '-',
      '-x',
      'none',
      '-o',
      output,
      ...own,
      `-Wl,-rpath,${this.libc}/lib`,
      ...flags,
    ];
    must(compiler, all, { input: source });
    return output;
  }

  remove(): void {
    removeTree(this.work);
  }
}
