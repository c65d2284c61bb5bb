/** The build of the stub: reproducible, and strict about what a flat piece of code cannot have. */

import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const sources = new URL('../../stub', import.meta.url).pathname;
const work = mkdtempSync(join(tmpdir(), 'unmoor-build-'));
afterAll(() => rmSync(work, { recursive: true }));

/** A copy of the sources in a directory of its own. */
function copy(name: string): string {
  const target = join(work, name, 'stub');
  mkdirSync(target, { recursive: true });
  for (const entry of readdirSync(sources, { withFileTypes: true })) {
    if (entry.isFile()) cpSync(join(sources, entry.name), join(target, entry.name));
  }
  return target;
}

/** Runs a copy's own build script, as users do. */
function build(stub: string, env: Readonly<Record<string, string>> = {}) {
  const script = join(stub, 'build.ts');
  const result = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', script], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  return { status: result.status, stderr: result.stderr };
}

test('two copies of the sources in different directories give the same bytes, in whole multiples of 16', () => {
  const [one, two] = [copy('one'), copy('a rather longer/name of a directory')];
  expect(build(one).status).toBe(0);
  expect(build(two, { SOURCE_DATE_EPOCH: '1', TZ: 'Asia/Tokyo', LC_ALL: 'C' }).status).toBe(0);
  for (const machine of ['x86_64', 'aarch64']) {
    const bytes = readFileSync(join(one, 'build', `stub-${machine}.bin`));
    expect(bytes.length % 16).toBe(0);
    expect(bytes.length).toBeGreaterThan(1000);
    expect(bytes.equals(readFileSync(join(two, 'build', `stub-${machine}.bin`)))).toBe(true);
    expect(bytes.includes(work)).toBe(false);
    expect(bytes.includes('GCC')).toBe(false);
  }
});

test.each([
  ['data', 'int counter = 1; int next(void) { return counter++; }', 'the stub has no data'],
  ['bss', 'int counter; int next(void) { return counter++; }', 'the stub has no bss'],
  ['a table of addresses', 'const char *const names[] = {"a", "b"};', 'the stub has no'],
  [
    'an absolute address',
    '__asm__(".section .rodata,\\"a\\"\\n.balign 8\\n.quad unmoor_start\\n.previous");',
    'the stub has no relocations',
  ],
  ['a call of the C library', 'int puts(const char *); int hello(void) { return puts("x"); }', 'undefined reference'],
])('%s fails the build', (name, code, message) => {
  const stub = copy(name);
  appendFileSync(join(stub, 'stub.c'), `\n${code.replace(/^(?=int|const)/, '__attribute__((used)) ')}\n`);
  const { status, stderr } = build(stub);
  expect(status).not.toBe(0);
  expect(stderr).toContain(message);
});

test('a missing cross compiler is said, and is no failure', () => {
  const stub = copy('no cross compiler');
  const bin = join(work, 'bin');
  mkdirSync(bin);
  // The real compiler by another name, and what it starts.
  for (const [name, program] of Object.entries({ compiler: 'gcc', as: 'as', ld: 'ld', objcopy: 'objcopy' })) {
    const found = spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' });
    expect(found.status, `${program} (test/requirements.apt)`).toBe(0);
    symlinkSync(found.stdout.trim(), join(bin, name));
  }
  const { status, stderr } = build(stub, { PATH: bin, CC_FOR_x86_64: 'compiler' });
  expect(stderr).toContain('no compiler for aarch64: its programs will be refused');
  expect(stderr).toContain('loader stub for x86_64');
  expect(status).toBe(0);
});
