/**
 * Measures rule `shell/*`: the parser and the whole analysis on the machine's own scripts, and the start of rewritten
 * scripts against the originals; prints Markdown tables.
 *
 * usage: node bench/shell.ts      (needs gcc)
 */

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { relocate } from '../src/pipeline/relocate.ts';
import { scanBytes } from '../src/store/scan.ts';
import { storeDir } from '../src/store/store-path.ts';
import { readShellScript } from '../src/syntax/shell/contexts.ts';
import { lowestTenth, median } from './measure.ts';

const ROUNDS = 500;
const work = mkdtempSync(join(tmpdir(), 'unmoor-bench-shell-'));
const store = join(work, 'nix/store');
const object = join(store, '0123456789abcdfghijklmnpqrsvwxyz-scripts');
const dep = join(store, 'zyxwvsrqpnmlkjihgfdcba9876543210-dep');

/** Every script of the machine that has paths when its `/usr` is a store object; bytes and the time to explain them. */
function benchReading(): void {
  const dir = storeDir('/nix/store');
  const texts = ['/usr/bin', '/usr/sbin', '/var/lib/dpkg/info', '/usr/share/bash-completion/completions']
    .flatMap((directory) => readdirSync(directory).map((name) => join(directory, name)))
    .flatMap((path) => {
      try {
        const text = readFileSync(path, 'latin1');
        return /^#!.*sh\b/.test(text) || path.includes('completion') ? [text] : [];
      } catch {
        return [];
      }
    })
    .map((text) => text.replaceAll('/usr/', `/nix/store/${basename(dep)}/`))
    .map((text) => ({ text, offsets: scanBytes(Buffer.from(text, 'latin1'), dir).occurrences.map((o) => o.offset) }))
    .filter(({ offsets }) => offsets.length > 0);
  const bytes = texts.reduce((sum, { text }) => sum + text.length, 0);
  const speeds = Array.from({ length: 7 }, () => {
    const start = performance.now();
    for (const { text, offsets } of texts) readShellScript(text, offsets);
    return bytes / 1000 / (performance.now() - start);
  });
  process.stdout.write(
    `\n${texts.length} scripts, ${(bytes / 1e6).toFixed(2)} MB: ${speeds[0]?.toFixed(1)} MB/s at first, ` +
      `${median(speeds.slice(1)).toFixed(1)} MB/s later\n\n`,
  );
}

async function benchStart(): Promise<void> {
  mkdirSync(join(object, 'bin'), { recursive: true });
  mkdirSync(join(dep, 'bin'), { recursive: true });
  for (const shell of ['bash', 'dash']) symlinkSync(`/bin/${shell}`, join(dep, 'bin', shell));
  symlinkSync('/bin/true', join(dep, 'bin/true'));
  const wrapper = (target: string) => [
    ...['PATH', 'XDG_DATA_DIRS'].flatMap((name) => [
      `${name}=\${${name}:+':'$${name}':'}`,
      `${name}=\${${name}/':''${dep}/bin'':'/':'}`,
      `${name}='${dep}/bin'$${name}`,
      `${name}=\${${name}#':'}`,
      `${name}=\${${name}%':'}`,
      `export ${name}`,
    ]),
    `exec -a "$0" "${target}"  "$@" `,
  ];
  const scripts: Readonly<Record<string, readonly string[]>> = {
    'bash, one path': [`#!${dep}/bin/bash`, `x=${dep}/bin`],
    'bash, shebang of the host': ['#!/bin/bash', `x=${dep}/bin`],
    'dash, one path': [`#!${dep}/bin/dash`, `x=${dep}/bin`],
    'sh of the host': ['#!/bin/sh', `x=${dep}/bin`],
    'makeWrapper, shebang of the host': ['#!/bin/bash -e', ...wrapper(`${dep}/bin/true`)],
    makeWrapper: [`#! ${dep}/bin/bash -e`, ...wrapper(`${dep}/bin/true`)],
  };
  const names = Object.keys(scripts);
  for (const [i, name] of names.entries())
    writeFileSync(join(object, 'bin', `s${i}`), `${scripts[name]?.join('\n')}\n`, { mode: 0o755 });
  const forms = ['text', 'launcher'] as const;
  for (const form of forms) {
    await relocate({ paths: [object, dep], to: join(work, form), storeDir: store, wrappers: form, scripts: form });
  }
  const timer = join(work, 'start-times');
  execFileSync('gcc', ['-O2', '-o', timer, fileURLToPath(new URL('start-times.c', import.meta.url))]);
  process.stdout.write('| script | original | text form | launcher |\n| --- | --- | --- | --- |\n');
  for (const [i, name] of names.entries()) {
    const moved = forms.map((form) => join(work, form, 'store', basename(object), 'bin', `s${i}`));
    const result = spawnSync(timer, [String(ROUNDS)], {
      input: `${[join(object, 'bin', `s${i}`), ...moved].join('\n')}\n`,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
    });
    if (result.status !== 0) throw new Error(result.stderr);
    const times = result.stdout
      .trim()
      .split('\n')
      .map((line) => lowestTenth(line.trim().split(' ').map(Number)));
    const [before, ...after] = times as [number, number, number];
    // What has the host's shell on its first line is no launcher.
    const isScript = readFileSync(moved[1] as string, 'latin1').startsWith('#!');
    const cells = after.map((time, k) =>
      k === 1 && isScript ? '-' : `${(time / 1000).toFixed(0)} µs, ${(time / before).toFixed(2)}`,
    );
    process.stdout.write(`| ${name} | ${(before / 1000).toFixed(0)} µs | ${cells.join(' | ')} |\n`);
  }
}

try {
  benchReading();
  await benchStart();
} finally {
  rmSync(work, { recursive: true, force: true });
}
