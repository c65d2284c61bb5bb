/** The worker thread's side: a share of the files, in one go. */

import { parentPort, workerData } from 'node:worker_threads';
import { checkFile, type FileSettings } from './check-file.ts';
import type { Candidate } from './files.ts';

export interface Share {
  readonly files: readonly Candidate[];
  readonly settings: FileSettings;
}

const { files, settings } = workerData as Share;
parentPort?.postMessage(files.map(({ path, absolute, text }) => checkFile(path, absolute, text, settings)));
