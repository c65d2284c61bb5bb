/** Which objects of a closure something at work, or a build, needs: the rest is named by dead paths only. */

import type { StoreObject } from '../store/closure.ts';
import { runTasks } from './pool.ts';
import type { OnProgress } from './progress.ts';
import type { RunSettings } from './run-settings.ts';

interface LiveOptions {
  readonly workers?: number | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/**
 * Reads the whole closure as a shrinking relocation would write it, and follows the digests that are left.
 *
 * @param roots base names of the objects that were asked for
 * @returns what the roots reach, in the order of the closure, with the references that are left
 */
export async function liveObjects(
  closure: readonly StoreObject[],
  roots: readonly string[],
  settings: RunSettings,
  { workers, onProgress }: LiveOptions,
): Promise<StoreObject[]> {
  let done = 0;
  const outcomes = await runTasks({
    settings: { ...settings, shrink: 'all' },
    tasks: closure.map(({ baseName, physicalPath }) => ({ baseName, physicalPath, destination: undefined })),
    workers,
    onDone: (index) => {
      const label = closure[index]?.baseName ?? '';
      onProgress?.({ phase: 'audit', done: ++done, total: closure.length, label });
    },
  });
  const left = new Map(closure.map(({ baseName }, i) => [baseName, new Set(outcomes[i]?.digestsAfter)]));
  const live = closure.map((object) => {
    const digests = left.get(object.baseName);
    return { ...object, references: object.references.filter((name) => digests?.has(name.slice(0, 32))) };
  });
  const byName = new Map(live.map((object) => [object.baseName, object]));
  const reached = new Set(roots);
  for (const name of reached) for (const reference of byName.get(name)?.references ?? []) reached.add(reference);
  return live.filter(({ baseName }) => reached.has(baseName));
}
