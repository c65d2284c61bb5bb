/** What the transform of wrappers needs to know of the store and of the machine. */

import { closeSync, openSync, readSync } from 'node:fs';
import type { StoreDir } from '../store/store-path.ts';
import { isElf } from '../syntax/elf/file.ts';
import type { LauncherContext, Machine } from '../transforms/transform.ts';
import { resolveInStore } from './store-lookup.ts';
import { stubImages } from './stub-images.ts';

/** What becomes of wrapper scripts: they stay scripts, or become launchers where they are understood. */
export type WrapperForm = 'text' | 'launcher';

/** Of the ELF header: class, byte order, machine (System V ABI, "ELF Header"). */
const HEAD_LENGTH = 20;
const MACHINES = new Map<number, Machine>([
  [62, 'x86_64'],
  [183, 'aarch64'],
]);

function machineOfFile(path: string): Machine | undefined {
  const head = Buffer.alloc(HEAD_LENGTH);
  let file: number;
  try {
    file = openSync(Buffer.from(path, 'latin1'), 'r');
  } catch {
    return undefined;
  }
  try {
    if (readSync(file, head, 0, HEAD_LENGTH, 0) < HEAD_LENGTH) return undefined;
  } catch {
    return undefined;
  } finally {
    closeSync(file);
  }
  return isElf(head) && head[4] === 2 && head[5] === 1 ? MACHINES.get(head.readUInt16LE(18)) : undefined;
}

/** For one run; undefined when wrappers are to stay scripts. */
export function launcherContext(
  form: WrapperForm | undefined,
  storeRoot: string,
  storeDir: StoreDir,
): LauncherContext | undefined {
  if (form !== 'launcher') return undefined;
  const known = new Map<string, Machine | undefined>();
  return {
    image: stubImages('launcher'),
    machineOf(storeRelative) {
      if (!known.has(storeRelative)) {
        const path = resolveInStore(storeRoot, storeDir, storeRelative);
        known.set(storeRelative, path === undefined ? undefined : machineOfFile(path));
      }
      return known.get(storeRelative);
    },
  };
}
