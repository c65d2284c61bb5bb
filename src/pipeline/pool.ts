/**
 * Runs object tasks on worker threads. Results come back in the order of the tasks, whatever the number of workers and
 * whoever finishes first.
 */

import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { InternalError } from './internal-error.ts';
import type { ObjectOutcome, ObjectTask } from './object-task.ts';
import { objectProcessor } from './process-object.ts';
import type { RunSettings } from './run-settings.ts';
import { reviveError, type WireError } from './wire-error.ts';

export type WorkerReply =
  | { readonly index: number; readonly outcome: ObjectOutcome }
  | { readonly index: number; readonly error: WireError };

export interface PoolOptions {
  readonly settings: RunSettings;
  readonly tasks: readonly ObjectTask[];
  /** Threads; 1 runs everything in this thread. Default: one for each core. */
  readonly workers?: number | undefined;
  /** Called after each finished object. */
  readonly onDone?: ((index: number) => void) | undefined;
}

const workerUrl = new URL(
  import.meta.url.endsWith('.ts') ? './object-worker.ts' : './object-worker.js',
  import.meta.url,
);

/**
 * Processes all tasks.
 *
 * @throws the first error of any task, after all workers have stopped.
 */
export async function runTasks(options: PoolOptions): Promise<ObjectOutcome[]> {
  const count = Math.min(options.workers ?? availableParallelism(), options.tasks.length);
  if (count <= 1) return runHere(options);
  const outcomes: ObjectOutcome[] = [];
  let next = 0;
  let failure: unknown;
  const threads = Array.from({ length: count }, () => new Worker(workerUrl, { workerData: options.settings }));
  try {
    await Promise.all(
      threads.map(
        (thread) =>
          new Promise<void>((resolve) => {
            const fail = (error: unknown) => {
              failure ??= error;
              resolve();
            };
            const feed = () => {
              const task = options.tasks[next];
              if (task === undefined || failure !== undefined) return resolve();
              thread.postMessage({ index: next++, task });
            };
            thread.on('message', (reply: WorkerReply) => {
              if ('error' in reply) return fail(reviveError(reply.error));
              outcomes[reply.index] = reply.outcome;
              options.onDone?.(reply.index);
              feed();
            });
            thread.on('error', fail);
            thread.on('exit', () => resolve());
            feed();
          }),
      ),
    );
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
  if (failure !== undefined) throw failure;
  for (const index of options.tasks.keys()) {
    if (outcomes[index] === undefined) throw new InternalError('a worker thread ended without a result');
  }
  return outcomes;
}

async function runHere({ settings, tasks, onDone }: PoolOptions): Promise<ObjectOutcome[]> {
  const process = objectProcessor(settings);
  const outcomes: ObjectOutcome[] = [];
  for (const [index, task] of tasks.entries()) {
    outcomes.push(await process(task));
    onDone?.(index);
    // Lets signals and the progress bar have their turn.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return outcomes;
}
