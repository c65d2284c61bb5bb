/**
 * The proof across real store directories: Nix builds a derivation under each, the results are relocated, and their
 * bytes compared after digests were mapped onto each other along the derivation graph.
 */

import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path/posix';
import { relocate } from '../relocate.ts';
import { inTemporaryDirectory } from '../temporary.ts';
import { UserError } from '../user-error.ts';
import { alignGraphs, type Graph, type GraphDifference, readGraph } from './derivation-graph.ts';
import { defaultStoreDir, lines, type NixStore, nixStore } from './nix.ts';
import type { ProofOptions } from './options.ts';
import { unlikePrefixes } from './prefixes.ts';
import { type ProvenPlace, proveObjects } from './prove.ts';
import type { ProofReport } from './report.ts';
import { filesThatVary } from './reproducibility.ts';
import { compareCommand } from './run-commands.ts';

export interface BuildProofOptions extends ProofOptions {
  /** A file with a Nix expression. */
  readonly expression: string;
  /** Attribute path, as `nix-build -A` takes it; undefined for the expression itself. */
  readonly attribute?: string | undefined;
  /** Default: two temporary ones of the same length. */
  readonly storeDirs: readonly string[];
  /** More words for Nix, such as `--argstr system x86_64-linux`. */
  readonly nixArguments: readonly string[];
}

interface Built {
  readonly nix: NixStore;
  readonly graph: Graph;
  readonly outputs: readonly string[];
}

/** Nix wants a store directory without symbolic links in its path; directories are made as far as they are missing. */
function prepared(directory: string): string {
  const parent = dirname(resolve(directory));
  mkdirSync(parent, { recursive: true });
  return join(realpathSync(parent), basename(directory));
}

async function build(options: BuildProofOptions, dir: string, isDefault: boolean): Promise<Built> {
  const nix = nixStore(dir, isDefault, []);
  const attribute = options.attribute === undefined ? [] : ['-A', options.attribute];
  const [derivation, ...more] = await lines(nix, 'nix-instantiate', [
    resolve(options.expression),
    ...attribute,
    ...options.nixArguments,
  ]);
  if (derivation === undefined || more.length > 0) {
    throw new UserError(`'${options.expression}' gives ${more.length + (derivation ? 1 : 0)} derivations, not one`, {
      exitCode: 2,
      hint: 'name one with --attr',
    });
  }
  const root = derivation.replace(/!.*$/, '');
  const outputs = await lines(nix, 'nix-store', ['--realise', root]);
  return { nix, graph: readGraph(root, dir), outputs };
}

/** Tells by a second build which files of an object vary. Objects that no derivation of the graph made do not. */
function varyingFilesOf({ nix, graph }: Built): (baseName: string) => Promise<ReadonlySet<string> | undefined> {
  return async (baseName) => {
    const output = `${nix.dir}/${baseName}`;
    const node = graph.producers.get(output);
    return node === undefined ? new Set() : filesThatVary(nix, node.path, output);
  };
}

/**
 * Builds, relocates and compares.
 *
 * @throws {UserError} when Nix is missing, or the expression does not evaluate or build.
 */
export function verifyBuilds(options: BuildProofOptions): Promise<ProofReport> {
  if (!existsSync(options.expression)) {
    throw new UserError(`${options.expression}: no such file or directory`, { exitCode: 2 });
  }
  return inTemporaryDirectory('unmoor-verify', options.keep === true, async (work) => {
    const chosen =
      options.storeDirs.length > 0 ? options.storeDirs : [join(work, 'a', 'store'), join(work, 'b', 'store')];
    if (new Set(chosen).size < 2) {
      throw new UserError('at least two store directories are needed', { exitCode: 2, hint: 'give --store-dir twice' });
    }
    const ordinary = await defaultStoreDir();
    const built: Built[] = [];
    for (const [done, directory] of chosen.entries()) {
      options.onProgress?.({ phase: 'build', done, total: chosen.length, label: directory });
      const isDefault = directory === ordinary;
      built.push(await build(options, isDefault ? directory : prepared(directory), isDefault));
    }
    const [first, ...others] = built as [Built, ...Built[]];
    const differences: GraphDifference[] = [];
    const digests = [
      first.graph.canonical,
      ...others.map(({ graph }) => {
        const alignment = alignGraphs(first.graph, graph);
        differences.push(...alignment.differences);
        return alignment.canonical;
      }),
    ];
    const prefixes = options.prefixes?.length ? options.prefixes : unlikePrefixes(work);
    const places: ProvenPlace[] = [];
    const failedChecks = new Set<string>();
    let unresolved = 0;
    for (const [i, { nix, outputs }] of built.entries()) {
      const prefix = prefixes[i] ?? join(work, `prefix-${i}`);
      mkdirSync(dirname(prefix), { recursive: true });
      const report = await relocate({
        paths: outputs,
        to: prefix,
        storeDir: nix.dir,
        workers: options.workers,
        onProgress: options.onProgress,
      });
      for (const { ok, name } of report.checks) if (!ok) failedChecks.add(name);
      if (i === 0) unresolved = report.unresolved;
      places.push({
        storeDir: nix.dir,
        prefix,
        prefixBytes: Buffer.byteLength(prefix),
        storeRoot: nix.dir,
        digests: digests[i] ?? new Map(),
        baseNames: report.objects.map(({ path }) => basename(path)),
      });
    }
    const objects = await proveObjects(places, varyingFilesOf(first), (done, total, label) =>
      options.onProgress?.({ phase: 'compare', done, total, label }),
    );
    const runs = (options.commands ?? []).map((command) => compareCommand(command, places));
    return {
      version: 1,
      mode: 'builds',
      places: places.map(({ storeDir, prefix, prefixBytes }) => ({ storeDir, prefix, prefixBytes })),
      objects,
      derivations: differences,
      runs,
      unresolved,
      failedChecks: [...failedChecks],
      ok:
        failedChecks.size === 0 &&
        differences.length === 0 &&
        objects.every(({ equal }) => equal) &&
        runs.every(({ same }) => same),
    };
  });
}
