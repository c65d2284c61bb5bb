/** ELF files of all layouts: rewritten by the real pipeline, run by the real loader, read by the real tools. */

import { chmodSync, copyFileSync, readFileSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { audit } from '../../src/pipeline/audit.ts';
import { relocate } from '../../src/pipeline/relocate.ts';
import type { RelocateReport } from '../../src/pipeline/report.ts';
import { aarch64Toolchain, must, run, ToyStore } from '../toy-store.ts';

const libraryCode = 'const char *where = DATA; const char *name(void) { return where; } int bss_is_zero(void);';
const bssCode =
  'static char big[1 << 22]; int bss_is_zero(void) { for (int i = 0; i < 1 << 22; i += 511) if (big[i]) return 0; big[5] = 1; return 1; }';
const mainCode = `
#include <stdio.h>
#include <string.h>
const char *name(void); int bss_is_zero(void);
int main(void) { FILE *f = fopen(name(), "r"); char l[64] = ""; if (f) fgets(l, 64, f); printf("%s%d\\n", l, bss_is_zero()); return strlen(l) == 0; }`;

/** How files are linked: each has its own idea of padding, tables and search paths. */
const layouts: Readonly<Record<string, readonly string[]>> = {
  plain: [],
  'no-separate-code': ['-Wl,-z,noseparate-code'],
  lld: ['-fuse-ld=lld'],
  'lld without relro': ['-fuse-ld=lld', '-Wl,-z,norelro'],
  'sysv hash': ['-Wl,--hash-style=sysv'],
  'old DT_RPATH': ['-Wl,--disable-new-dtags'],
  'large pages': ['-Wl,-z,max-page-size=65536'],
  'optimised strings': ['-Wl,-O2'],
};

const store = new ToyStore();
const object = store.object('layouts');
const moved = join(store.work, 'moved');
const file = (name: string) => name.replaceAll(' ', '-');
let report: RelocateReport;

beforeAll(async () => {
  store.write(join(object, 'share/data'), 'found ');
  for (const [name, flags] of Object.entries(layouts)) {
    const library = store.object(`lib-${file(name)}`);
    store.compile(join(library, 'lib/libfar.so'), libraryCode + bssCode, [
      '-shared',
      '-Wl,-soname,libfar.so',
      `-DDATA="${object}/share/data"`,
      '-Wl,-z,stack-size=0',
      ...flags,
    ]);
    for (const kind of ['-pie', '-no-pie']) {
      store.compile(join(object, `bin/${file(name)}${kind}`), mainCode, [
        kind,
        `-L${library}/lib`,
        '-lfar',
        `-Wl,-rpath,${library}/lib:${object}/lib:/run/opengl-driver/lib`,
        ...flags,
      ]);
    }
  }
  report = await relocate({ paths: [object], to: moved, storeDir: store.storeDir });
  renameSync(store.storeDir, `${store.storeDir}-hidden`);
});
afterAll(() => store.remove());

const bin = (name: string) => join(moved, 'store', basename(object), 'bin', name);

describe.each(Object.keys(layouts))('linked as: %s', (name) => {
  const library = () => join(moved, 'store', basename(store.object(`lib-${file(name)}`)), 'lib/libfar.so');

  test.each(['-pie', '-no-pie'])('a program (%s) runs, and finds its library and its data', (kind) => {
    expect(run(bin(file(name) + kind))).toEqual({ status: 0, stdout: 'found 1\n', stderr: '' });
  });

  test('tools read program and library without complaint', () => {
    for (const path of [bin(`${file(name)}-pie`), bin(`${file(name)}-no-pie`), library()]) {
      const dynamic = run('readelf', ['-dlSW', path]);
      expect({ status: dynamic.status, stderr: dynamic.stderr }).toEqual({ status: 0, stderr: '' });
      expect(dynamic.stdout).toMatch(/R(?:UN)?PATH.*\$ORIGIN/);
      expect(dynamic.stdout).not.toContain(store.storeDir);
      expect(run('ldd', [path]).stdout).not.toContain('not found');
      expect(run('nm', ['-D', path]).stderr).toBe('');
      expect(must('patchelf', ['--print-rpath', path])).toContain('$ORIGIN');
    }
  });

  test('strip is safe, or refuses', () => {
    for (const path of [bin(`${file(name)}-pie`), library()]) {
      const stripped = `${path}.stripped`;
      chmodSync(join(path, '..'), 0o755);
      copyFileSync(path, stripped);
      chmodSync(stripped, 0o755);
      const { status } = run('strip', ['--strip-all', stripped]);
      if (status !== 0) continue;
      renameSync(path, `${path}.kept`);
      renameSync(stripped, path);
      expect(run(bin(`${file(name)}-pie`)), `${path} after strip`).toEqual({
        status: 0,
        stdout: 'found 1\n',
        stderr: '',
      });
      renameSync(`${path}.kept`, path);
    }
  });
});

test('every check passed and nothing was left', () => {
  expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(report.unresolved).toBe(0);
});

test('the host state in a search path stays', () => {
  expect(must('patchelf', ['--print-rpath', bin('plain-pie')])).toContain(':/run/opengl-driver/lib');
});

test('a library loads into an ordinary program of the host', () => {
  const library = join(moved, 'store', basename(store.object('lib-plain')), 'lib/libfar.so');
  const python = 'import ctypes, sys; print(ctypes.CDLL(sys.argv[1]).bss_is_zero())';
  expect(run('/usr/bin/python3', ['-c', python, library])).toMatchObject({ status: 0, stdout: '1\n' });
});

describe('paths in DT_NEEDED and DT_SONAME', () => {
  const toy = new ToyStore();
  afterAll(() => toy.remove());

  test('become relative, and the program still runs', async () => {
    const library = toy.object('named-by-path');
    const path = join(library, 'lib/libpath.so');
    toy.compile(path, 'int answer(void) { return 42; }', ['-shared', `-Wl,-soname,${path}`]);
    const program = toy.object('uses-path');
    toy.compile(join(program, 'bin/uses'), 'int answer(void); int main(void) { return answer() != 42; }', [path]);
    expect(must('readelf', ['-d', join(program, 'bin/uses')])).toContain(`[${path}]`);
    const to = join(toy.work, 'moved');
    const result = await relocate({ paths: [program], to, storeDir: toy.storeDir });
    expect(result.totals.byRule).toMatchObject({ 'elf/needed': 1, 'elf/soname': 1 });
    renameSync(toy.storeDir, `${toy.storeDir}-hidden`);
    expect(run(join(to, 'bin/uses'))).toEqual({ status: 0, stdout: '', stderr: '' });
  });
});

describe('what is refused', () => {
  const toy = new ToyStore();
  const object = toy.object('refused');
  afterAll(() => toy.remove());

  const remediesOf = async (path: string) => {
    const { objects } = await audit({ paths: [object], closure: false, storeDir: toy.storeDir });
    return (objects[0]?.sites ?? [])
      .filter((site) => site.file === path)
      .map(({ rule, remedy }) => `${rule} ${remedy.kind} ${remedy.code ?? ''}`.trim());
  };

  test('setuid programs, payloads behind the file, static programs, foreign machines', async () => {
    const code = 'const char *path = DATA; int main(void) { return path[0] == 0; }';
    const data = `-DDATA="${object}/x"`;
    toy.compile(join(object, 'bin/setuid'), code, [data]);
    chmodSync(join(object, 'bin/setuid'), 0o4755);
    toy.compile(join(object, 'bin/payload'), code, [data]);
    toy.write(join(object, 'bin/payload'), readFileSync(join(object, 'bin/payload'), 'latin1'), 0o755);
    must('sh', ['-c', 'printf PAYLOAD >> "$1"', 'sh', toy.compile(join(object, 'bin/payload'), code, [data])]);
    toy.compile(join(object, 'bin/static'), code, [data, '-static']);
    const foreign = readFileSync(toy.compile(join(object, 'bin/foreign'), code, [data]));
    foreign.writeUInt16LE(243, 18);
    toy.write(join(object, 'bin/foreign'), '', 0o755);
    must('sh', ['-c', 'base64 -d > "$1"', 'sh', join(object, 'bin/foreign')], { input: foreign.toString('base64') });
    expect(new Set(await remediesOf('bin/setuid'))).toEqual(
      new Set([
        'elf/interpreter none secure-execution',
        'elf/runpath none secure-execution',
        'elf/string none secure-execution',
      ]),
    );
    expect(new Set(await remediesOf('bin/payload'))).toEqual(
      new Set(['elf/interpreter none trailer', 'elf/runpath none trailer', 'elf/string none trailer']),
    );
    expect(await remediesOf('bin/static')).toContain('elf/string none static-program');
    expect(new Set(await remediesOf('bin/foreign'))).toEqual(
      new Set(['elf/interpreter none machine', 'elf/runpath none machine', 'elf/string none machine']),
    );
  });
});

describe('aarch64, under qemu', () => {
  const toy = new ToyStore(aarch64Toolchain);
  afterAll(() => toy.remove());

  test('programs and libraries run from another prefix', async () => {
    const library = toy.object('far');
    const program = toy.object('program');
    toy.write(join(program, 'share/data'), 'found ');
    toy.compile(join(library, 'lib/libfar.so'), libraryCode + bssCode, [
      '-shared',
      '-Wl,-soname,libfar.so',
      `-DDATA="${program}/share/data"`,
    ]);
    for (const kind of ['-pie', '-no-pie']) {
      toy.compile(join(program, `bin/run${kind}`), mainCode, [
        kind,
        `-L${library}/lib`,
        '-lfar',
        `-Wl,-rpath,${library}/lib`,
      ]);
    }
    const to = join(toy.work, 'moved');
    const result = await relocate({ paths: [program], to, storeDir: toy.storeDir });
    expect(result.checks.filter(({ ok }) => !ok)).toEqual([]);
    renameSync(toy.storeDir, `${toy.storeDir}-hidden`);
    for (const kind of ['-pie', '-no-pie']) {
      const path = join(to, 'store', basename(program), `bin/run${kind}`);
      expect(run('qemu-aarch64', [path])).toEqual({ status: 0, stdout: 'found 1\n', stderr: '' });
      expect(run('readelf', ['-aW', path]).stderr).toBe('');
    }
  });
});

describe('musl', () => {
  const musl = {
    compiler: 'musl-gcc',
    loader: 'ld-musl-x86_64.so.1',
    files: ['/lib/ld-musl-x86_64.so.1', '/usr/lib/x86_64-linux-musl/libc.so'],
  };
  const toy = new ToyStore(musl);
  afterAll(() => toy.remove());

  test('programs run from another prefix, started by the kernel and by the loader', async () => {
    const program = toy.object('program');
    toy.write(join(program, 'share/data'), 'found');
    toy.compile(
      join(program, 'bin/run'),
      '#include <stdio.h>\nint main(void) { char l[64] = ""; FILE *f = fopen(DATA, "r"); if (f) fgets(l, 64, f); puts(l); return 0; }',
      [`-DDATA="${program}/share/data"`],
    );
    const to = join(toy.work, 'moved');
    await relocate({ paths: [program], to, storeDir: toy.storeDir });
    renameSync(toy.storeDir, `${toy.storeDir}-hidden`);
    const path = join(to, 'store', basename(program), 'bin/run');
    expect(run(path)).toEqual({ status: 0, stdout: 'found\n', stderr: '' });
    expect(run(join(to, 'store', basename(toy.libc), 'lib/ld-musl-x86_64.so.1'), [path]).status).toBe(0);
  });
});
