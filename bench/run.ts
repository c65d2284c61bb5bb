/**
 * Measures Unmoor on the package world, side by side with its peers in one run, and prints Markdown tables.
 *
 * usage: npm run bench            (needs root and the packages of test/requirements.apt)
 */

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { relocate } from '../src/pipeline/relocate.ts';
import { removeTree } from '../src/pipeline/staging.ts';
import { buildWorld } from '../test/world/build.ts';
import { type Command, measure, median, type Timing } from './measure.ts';

const START_ROUNDS = 1000;
const ROUNDS = 7;

const here = fileURLToPath(new URL('.', import.meta.url));
const cli = join(here, '../dist/cli/main.js');
const node = process.execPath;
const world = buildWorld();
const work = mkdtempSync(join(tmpdir(), 'unmoor-bench-'));
const closure = execFileSync('nix-store', ['--query', '--requisites', ...Object.values(world)], { encoding: 'utf8' })
  .trim()
  .split('\n');

function row(cells: readonly (string | number)[]): string {
  return `| ${cells.join(' | ')} |`;
}

function print(title: string, header: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  process.stdout.write(
    `\n## ${title}\n\n${[row(header), row(header.map(() => '---')), ...rows.map(row)].join('\n')}\n`,
  );
}

function build(): void {
  execFileSync(node, [join(here, '../node_modules/typescript/bin/tsc'), '-p', join(here, '../tsconfig.build.json')]);
}

/** Start of programs: original, relocated, through a static launcher, in a mount namespace. */
async function benchStart(): Promise<void> {
  const moved = join(work, 'moved');
  await relocate({ paths: Object.values(world), to: moved });
  const timer = join(work, 'start-times');
  execFileSync('gcc', ['-O2', '-o', timer, join(here, 'start-times.c')]);
  const glibc = world.glibc as string;
  const subjects: [string, string, string, string[]][] = [
    ['hello', 'hello', 'bin/hello', []],
    ['bash', 'bash', 'bin/bash', ['-c', ':']],
    ['perl', 'perl', 'bin/perl', ['-e', '0']],
    ['git', 'git', 'bin/git', ['--version']],
    ['python', 'python', 'bin/python3.11', ['-S', '-c', 'pass']],
    ['C++', 'probes', 'bin/exceptions', []],
    ['script: bash', 'scripts', 'bin/hello-wrapped', []],
    ['script: python', 'scripts', 'bin/python-script', []],
  ];
  const rows = subjects.map(([name, packageName, file, args]) => {
    const object = world[packageName] as string;
    const original = join(object, file);
    const relocated = join(moved, 'store', basename(object), file);
    const isScript = packageName === 'scripts';
    const launcher = join(work, `launcher-${name.replaceAll(/\W/g, '-')}`);
    const loader = join(moved, 'store', basename(glibc), 'lib/ld-linux-x86-64.so.2');
    execFileSync('musl-gcc', [
      '-O2',
      '-static',
      '-o',
      launcher,
      join(here, 'launcher.c'),
      `-DLOADER="${loader}"`,
      `-DPROGRAM="${original}"`,
    ]);
    const commands = [
      [original, ...args],
      [relocated, ...args],
      ...(isScript ? [] : [[launcher, ...args]]),
      ['/usr/bin/bwrap', '--dev-bind', '/', '/', original, ...args],
    ];
    const rounds = isScript ? START_ROUNDS / 4 : START_ROUNDS;
    const result = spawnSync(timer, [String(rounds)], {
      input: commands
        .map((c) => c.join('\t'))
        .join('\n')
        .concat('\n'),
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
    });
    if (result.status !== 0) throw new Error(result.stderr);
    const medians = result.stdout
      .trim()
      .split('\n')
      .map((line) => median(line.trim().split(' ').map(Number)));
    const [first, second, ...others] = medians as [number, number, ...number[]];
    const ratio = (value: number | undefined) => (value === undefined ? '-' : (value / first).toFixed(2));
    return [
      name,
      `${(first / 1000).toFixed(0)} µs`,
      (second / first).toFixed(3),
      ratio(isScript ? undefined : others[0]),
      ratio(others.at(-1)),
    ];
  });
  print(
    `Start of a program, median of ${START_ROUNDS} shuffled runs, ratio to the original`,
    ['program', 'original', 'relocated', 'static launcher + ld.so', 'bwrap'],
    rows,
  );
  removeTree(moved);
}

