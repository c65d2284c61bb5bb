/** The proof for finished closures, without Nix: relocated anew to each prefix, compared, run there. */

import { mkdirSync } from 'node:fs';
import { basename, dirname } from 'node:path/posix';
import { locateGiven } from '../../store/closure.ts';
import { inputsOf } from '../inputs.ts';
import { relocate } from '../relocate.ts';
import { inTemporaryDirectory } from '../temporary.ts';
import type { ProofOptions } from './options.ts';
import { unlikePrefixes } from './prefixes.ts';
import { type ProvenPlace, proveObjects } from './prove.ts';
import type { ProofReport } from './report.ts';
import { compareCommand } from './run-commands.ts';

export interface ClosureProofOptions extends ProofOptions {
  /** Store objects, paths inside one, or links to one. */
  readonly paths: readonly string[];
  readonly storeDir?: string | undefined;
}

/**
 * Relocates the closure of `paths` to several prefixes and compares the results.
 *
 * @throws what `relocate` throws.
 */
export function verifyClosure(options: ClosureProofOptions): Promise<ProofReport> {
  return inTemporaryDirectory('unmoor-verify', options.keep === true, async (work) => {
    const { store } = inputsOf(options.paths.map(locateGiven), options.storeDir);
    const prefixes = options.prefixes?.length ? options.prefixes : unlikePrefixes(work);
    const places: ProvenPlace[] = [];
    const failedChecks = new Set<string>();
    let unresolved = 0;
    for (const prefix of prefixes) {
      mkdirSync(dirname(prefix), { recursive: true });
      const report = await relocate({
        paths: options.paths,
        to: prefix,
        storeDir: options.storeDir,
        workers: options.workers,
        onProgress: options.onProgress,
      });
      for (const { ok, name } of report.checks) if (!ok) failedChecks.add(name);
      unresolved = report.unresolved;
      places.push({
        storeDir: report.storeDir,
        prefix,
        prefixBytes: Buffer.byteLength(prefix),
        storeRoot: Buffer.from(store.root, 'latin1').toString(),
        digests: new Map(),
        baseNames: report.objects.map(({ path }) => basename(path)),
      });
    }
    const nobodyKnows = async () => undefined;
    const objects = await proveObjects(places, nobodyKnows, (done, total, label) =>
      options.onProgress?.({ phase: 'compare', done, total, label }),
    );
    const runs = (options.commands ?? []).map((command) => compareCommand(command, places));
    return {
      version: 1,
      mode: 'closure',
      places: places.map(({ storeDir, prefix, prefixBytes }) => ({ storeDir, prefix, prefixBytes })),
      objects,
      derivations: [],
      runs,
      unresolved,
      failedChecks: [...failedChecks],
      ok: failedChecks.size === 0 && objects.every(({ equal }) => equal) && runs.every(({ same }) => same),
    };
  });
}
