/**
 * Measures the start of wrappers and scripts of the package world: the original, the text form, and the launcher, each
 * started again and again in shuffled order; prints a Markdown table. The last rows tell where the time of the text form goes.
 *
 * usage: node bench/launchers.ts [ROUNDS]      (needs root, Nix and gcc)
 */

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { relocate } from '../src/pipeline/relocate.ts';
import { removeTree } from '../src/pipeline/staging.ts';
import { buildWorld } from '../test/world/build.ts';
import { lowestTenth } from './measure.ts';

const rounds = Number(process.argv[2] ?? 1000);
const world = buildWorld();
const scripts = world.scripts as string;
const work = mkdtempSync(join(tmpdir(), 'unmoor-bench-launchers-'));

/** Microseconds of each command, lowest tenth. */
function times(timer: string, commands: readonly (readonly string[])[]): number[] {
  const result = spawnSync(timer, [String(rounds)], {
    input: commands.map((words) => `${words.join('\t')}\n`).join(''),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', HOME: '/', SHLVL: '1' },
  });
  if (result.status !== 0) throw new Error(result.stderr);
  const lines = result.stdout.trim().split('\n');
  return lines.map((line) => lowestTenth(line.trim().split(' ').map(Number)) / 1000);
}

try {
  const timer = join(work, 'start-times');
  execFileSync('gcc', ['-O2', '-o', timer, fileURLToPath(new URL('start-times.c', import.meta.url))]);
  const forms = ['text', 'launcher'] as const;
  for (const form of forms) await relocate({ paths: [scripts], to: join(work, form), wrappers: form, scripts: form });
  const moved = (form: string, file: string) => join(work, form, 'store', basename(scripts), file);
  const program = (name: string, file: string) => join(work, 'text/store', basename(world[name] as string), file);
  process.stdout.write(
    '| script | original | text form | launcher | the program alone |\n| --- | --- | --- | --- | --- |\n',
  );
  for (const [name, file, alone, args] of [
    ['wrapper of hello, 10 lines', 'bin/hello-wrapped', program('hello', 'bin/hello'), []],
    ['wrapper of git, one line', 'bin/git-wrapped', program('git', 'bin/git'), ['--version']],
    ['bash, with a child', 'bin/bash-script', undefined, []],
    ['bash as sh, with a child', 'bin/sh-script', undefined, []],
    ['Python', 'bin/python-script', undefined, []],
    ['Perl', 'bin/perl-script', undefined, []],
  ] as const) {
    const paths = [join(scripts, file), ...forms.map((form) => moved(form, file)), ...(alone ? [alone] : [])];
    const [original, ...others] = times(
      timer,
      paths.map((path) => [path, ...args]),
    ) as [number, ...number[]];
    const cells = others.map((value) => `${value.toFixed(0)} µs, ${(value / original).toFixed(2)}`);
    process.stdout.write(`| ${name} | ${original.toFixed(0)} µs | ${cells.join(' | ')}${alone ? '' : ' | '} |\n`);
  }

  const script = (name: string, text: string) => {
    writeFileSync(join(work, name), text, { mode: 0o755 });
    return join(work, name);
  };
  const bash = join(work, 'text/store', basename(world.bash as string), 'bin/bash');
  const empty = script('empty', ':\n');
  const rows = {
    'an empty script, started by the store bash itself': [bash, empty],
    'an empty script of /bin/sh': [script('sh', '#!/bin/sh\n')],
    'one of /bin/sh that starts the store bash by an absolute path': [
      script('exec', `#!/bin/sh\nexec ${bash} ${empty}\n`),
    ],
  };
  const results = times(timer, Object.values(rows));
  process.stdout.write('\n| where the time goes | |\n| --- | --- |\n');
  for (const [i, name] of Object.keys(rows).entries())
    process.stdout.write(`| ${name} | ${results[i]?.toFixed(0)} µs |\n`);
} finally {
  removeTree(work);
}
