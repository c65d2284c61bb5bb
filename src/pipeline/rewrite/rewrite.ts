/**
 * Rewriting in place: store objects that are still being built, or lie in a store of one's own, lose their hardcoded
 * paths where they are. They work there as before, since the relative forms lead to the same objects.
 */

import { existsSync, lstatSync, mkdirSync, symlinkSync } from 'node:fs';
import { byteString, locateGiven, objectsOf, type StoreObject } from '../../store/closure.ts';
import { fsPath } from '../../store/tree.ts';
import { inputsOf } from '../inputs.ts';
import type { ScriptForm } from '../launchers.ts';
import type { ObjectOutcome } from '../object-task.ts';
import { runTasks } from '../pool.ts';
import type { OnProgress } from '../progress.ts';
import { countBy, isUnresolved, reportSite, reportUnopened, totalsOf } from '../report-sites.ts';
import { reportText } from '../report-text.ts';
import { inTemporaryDirectory } from '../temporary.ts';
import { UserError } from '../user-error.ts';
import { verifyResult } from '../verify.ts';
import { exchange } from './exchange.ts';
import type { RewriteReport, RewrittenObject } from './report.ts';

export interface RewriteOptions {
  /** Store objects. */
  readonly paths: readonly string[];
  /** Globs of entries that stay as they are, such as `share/doc/**`. */
  readonly exclude?: readonly string[] | undefined;
  readonly storeDir?: string | undefined;
  readonly aliasPolicy?: 'inherit' | 'close-on-exec' | undefined;
  /** What becomes of makeWrapper's wrappers, and of other programs that are scripts; default: `text`. */
  readonly wrappers?: ScriptForm | undefined;
  readonly scripts?: ScriptForm | undefined;
  readonly workers?: number | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/**
 * Nix records a hash of each valid object, and gives it canonical metadata by then: not writable, changed one second after
 * the epoch (Nix, posix-fs-canonicalise.cc). Other bytes there would be a corrupt store.
 */
function refuseRegistered(root: string, physicalPath: string): void {
  if (!existsSync(Buffer.from(`${root}/../var/nix/db`, 'latin1'))) return;
  const { mode, mtimeMs } = lstatSync(fsPath(physicalPath, ''));
  if (mtimeMs !== 1000 || (mode & 0o222) !== 0) return;
  throw new UserError(
    `'${reportText(physicalPath)}' is a finished object of a Nix store, whose hash Nix has recorded`,
    {
      hint: `make a relocated copy: unmoor relocate ${reportText(physicalPath)} --to DIR`,
    },
  );
}

function rewrittenObject(outcome: ObjectOutcome, dir: string): RewrittenObject {
  const remaining = outcome.sites.filter(({ remedy }) => remedy.kind === 'none');
  return {
    path: `${dir}/${outcome.baseName}`,
    narHash: outcome.narHash,
    references: [...outcome.digestsAfter],
    rewrittenFiles: outcome.rewritten.length,
    byRule: countBy(
      outcome.sites.filter(({ remedy }) => remedy.kind !== 'none'),
      ({ site }) => site.rule,
    ),
    remaining: remaining.map(reportSite),
    ...reportUnopened(outcome),
  };
}

/**
 * Rewrites objects where they lie. Everything is made and checked in a temporary directory first; when a check fails,
 * nothing is changed.
 *
 * @throws {UserError} when a path is no store object, is one whose hash Nix knows, or a check fails; the file system's error when an object cannot
 *   be written to.
 */
export function rewriteInPlace(options: RewriteOptions): Promise<RewriteReport> {
  const { store, objects, trees } = inputsOf(options.paths.map(locateGiven), options.storeDir);
  if (trees.length > 0) {
    throw new UserError(`'${trees[0]}' is no store object`, {
      exitCode: 2,
      hint: 'rewrite takes entries of a store directory, <digest>-<name>',
    });
  }
  for (const { physicalPath } of objects) refuseRegistered(store.root, physicalPath);
  return inTemporaryDirectory('unmoor-rewrite', false, async (work) => {
    const staged = byteString(`${work}/store`);
    mkdirSync(staged);
    const all = objectsOf(store.root);
    const own = new Set(objects.map(({ baseName }) => baseName));
    // What the objects refer to is looked at where it is.
    for (const name of all) if (!own.has(name)) symlinkSync(`${store.root}/${name}`, `${staged}/${name}`);
    let done = 0;
    const outcomes = await runTasks({
      settings: {
        storeDir: store.dir.path,
        storeRoot: store.root,
        knownDigests: all.map((name) => name.slice(0, 32)),
        aliasPolicy: options.aliasPolicy ?? 'inherit',
        wrappers: options.wrappers,
        scripts: options.scripts,
        // What the object's dependents run is not relocated with it.
        aliasReach: 'own-programs',
        exclude: options.exclude,
        keepsTimes: true,
      },
      tasks: objects.map(({ baseName, physicalPath }) => ({
        baseName,
        physicalPath,
        destination: `${staged}/${baseName}`,
      })),
      workers: options.workers,
      onDone: (index) => {
        const label = objects[index]?.baseName ?? '';
        options.onProgress?.({ phase: 'relocate', done: ++done, total: objects.length, label });
      },
    });
    const closure = objects.map((object): StoreObject => ({ ...object, references: [] }));
    const checks = verifyResult({ staged, store, closure, outcomes, shrunk: false });
    const failed = checks.filter(({ ok }) => !ok);
    if (failed.length > 0) {
      throw new UserError(`nothing was rewritten, since a check of the result failed: ${failed[0]?.summary}`, {
        hint: failed.flatMap(({ details }) => details).join('\n  '),
      });
    }
    for (const [i, { physicalPath, baseName }] of objects.entries()) {
      const files = outcomes[i]?.rewritten.map(({ file }) => file) ?? [];
      // Texts that moved must be there before the launchers that need them.
      const isNew = (file: string) => lstatSync(fsPath(physicalPath, file), { throwIfNoEntry: false }) === undefined;
      files.sort((a, b) => Number(isNew(b)) - Number(isNew(a)));
      exchange(physicalPath, `${staged}/${baseName}`, files);
    }
    return {
      version: 1,
      storeDir: store.dir.path,
      objects: outcomes.map((outcome) => rewrittenObject(outcome, store.dir.path)),
      totals: totalsOf(outcomes),
      unresolved: outcomes.reduce((sum, { sites }) => sum + sites.filter(isUnresolved).length, 0),
      checks,
    };
  });
}
