/** A toy store with the programs of these tests, and its relocation. */

import { readFileSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ALIAS_DESCRIPTOR } from '../../src/pipeline/alias.ts';
import { relocate } from '../../src/pipeline/relocate.ts';
import { decodeStubConfig, STUB_MAGIC, type StubConfig } from '../../src/syntax/loader-stub-config.ts';
import { must, type Toolchain, ToyStore } from '../toy-store.ts';

const source = (name: string) => new URL(`programs/${name}.c`, import.meta.url).pathname;

export interface RelocatedToy {
  readonly toy: ToyStore;
  /** The prefix. */
  readonly prefix: string;
  /** The store directory below the prefix. */
  readonly store: string;
  /** Path of an original program; runs only after `showOriginal`. */
  original(name: string): string;
  /** Path of a relocated program. */
  program(name: string): string;
  /** The relocated loader. */
  readonly loader: string;
  /** Runs something while the original store is where it was. */
  withOriginal<T>(action: () => T): T;
  /** Compiles a program of the host, outside of any store. */
  host(name: string): string;
}

/** Compiles `state`, `run` and `run-namespaces`, relocates them, and puts the original store out of sight. */
export async function relocatedToy(toolchain?: Toolchain, policy?: 'close-on-exec'): Promise<RelocatedToy> {
  const toy = new ToyStore(toolchain);
  const object = toy.object('programs-1.0');
  const compile = (name: string, from: string, flags: readonly string[] = []) =>
    toy.compile(join(object, 'bin', name), readFileSync(source(from), 'utf8'), flags);
  compile('state', 'state');
  compile('state-fixed', 'state', ['-no-pie']);
  compile('run', 'run');
  compile('run-namespaces', 'run', ['-DCHANGES_NAMESPACES']);
  const prefix = join(toy.work, 'prefix');
  await relocate({ paths: [object], to: prefix, storeDir: toy.storeDir, aliasPolicy: policy });
  const hidden = `${toy.storeDir}-hidden`;
  renameSync(toy.storeDir, hidden);
  const store = join(prefix, 'store');
  return {
    toy,
    prefix,
    store,
    original: (name) => join(object, 'bin', name),
    program: (name) => join(store, basename(object), 'bin', name),
    loader: join(store, basename(toy.libc), 'lib', toy.toolchain.loader),
    withOriginal(action) {
      renameSync(hidden, toy.storeDir);
      try {
        return action();
      } finally {
        renameSync(toy.storeDir, hidden);
      }
    },
    host(name) {
      const output = join(toy.work, name);
      must('gcc', ['-O1', `-DALIAS_FD=${ALIAS_DESCRIPTOR}`, '-o', output, source(name)]);
      return output;
    },
  };
}

/** Where a program's configuration stands, and what it says. */
export function stubConfigOf(program: string): { readonly offset: number; readonly config: StubConfig } {
  const bytes = readFileSync(program);
  const offset = bytes.indexOf(STUB_MAGIC);
  const config = offset < 0 ? undefined : decodeStubConfig(bytes.subarray(offset));
  if (config === undefined) throw new Error(`${program} holds no configuration of the loader stub`);
  return { offset, config };
}
