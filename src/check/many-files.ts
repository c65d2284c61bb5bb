/** Checks many files on several threads; the results come in the order of the files. */

import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type CheckedFile, checkFile, type FileSettings } from './check-file.ts';
import type { Share } from './check-worker.ts';
import type { Candidate } from './files.ts';

/** Fewer files are done before a thread has started. */
const WORTH_A_THREAD = 1500;

const workerUrl = new URL(import.meta.url.endsWith('.ts') ? './check-worker.ts' : './check-worker.js', import.meta.url);

/** @throws the first error of any thread. */
export async function checkFiles(files: readonly Candidate[], settings: FileSettings): Promise<CheckedFile[]> {
  const count = Math.min(availableParallelism(), Math.ceil(files.length / WORTH_A_THREAD));
  const here = (some: readonly Candidate[]) =>
    some.map(({ path, absolute, text }) => checkFile(path, absolute, text, settings));
  if (count <= 1) return here(files);
  const size = Math.ceil(files.length / count);
  const shares = Array.from({ length: count }, (_, i) => files.slice(i * size, (i + 1) * size));
  const away = shares.slice(1).map(
    (share) =>
      new Promise<CheckedFile[]>((resolve, reject) => {
        const worker = new Worker(workerUrl, { workerData: { files: share, settings } satisfies Share });
        worker.once('message', resolve);
        worker.once('error', reject);
        worker.once('exit', () => reject(new Error('a worker thread ended without a result')));
      }),
  );
  // Nothing is left unwatched while this thread does its own share.
  const rest = Promise.all(away);
  rest.catch(() => undefined);
  await new Promise((resolve) => setImmediate(resolve));
  return [...here(shares[0] ?? []), ...(await rest).flat()];
}
