/** The worker thread's side of the pool: one object at a time, in plain data. */

import { parentPort, workerData } from 'node:worker_threads';
import type { ObjectTask } from './object-task.ts';
import type { WorkerReply } from './pool.ts';
import { objectProcessor } from './process-object.ts';
import type { RunSettings } from './run-settings.ts';
import { wireError } from './wire-error.ts';

const process = objectProcessor(workerData as RunSettings);

parentPort?.on('message', async ({ index, task }: { index: number; task: ObjectTask }) => {
  let reply: WorkerReply;
  try {
    reply = { index, outcome: await process(task) };
  } catch (error) {
    reply = { index, error: wireError(error) };
  }
  parentPort?.postMessage(reply);
});
