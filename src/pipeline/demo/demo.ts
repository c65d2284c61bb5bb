/** The demonstration: absolute programs, audited, relocated, moved to three prefixes, run there, compared. */

import { chmodSync, mkdirSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path/posix';
import { byteString } from '../../store/closure.ts';
import { narHashOfTree } from '../../store/nar.ts';
import { audit } from '../audit.ts';
import type { OnProgress } from '../progress.ts';
import { unlikePrefixes } from '../proof/prefixes.ts';
import { relocate } from '../relocate.ts';
import type { RelocateReport } from '../report.ts';
import { inTemporaryDirectory } from '../temporary.ts';
import { UserError } from '../user-error.ts';
import { machineSubject } from './machine-subject.ts';
import type { DemoPrefix, DemoReport } from './report.ts';
import { compareRun, type Original, runOriginal } from './run-task.ts';
import type { DemoSubject, DemoTask } from './subject.ts';

export interface DemoOptions {
  /** What to demonstrate with; default: the machine's own programs. */
  readonly subject?: ((work: string) => DemoSubject | Promise<DemoSubject>) | undefined;
  /** Leave the relocated closure (and tell where). */
  readonly keep?: boolean | undefined;
  readonly workers?: number | undefined;
  readonly onProgress?: OnProgress | undefined;
}

const KINDS = ['short', 'long', 'space and non-ASCII letters'] as const;

function runOriginals(subject: DemoSubject, scratch: string): Map<DemoTask, Original> {
  const results = new Map(
    subject.tasks.map((task) => [task, runOriginal(task, { store: subject.storeDir, wrap: [], scratch })] as const),
  );
  for (const [task, { status, stderr }] of results) {
    if (status !== 'exit 0') {
      throw new UserError(`'${task.from}' does not even run before it is relocated: ${status}`, {
        hint: stderr.trim(),
      });
    }
  }
  return results;
}

function checkHashes(store: string, report: RelocateReport): boolean {
  return report.objects.every(
    ({ path, narHash }) => narHashOfTree(byteString(`${store}/${basename(path)}`)) === narHash,
  );
}

/**
 * Demonstrates.
 *
 * @throws {UserError} when there is nothing to demonstrate with.
 */
export function demo(options: DemoOptions = {}): Promise<DemoReport> {
  const keep = options.keep === true;
  const { workers, onProgress } = options;
  return inTemporaryDirectory('unmoor-demo', keep, async (work) => {
    // Others must be able to search it: programs may drop privileges.
    chmodSync(work, 0o755);
    const scratch = join(work, 'scratch');
    const subject = await (options.subject ?? machineSubject)(work);
    const originals = runOriginals(subject, scratch);
    const { totals, objects } = await audit({ paths: subject.paths, closure: true, workers, onProgress });
    let at = `${work}/relocated`;
    const relocation = await relocate({ paths: subject.paths, to: at, workers, onProgress });
    subject.hide();
    const prefixes: DemoPrefix[] = [];
    for (const [i, path] of unlikePrefixes(work).entries()) {
      mkdirSync(join(path, '..'), { recursive: true });
      renameSync(at, path);
      at = path;
      const place = { store: `${path}/store`, wrap: subject.wrap, scratch };
      prefixes.push({
        kind: KINDS[i] as DemoPrefix['kind'],
        path,
        bytes: Buffer.byteLength(path),
        runs: [...originals].map(([task, original]) => compareRun(task, place, original, subject.storeDir)),
        sameHashes: checkHashes(place.store, relocation),
      });
    }
    const failedChecks = relocation.checks.filter(({ ok }) => !ok).map(({ name }) => name);
    return {
      version: 1,
      storeDir: subject.storeDir,
      absence: subject.absence,
      programs: subject.tasks.map(({ name, from, task }) => ({ name, from, task })),
      objects: objects.length,
      audit: { sites: totals.sites, byRule: totals.byRule },
      relocation: {
        rewritten: totals.sites - (relocation.totals.byRemedy.none ?? 0),
        unresolved: relocation.unresolved,
        failedChecks,
      },
      prefixes,
      ...(keep && { kept: at }),
      ok: failedChecks.length === 0 && relocation.unresolved === 0 && prefixes.every(isAsBefore),
    };
  });
}

function isAsBefore({ runs, sameHashes }: DemoPrefix): boolean {
  return sameHashes && runs.every(({ sameOutput, librariesOutside }) => sameOutput && librariesOutside.length === 0);
}
