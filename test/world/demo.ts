/** `unmoor demo --nix`: the demo with programs that real Nix built below /nix/store. */

import { mkdirSync, mkdtempSync, realpathSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path/posix';
import { audit } from '../../src/pipeline/audit.ts';
import type { DemoReport, OnStep } from '../../src/pipeline/demo/demo.ts';
import { relocate } from '../../src/pipeline/relocate.ts';
import { removeTree } from '../../src/pipeline/staging.ts';
import { byteString } from '../../src/store/closure.ts';
import { narHashOfTree } from '../../src/store/nar.ts';
import { buildWorld } from './build.ts';
import { smokeTests } from './programs.ts';
import { runProgram } from './run.ts';

/** Builds the world if need be, relocates it, and runs every program from three places with /nix masked. */
export async function worldDemo(onStep: OnStep): Promise<DemoReport> {
  onStep('Building the package world with Nix (minutes, the first time)');
  const world = buildWorld();
  const roots = Object.values(world);
  const work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-demo-')));
  try {
    const { totals } = await audit({ paths: roots, closure: true });
    onStep(`Found ${totals.occurrences} hardcoded paths below /nix/store; relocating`);
    let here = join(work, 'relocated');
    const report = await relocate({ paths: roots, to: here });
    const runs: DemoReport['runs'][number][] = [];
    const long = join(work, ...Array.from({ length: 4 }, (_, i) => `${i}`.padEnd(60, '-long')));
    const places = [
      { name: 'short', path: join(work, 'x') },
      { name: `${long.length} bytes`, path: long },
      { name: 'space, non-ASCII', path: join(work, 'naïve dir', 'Zürich 東京') },
    ];
    const prefixes = places.map(({ name, path }) => {
      mkdirSync(dirname(path), { recursive: true });
      renameSync(here, path);
      here = path;
      onStep(`Running ${smokeTests.length} programs from ${path}, with /nix masked`);
      for (const smoke of smokeTests) {
        const object = world[smoke.package] as string;
        const expected = runProgram(join(object, smoke.program), smoke);
        const result = runProgram(join(path, 'store', basename(object), smoke.program), { ...smoke, masked: true });
        const ok = result.status === 0 && result.stdout === expected.stdout;
        runs.push({ program: smoke.name, prefix: name, ok, output: (result.stdout + result.stderr).trim() });
      }
      const narHashesEqual = report.objects.every(
        ({ output, narHash }) => narHashOfTree(byteString(join(path, output))) === narHash,
      );
      return { name, path, narHashesEqual };
    });
    const ok = runs.every((run) => run.ok) && prefixes.every(({ narHashesEqual }) => narHashesEqual);
    return {
      version: 1,
      storeDir: '/nix/store',
      objects: report.objects.length,
      hardcodedPaths: totals.occurrences,
      prefixes,
      runs,
      ok,
    };
  } finally {
    removeTree(work);
  }
}
