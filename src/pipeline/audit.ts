/** The audit: every occurrence in the objects (or trees) that were asked for, explained, with what a relocation would do. */

import { closureOf, locateGiven, objectsOf, recordedHashes } from '../store/closure.ts';
import { storeDir } from '../store/store-path.ts';
import { type Input, inputsOf } from './inputs.ts';
import type { ScriptForm } from './launchers.ts';
import type { ObjectOutcome, ObjectTask } from './object-task.ts';
import { runTasks } from './pool.ts';
import type { OnProgress } from './progress.ts';
import type { AuditReport, ReportObject } from './report.ts';
import { reportSite, reportUnopened, totalsOf } from './report-sites.ts';
import { reportText } from './report-text.ts';

export interface AuditOptions {
  /** Store objects, paths inside one, links to one, or any trees and files. */
  readonly paths: readonly string[];
  /** Audit the closures of the objects too. */
  readonly closure: boolean;
  /** The store directory that the paths name. Default: the directory of the first store object, else /nix/store. */
  readonly storeDir?: string | undefined;
  readonly aliasPolicy?: 'inherit' | 'close-on-exec' | undefined;
  /** What becomes of makeWrapper's wrappers, and of other programs that are scripts; default: `text`. */
  readonly wrappers?: ScriptForm | undefined;
  readonly scripts?: ScriptForm | undefined;
  /** Whether to tell what a relocation changes in texts. */
  readonly changes?: boolean | undefined;
  readonly workers?: number | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/**
 * Audits.
 *
 * @throws {UserError | TreeError} for paths that are missing or unreadable, {InternalError} when law 1 is broken.
 */
export async function audit(options: AuditOptions): Promise<AuditReport> {
  const located = options.paths.map(locateGiven);
  const { store, objects, trees } = inputsOf(located, options.storeDir);
  const chosen =
    options.closure && objects.length > 0
      ? closureOf(
          objects.map(({ baseName }) => baseName),
          store,
        ).map(({ baseName, physicalPath }) => ({ baseName, physicalPath }))
      : objects;
  const inputs: Input[] = [...chosen, ...trees.map((physicalPath) => ({ baseName: undefined, physicalPath }))];
  const hashes = recordedHashes(
    chosen.map(({ baseName }) => baseName),
    store,
  );
  const tasks: ObjectTask[] = inputs.map((input) => ({
    ...input,
    destination: undefined,
    narHash: input.baseName === undefined ? undefined : hashes.get(input.baseName),
  }));
  const knownDigests = objects.length > 0 ? objectsOf(store.root).map((name) => name.slice(0, 32)) : [];
  const names = new Map(objects.length > 0 ? objectsOf(store.root).map((name) => [name.slice(0, 32), name]) : []);
  options.onProgress?.({ phase: 'audit', done: 0, total: tasks.length, label: '' });
  let done = 0;
  const outcomes = await runTasks({
    settings: {
      storeDir: store.dir.path,
      storeRoot: store.root,
      knownDigests,
      aliasPolicy: options.aliasPolicy ?? 'inherit',
      wrappers: options.wrappers,
      scripts: options.scripts,
      changes: options.changes,
    },
    tasks,
    workers: options.workers,
    onDone: (index) => {
      const label = inputs[index]?.baseName ?? '';
      options.onProgress?.({ phase: 'audit', done: ++done, total: tasks.length, label });
    },
  });
  return {
    version: 1,
    storeDir: store.dir.path,
    objects: outcomes.map((outcome, index) => {
      const object = reportObject(outcome, inputs[index] as Input, store.dir.path, names);
      return options.changes ? { ...object, changes: outcome.changes } : object;
    }),
    totals: totalsOf(outcomes),
  };
}

function reportObject(
  outcome: ObjectOutcome,
  input: Input,
  dir: string,
  names: ReadonlyMap<string, string>,
): ReportObject {
  return {
    path: input.baseName === undefined ? reportText(input.physicalPath) : `${storeDir(dir).path}/${input.baseName}`,
    narHash: outcome.narHash,
    references: outcome.digestsBefore.map((digest) => `${dir}/${names.get(digest)}`).sort(),
    sites: outcome.sites.map(reportSite),
    ...reportUnopened(outcome),
    bareMentions: outcome.bareMentions,
    size: outcome.size,
  };
}
