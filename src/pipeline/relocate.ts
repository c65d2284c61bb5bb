/** The relocation: a closure, rewritten, checked, and put into a directory that works wherever it is moved. */

import { mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path/posix';
import { byteString, closureOf, locateGiven, physical, type StoreObject } from '../store/closure.ts';
import { inputsOf, STORE_MARKER } from './inputs.ts';
import type { ScriptForm } from './launchers.ts';
import { liveObjects } from './live-objects.ts';
import type { ObjectOutcome } from './object-task.ts';
import { runTasks } from './pool.ts';
import type { OnProgress } from './progress.ts';
import type { RelocatedObject, RelocateReport } from './report.ts';
import { countBy, isUnresolved, reportSite, reportUnopened, totalsOf } from './report-sites.ts';
import { reportText } from './report-text.ts';
import type { RunSettings } from './run-settings.ts';
import { stage } from './staging.ts';
import { UserError } from './user-error.ts';
import { verifyResult } from './verify.ts';

export interface RelocateOptions {
  /** Store objects, paths inside one, or links to one. */
  readonly paths: readonly string[];
  /** The directory to make. */
  readonly to: string;
  readonly storeDir?: string | undefined;
  readonly aliasPolicy?: 'inherit' | 'close-on-exec' | undefined;
  /** What becomes of makeWrapper's wrappers, and of other programs that are scripts; default: `text`. */
  readonly wrappers?: ScriptForm | undefined;
  readonly scripts?: ScriptForm | undefined;
  /** Whether objects that only documentation, debug information or unused search path entries name are left behind. */
  readonly shrink?: boolean | undefined;
  readonly workers?: number | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/**
 * Relocates the closure of `paths` into `to`: `store/<base name>`, and `bin/` with links to the programs of the
 * objects that were named. The input is only read.
 *
 * @throws {UserError} when the target exists, or a path is no store object; {TreeError} for what cannot be read or
 *   must be refused; the file system's own error when the disk is full. Nothing is left behind then.
 */
export async function relocate(options: RelocateOptions): Promise<RelocateReport> {
  const located = options.paths.map(locateGiven);
  const { store, objects, trees } = inputsOf(located, options.storeDir);
  if (trees.length > 0) {
    throw new UserError(`'${trees[0]}' is no store object`, {
      exitCode: 2,
      hint: `relocate takes entries of a store directory, <digest>-<name>; 'unmoor adopt' makes some from ordinary programs`,
    });
  }
  if (`${resolve(options.to)}/`.startsWith(`${store.root}/`)) {
    throw new UserError(`'${options.to}' lies inside the store directory '${store.root}'`, {
      exitCode: 2,
      hint: 'relocate into a directory outside of it',
    });
  }
  const roots = objects.map(({ baseName }) => baseName);
  const whole = closureOf(roots, store);
  const settings: RunSettings = {
    storeDir: store.dir.path,
    storeRoot: store.root,
    knownDigests: whole.map(({ baseName }) => baseName.slice(0, 32)),
    aliasPolicy: options.aliasPolicy ?? 'inherit',
    wrappers: options.wrappers,
    scripts: options.scripts,
  };
  const closure = options.shrink ? await liveObjects(whole, roots, settings, options) : whole;
  const kept = new Set(closure.map(({ baseName }) => baseName));
  const dropped = whole.filter(({ baseName }) => !kept.has(baseName));
  const staging = stage(options.to);
  try {
    mkdirSync(`${staging.path}/store`);
    // Node looks for a package.json in every directory above a module; one above the prefix must not count.
    writeFileSync(`${staging.path}/store/${STORE_MARKER}`, `${store.dir.path}\n`, { mode: 0o444 });
    writeFileSync(`${staging.path}/store/package.json`, '{}\n', { mode: 0o444 });
    const staged = physical(byteString(`${staging.path}/store`));
    let done = 0;
    const outcomes = await runTasks({
      settings: options.shrink
        ? { ...settings, shrink: dropped.map(({ baseName }) => baseName.slice(0, 32)) }
        : settings,
      tasks: closure.map(({ baseName, physicalPath }) => ({
        baseName,
        physicalPath,
        destination: `${staged}/${baseName}`,
      })),
      workers: options.workers,
      onDone: (index) => {
        const label = closure[index]?.baseName ?? '';
        options.onProgress?.({ phase: 'relocate', done: ++done, total: closure.length, label });
      },
    });
    options.onProgress?.({ phase: 'verify', done: 0, total: 1, label: '' });
    const checks = verifyResult({ staged, store, closure, outcomes, shrunk: options.shrink === true });
    const programs = linkPrograms(staging.path, roots);
    staging.commit();
    return {
      version: 1,
      storeDir: store.dir.path,
      to: reportText(Buffer.from(resolve(options.to)).toString('latin1')),
      objects: outcomes.map((outcome, index) =>
        relocatedObject(outcome, closure[index] as StoreObject, store.dir.path),
      ),
      ...(options.shrink && { dropped: dropped.map(({ baseName }) => `${store.dir.path}/${baseName}`) }),
      programs,
      totals: totalsOf(outcomes),
      unresolved: outcomes.reduce((sum, { sites }) => sum + sites.filter(isUnresolved).length, 0),
      checks,
    };
  } catch (error) {
    staging.abandon();
    throw error;
  }
}

function relocatedObject(outcome: ObjectOutcome, object: StoreObject, dir: string): RelocatedObject {
  const remaining = outcome.sites.filter(({ remedy }) => remedy.kind === 'none');
  return {
    path: `${dir}/${object.baseName}`,
    output: `store/${object.baseName}`,
    narHash: outcome.narHash,
    references: object.references
      .filter((reference) => outcome.digestsAfter.includes(reference.slice(0, 32)))
      .map((reference) => `${dir}/${reference}`),
    rewrittenFiles: outcome.rewritten.length,
    byRule: countBy(
      outcome.sites.filter(({ remedy }) => remedy.kind !== 'none'),
      ({ site }) => site.rule,
    ),
    remaining: remaining.map(reportSite),
    ...reportUnopened(outcome),
  };
}

/** Links `bin/NAME` to each object's programs; the first object that has a name keeps it. */
function linkPrograms(target: string, baseNames: readonly string[]): string[] {
  mkdirSync(`${target}/bin`);
  const programs: string[] = [];
  for (const baseName of baseNames) {
    const bin = `${target}/store/${baseName}/bin`;
    if (!statSync(bin, { throwIfNoEntry: false })?.isDirectory()) continue;
    for (const name of readdirSync(Buffer.from(bin), { encoding: 'latin1' }).sort()) {
      if (name.startsWith('.') || programs.includes(name)) continue;
      const link = Buffer.from(`../store/${baseName}/bin/${name}`, 'latin1');
      symlinkSync(link, Buffer.concat([Buffer.from(`${target}/bin/`), Buffer.from(name, 'latin1')]));
      programs.push(name);
    }
  }
  return programs.map(reportText);
}
