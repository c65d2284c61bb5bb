/** A directory for the time of one action: it goes away with the program, however that ends. */

import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path/posix';
import { removeTree } from './staging.ts';

/**
 * Runs `action` with a fresh directory below the system's temporary one.
 *
 * @param name first part of the directory's name
 * @param keep whether the directory stays when the action succeeds
 */
export async function inTemporaryDirectory<T>(
  name: string,
  keep: boolean,
  action: (work: string) => Promise<T>,
): Promise<T> {
  let work: string | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    if (work !== undefined) removeTree(work);
    process.kill(process.pid, signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.once(signal, onSignal);
  let done = false;
  try {
    work = realpathSync(mkdtempSync(join(tmpdir(), `${name}-`)));
    const result = await action(work);
    done = true;
    return result;
  } finally {
    if (work !== undefined && !(keep && done)) removeTree(work);
    for (const signal of signals) process.removeListener(signal, onSignal);
  }
}
