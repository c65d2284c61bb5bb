/** Whether a build gives the same bytes twice under one store directory: Nix builds it again, twice. */

import { existsSync, mkdtempSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path/posix';
import { type Rename, renamedTree } from '../../store/renamed-digests.ts';
import { removeTree } from '../staging.ts';
import { UserError } from '../user-error.ts';
import type { NixStore } from './nix.ts';

const asItIs: Rename = (bytes) => bytes;
const LOG_SHOWN = 2000;

/** Builds again; whether the result was kept at `<output>.check`, since it differs from what is there. */
async function buildAgain(store: NixStore, derivation: string, output: string): Promise<boolean> {
  // Nix keeps the build's directory together with its result; that one nobody wants.
  const temporary = mkdtempSync(join(tmpdir(), 'unmoor-check-'));
  const { status, stderr } = await store
    .run('nix-store', ['--realise', derivation, '--check', '--keep-failed'], temporary)
    .finally(() => removeTree(temporary));
  if (status === 0) return false;
  if (!/may not be deterministic/.test(stderr)) {
    throw new UserError(`building '${derivation}' again failed`, { hint: stderr.trim().slice(-LOG_SHOWN) });
  }
  return existsSync(Buffer.from(`${output}.check`, 'latin1'));
}

/**
 * The paths inside `output` that come out otherwise when its derivation is built again.
 *
 * A check build without a sandbox has another output path, which Nix then replaces by text; what holds the path in
 * another form looks different after the first check, but not between two checks. So the second decides.
 */
export async function filesThatVary(store: NixStore, derivation: string, output: string): Promise<ReadonlySet<string>> {
  const again = `${output}.check`;
  const kept = `${output}.first-check`;
  try {
    if (!(await buildAgain(store, derivation, output))) return new Set();
    renameSync(Buffer.from(again, 'latin1'), Buffer.from(kept, 'latin1'));
    // Equal to the original this time: then the first one was not.
    const second = (await buildAgain(store, derivation, output)) ? again : output;
    const before = renamedTree(kept, asItIs).entries;
    const after = renamedTree(second, asItIs).entries;
    const same = (file: string) => {
      const [a, b] = [before.get(file), after.get(file)];
      return a?.contentHash === b?.contentHash && a?.target === b?.target && a?.kind === b?.kind;
    };
    return new Set([...before.keys(), ...after.keys()].filter((file) => !same(file)));
  } finally {
    removeTree(Buffer.from(again, 'latin1').toString());
    removeTree(Buffer.from(kept, 'latin1').toString());
  }
}
