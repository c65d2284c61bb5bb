/**
 * Measures the contributor check, as it is installed: a big tree of Nix files, and one staged file in it.
 *
 * usage: node bench/check.ts [FILES]
 */

import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measure } from './measure.ts';
import { writeNixTree } from './nix-tree.ts';

const FILES = Number(process.argv[2] ?? 20_000);
const ROUNDS = 5;

const root = fileURLToPath(new URL('..', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'unmoor-bench-'));
const tree = join(work, 'tree');
const git = (...args: string[]) =>
  execFileSync('git', ['-C', tree, '-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { stdio: 'ignore' });

try {
  execFileSync(process.execPath, [
    join(root, 'node_modules/typescript/bin/tsc'),
    '-p',
    join(root, 'tsconfig.build.json'),
  ]);
  const bytes = writeNixTree(tree, FILES);
  git('init', '-q');
  git('add', '-A');
  git('commit', '-qm', 'all');
  const cli = join(root, 'dist/cli/main.js');
  process.env.NODE_COMPILE_CACHE = join(work, 'cache');
  const command = (name: string, ...args: string[]) => ({
    name,
    argv: [process.execPath, cli, 'check', '--quiet', ...args],
    cwd: tree,
  });
  const first = measure([command(`the whole tree, ${FILES} files, ${(bytes / 1e6).toFixed(0)} MB`)], ROUNDS);
  appendFileSync(join(tree, 'pkgs/0/package-1/package.nix'), '\n# changed\n');
  git('add', '-A');
  const then = measure(
    [command('one staged file (--staged)', '--staged'), command('one file by name', 'pkgs/0/package-1/package.nix')],
    ROUNDS,
  );
  process.stdout.write(`${availableParallelism()} cores\n\n| what | time | memory |\n| --- | --- | --- |\n`);
  for (const { name, median, peak } of [...first, ...then]) {
    process.stdout.write(`| ${name} | ${(median / 1000).toFixed(2)} s | ${peak.toFixed(0)} MB |\n`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
