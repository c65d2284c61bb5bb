/** What the transforms to launchers need to know of the store and of the machine. */

import { closeSync, openSync, readSync } from 'node:fs';
import { parseStorePath, type StoreDir } from '../store/store-path.ts';
import { isElf } from '../syntax/elf/file.ts';
import { KERNEL_LINE, parseShebang } from '../syntax/shebang.ts';
import type { LauncherContext, Machine } from '../transforms/transform.ts';
import { resolveInStore } from './store-lookup.ts';
import { stubImages } from './stub-images.ts';

/** What becomes of scripts: they stay scripts, or become launchers where that is possible. */
export type ScriptForm = 'text' | 'launcher';

/** Of the ELF header: machine (System V ABI, "ELF Header"). */
const MACHINES = new Map<number, Machine>([
  [62, 'x86_64'],
  [183, 'aarch64'],
]);

/** The kernel's limit (Linux fs/exec.c, exec_binprm). */
const MAX_INTERPRETERS = 5;

function headOf(path: string): Buffer {
  const head = Buffer.alloc(KERNEL_LINE);
  let file: number;
  try {
    file = openSync(Buffer.from(path, 'latin1'), 'r');
  } catch {
    return Buffer.alloc(0);
  }
  try {
    return head.subarray(0, readSync(file, head, 0, head.length, 0));
  } catch {
    return Buffer.alloc(0);
  } finally {
    closeSync(file);
  }
}

/** For one run; undefined when all scripts are to stay scripts. */
export function launcherContext(
  forms: { readonly wrappers?: ScriptForm | undefined; readonly scripts?: ScriptForm | undefined },
  storeRoot: string,
  storeDir: StoreDir,
): LauncherContext | undefined {
  const wrappers = forms.wrappers === 'launcher';
  const scripts = forms.scripts === 'launcher';
  if (!wrappers && !scripts) return undefined;
  const known = new Map<string, Machine | undefined>();
  const machine = (storeRelative: string, depth: number): Machine | undefined => {
    const path = resolveInStore(storeRoot, storeDir, storeRelative);
    const head = path === undefined ? Buffer.alloc(0) : headOf(path);
    if (head.length >= 20 && isElf(head)) {
      return head[4] === 2 && head[5] === 1 ? MACHINES.get(head.readUInt16LE(18)) : undefined;
    }
    const next = parseStorePath(parseShebang(head)?.interpreter ?? '', storeDir);
    return next && depth < MAX_INTERPRETERS ? machine(next.object.baseName + next.rest, depth + 1) : undefined;
  };
  return {
    wrappers,
    scripts,
    image: stubImages('launcher'),
    machineOf(storeRelative) {
      if (!known.has(storeRelative)) known.set(storeRelative, machine(storeRelative, 0));
      return known.get(storeRelative);
    },
  };
}
