/**
 * The demo: programs of this machine become store objects with absolute paths, are relocated, moved to three prefixes,
 * and run there while the store is gone. Everything happens below one temporary directory.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path/posix';
import { byteString } from '../../store/closure.ts';
import { narHashOfTree } from '../../store/nar.ts';
import { adopt } from '../adopt/adopt.ts';
import { audit } from '../audit.ts';
import { relocate } from '../relocate.ts';
import { removeTree } from '../staging.ts';
import { type DemoProgram, demoPrograms } from './programs.ts';

export interface DemoRun {
  readonly program: string;
  readonly prefix: string;
  readonly ok: boolean;
  /** What was printed, trimmed. */
  readonly output: string;
}

export interface DemoReport {
  readonly version: 1;
  readonly storeDir: string;
  readonly objects: number;
  readonly hardcodedPaths: number;
  readonly prefixes: readonly { readonly name: string; readonly path: string; readonly narHashesEqual: boolean }[];
  readonly runs: readonly DemoRun[];
  readonly ok: boolean;
}

/** Says what is being done. */
export type OnStep = (text: string) => void;

function output(path: string, program: DemoProgram): string {
  const result = spawnSync(path, program.args, {
    input: program.input,
    encoding: 'utf8',
    // As root, Python would write its bytecode into the read-only tree.
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', HOME: '/', PYTHONDONTWRITEBYTECODE: '1' },
  });
  return result.status === 0
    ? result.stdout
    : `exit ${result.status ?? result.signal ?? result.error?.message}\n${result.stderr}`;
}

/** The places that the result is moved to, one after the other. */
function prefixesBelow(directory: string): { readonly name: string; readonly path: string }[] {
  const long = join(
    directory,
    ...Array.from({ length: 5 }, (_, i) => `a-rather-long-directory-name-number-${i}-0123456789`),
  );
  return [
    { name: 'short', path: join(directory, 'x') },
    { name: `${long.length} bytes`, path: long },
    { name: 'space, non-ASCII', path: join(directory, 'naïve dir', 'Zürich 東京') },
  ];
}

function hashesOf(store: string): string {
  return readdirSync(store)
    .sort()
    .map((name) => `${name} ${narHashOfTree(byteString(join(store, name)))}`)
    .join('\n');
}

/**
 * Runs the demo.
 *
 * @param keep leave the relocated directory where it was moved last
 * @throws {UserError} when a program of this machine cannot be adopted.
 */
export async function demo(onStep: OnStep, keep = false): Promise<DemoReport> {
  const programs = demoPrograms();
  const work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-demo-')));
  try {
    const expected = programs.map((program) => output(program.path, program));
    const storeDir = join(work, 'absolute', 'store');
    onStep(`Making store objects of ${programs.map(({ name }) => name).join(', ')} and their libraries in ${storeDir}`);
    const adopted = programs.map((program) => adopt({ programs: [program.path], to: storeDir, trees: program.trees }));
    const objects = [...new Set(adopted.flatMap((report) => report.objects.map(({ path }) => path)))];
    const roots = adopted.flatMap((report) =>
      report.objects.filter(({ isProgram }) => isProgram).map(({ path }) => path),
    );
    onStep(`Auditing ${objects.length} objects`);
    const report = await audit({ paths: roots, closure: true });
    onStep(`Found ${report.totals.occurrences} hardcoded paths; relocating`);
    let current = join(work, 'relocated');
    await relocate({ paths: roots, to: current });
    const original = hashesOf(join(current, 'store'));
    onStep('Taking the store away');
    renameSync(storeDir, `${storeDir}-gone`);
    const runs: DemoRun[] = [];
    const prefixes = prefixesBelow(work).map(({ name, path }) => {
      mkdirSync(dirname(path), { recursive: true });
      renameSync(current, path);
      current = path;
      onStep(`Running from ${path}`);
      for (const [i, program] of programs.entries()) {
        const printed = output(join(path, 'bin', basename(program.path)), program);
        runs.push({ program: program.name, prefix: name, ok: printed === expected[i], output: printed.trim() });
      }
      return { name, path, narHashesEqual: hashesOf(join(path, 'store')) === original };
    });
    const ok = runs.length > 0 && runs.every((run) => run.ok) && prefixes.every(({ narHashesEqual }) => narHashesEqual);
    return {
      version: 1,
      storeDir,
      objects: objects.length,
      hardcodedPaths: report.totals.occurrences,
      prefixes,
      runs,
      ok,
    };
  } finally {
    if (!keep && existsSync(work)) removeTree(work);
  }
}