function ratios(title: string, timings: readonly Timing[], base: number): void {
  const reference = timings[base]?.median ?? Number.NaN;
  print(
    title,
    ['command', 'median', 'ratio', 'peak memory'],
    timings.map(({ name, median: value, peak }) => [
      name,
      `${value.toFixed(0)} ms`,
      (value / reference).toFixed(2),
      peak > 0 ? `${peak.toFixed(0)} MiB` : '-',
    ]),
  );
}

function benchAudit(): void {
  const own: Command = {
    name: 'unmoor audit --closure --format json',
    argv: [node, cli, 'audit', '--closure', '--format', 'json', ...Object.values(world)],
  };
  const peer: Command = {
    name: 'rg -uuu -a -c -F /nix/store',
    argv: ['rg', '-uuu', '-a', '-c', '-F', '/nix/store', ...closure],
  };
  ratios('Audit of the world', measure([peer, own], ROUNDS), 0);
}

function benchRelocate(): void {
  const target = join(work, 'target');
  const clean = () => {
    if (existsSync(target)) removeTree(target);
  };
  const elves = execFileSync(
    'sh',
    [
      '-c',
      `find ${closure.join(' ')} -type f -size +0 -exec sh -c 'for f; do [ "$(head -c 4 "$f" | tail -c 3)" = ELF ] && echo "$f"; done; true' sh {} +`,
    ],
    { encoding: 'utf8', maxBuffer: 1 << 28 },
  )
    .trim()
    .split('\n');
  const list = join(work, 'elves');
  writeFileSync(list, elves.join('\n'));
  const copy = join(work, 'copied');
  mkdirSync(copy);
  const own: Command = {
    name: 'unmoor relocate',
    argv: [node, cli, 'relocate', ...Object.values(world), '--to', target, '--quiet'],
    after: clean,
  };
  const peer: Command = { name: 'cp -a', argv: ['cp', '-a', ...closure, target], after: clean };
  const patch: Command = {
    name: `patchelf --set-rpath, once for each of ${elves.length} ELF files, after a copy`,
    argv: [
      'sh',
      '-c',
      `mkdir -p "$1"; while read -r f; do t="$1/\${f##*/}"; cp "$f" "$t"; chmod u+w "$t"; patchelf --set-rpath '$ORIGIN/../../x/lib' "$t" 2>/dev/null; rm -f "$t"; done < "$2"; true`,
      'sh',
      copy,
      list,
    ],
  };
  const withDirectory: Command = {
    ...peer,
    argv: ['sh', '-c', 'mkdir "$0" && exec cp -a "$@" "$0"', target, ...closure],
  };
  ratios('Relocation of the world', measure([withDirectory, own, patch], ROUNDS), 0);
}

function benchHash(): void {
  const own: Command = { name: 'unmoor (NAR hash)', argv: [node, join(here, 'nar-hash.ts'), ...closure] };
  const peer: Command = {
    name: 'nix-store --dump | sha256sum',
    argv: ['sh', '-c', 'for p; do nix-store --dump "$p" | sha256sum; done', 'sh', ...closure],
  };
  ratios('NAR hashes of the world', measure([peer, own], ROUNDS), 0);
}

try {
  build();
  const bytes = Number(
    execFileSync('sh', ['-c', `du -sbc ${closure.join(' ')} | tail -1 | cut -f1`], { encoding: 'utf8' }),
  );
  const files = closure.reduce((sum, path) => sum + readdirSync(path, { recursive: true }).length, 0);
  process.stdout.write(
    `The world: ${closure.length} objects, ${files} entries, ${(bytes / 1e6).toFixed(0)} MB. ${cpus().length} cores, Node ${process.version}.\n`,
  );
  await benchStart();
  benchAudit();
  benchRelocate();
  benchHash();
} finally {
  rmSync(work, { recursive: true, force: true });
}
