/**
 * Builds the loader stub and the launcher for each machine that a compiler is there for: flat pieces of code in
 * `stub/build/`. The same sources and compiler give the same bytes, wherever they are built.
 *
 * usage: node stub/build.ts [OUTPUT-DIRECTORY]
 */

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Target {
  readonly machine: 'x86_64' | 'aarch64';
  /** Compilers to try, the first that is there and compiles for the machine counts. */
  readonly compilers: readonly string[];
  readonly flags: readonly string[];
}

const targets: readonly Target[] = [
  {
    machine: 'x86_64',
    compilers: [process.env.CC_FOR_x86_64 ?? '', 'x86_64-linux-gnu-gcc', 'gcc'],
    flags: ['-fcf-protection=none', '-mno-red-zone'],
  },
  {
    machine: 'aarch64',
    compilers: [process.env.CC_FOR_aarch64 ?? '', 'aarch64-linux-gnu-gcc', 'gcc'],
    flags: ['-mcmodel=tiny', '-mbranch-protection=none'],
  },
];

const commonFlags = [
  '-std=c11',
  '-D_GNU_SOURCE',
  '-Wall',
  '-Wextra',
  '-Werror',
  '-Os',
  '-g0',
  '-ffreestanding',
  '-nostdlib',
  // With addresses still open, the linker has to leave a relocation for each absolute one, and the script forbids those.
  '-static-pie',
  '-Wl,--no-dynamic-linker',
  '-fPIC',
  '-fvisibility=hidden',
  '-fno-stack-protector',
  '-fno-asynchronous-unwind-tables',
  // Otherwise gcc turns the stub's own loops into calls of memset and memcpy.
  '-fno-tree-loop-distribute-patterns',
  '-mgeneral-regs-only',
  '-Wl,--build-id=none',
];

const sources = fileURLToPath(new URL('.', import.meta.url));

/** What is built, and from which source. */
const images = [
  { image: 'stub', source: 'stub.c', what: 'loader stub' },
  { image: 'launcher', source: 'launcher.c', what: 'launcher' },
] as const;

export interface BuiltStub {
  readonly machine: string;
  /** For people. */
  readonly what: string;
  /** Path of the flat code; undefined when no compiler is there. */
  readonly path: string | undefined;
  /** Bytes. */
  readonly size: number;
}

function compilesFor(compiler: string, machine: string): boolean {
  const result = spawnSync(compiler, ['-dumpmachine'], { encoding: 'utf8' });
  return result.status === 0 && result.stdout.startsWith(machine);
}

/** Its standard output. */
function run(command: string, args: readonly string[]): string {
  const result = spawnSync(command, args, { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`${command} failed:\n${result.stderr || result.error?.message}`);
  return result.stdout;
}

function buildOne(
  { machine, flags }: Target,
  compiler: string,
  { image, source, what }: (typeof images)[number],
  output: string,
): BuiltStub {
  const work = mkdtempSync(join(tmpdir(), 'unmoor-stub-'));
  try {
    const linked = join(work, 'stub.elf');
    const flat = join(work, 'stub.bin');
    const script = join(sources, 'stub.ld');
    run(compiler, [...commonFlags, ...flags, `-Wl,-T,${script}`, '-o', linked, join(sources, source)]);
    // The compiler knows its own binutils, whatever it is called.
    const objcopy = run(compiler, ['-print-prog-name=objcopy']).trim();
    run(objcopy, ['-O', 'binary', '--only-section=.text', linked, flat]);
    const code = readFileSync(flat);
    if (code.length === 0 || code.length % 16 !== 0)
      throw new Error(`the ${what} for ${machine} has ${code.length} bytes`);
    mkdirSync(output, { recursive: true });
    const path = join(output, `${image}-${machine}.bin`);
    // Two builds at once must not leave half a file.
    writeFileSync(`${path}.${process.pid}`, code);
    renameSync(`${path}.${process.pid}`, path);
    return { machine, what, path, size: code.length };
  } finally {
    rmSync(work, { recursive: true });
  }
}

/** Builds all images into a directory, by default `stub/build`. */
export function buildStubs(output = join(sources, 'build')): BuiltStub[] {
  return targets.flatMap((target) => {
    const { machine } = target;
    const compiler = target.compilers.find((name) => name !== '' && compilesFor(name, machine));
    if (compiler === undefined) return [{ machine, what: 'images', path: undefined, size: 0 }];
    return images.map((image) => buildOne(target, compiler, image, output));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { machine, what, path, size } of buildStubs(process.argv[2])) {
    process.stderr.write(
      path === undefined
        ? `unmoor: no compiler for ${machine}: its programs will be refused (Debian: apt-get install gcc-${machine}-linux-gnu)\n`
        : `unmoor: ${what} for ${machine}: ${size} bytes\n`,
    );
  }
}
