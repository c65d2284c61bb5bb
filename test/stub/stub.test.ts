/** The loader stub in real programs: everything an original does, its relocated self does too. */

import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { relocate } from '../../src/pipeline/relocate.ts';
import { removeTree } from '../../src/pipeline/staging.ts';
import { buildStubs } from '../../stub/build.ts';
import { must, type RunOutput, run, ToyStore } from '../toy-store.ts';
import { reader, reporter } from './fixtures.ts';

const store = new ToyStore();
const program = store.object('program-1.0');
const base = basename(program);
const moved = join(store.work, 'moved');
const bin = join(moved, 'store', base, 'bin');
const environment = { A: 'b', 'ODD NAME': '', PATH: '/usr/bin:/bin' };

beforeAll(async () => {
  store.compile(join(program, 'bin/pie'), reporter);
  store.compile(join(program, 'bin/fixed'), reporter, ['-no-pie']);
  store.compile(
    join(program, 'bin/bss'),
    `static char big[1 << 30]; ${reporter.replace('int main(int argc, char **argv) {', 'int main(int argc, char **argv) { big[12345] = 1;')}`,
  );
  store.write(join(program, 'share/data'), 'the data\n');
  store.compile(join(program, 'bin/reader'), reader, [`-DDATA="${program}/share/data"`]);
  store.compile(
    join(program, 'bin/chrooter'),
    reader.replace(
      'int main(void) {',
      'extern int chroot(const char *);\nint main(int c, char **v) { if (c > 9) chroot("/");',
    ),
    [`-DDATA="${program}/share/data"`],
  );
  store.compile(join(program, 'lib/libnamed.so'), 'const char *name(void) { return "own"; }', ['-shared']);
  store.compile(
    join(program, 'bin/linked'),
    '#include <stdio.h>\nconst char *name(void); int main(void) { puts(name()); return 0; }',
    [`-L${program}/lib`, '-lnamed', `-Wl,-rpath,${program}/lib`],
  );
  store.compile(join(store.work, 'other/libnamed.so'), 'const char *name(void) { return "other"; }', ['-shared']);
  store.compile(
    join(program, 'bin/child'),
    '#include <unistd.h>\n#include <stdio.h>\nint main(int c, char **v) { execv(v[1], v + 1); perror("exec"); return 1; }',
  );
  await relocate({ paths: [program], to: moved, storeDir: store.storeDir });
  renameSync(store.storeDir, `${store.storeDir}-hidden`);
});
afterAll(() => store.remove());

/** Runs the original, for which the store comes back for a moment. */
function original(action: () => RunOutput): RunOutput {
  renameSync(`${store.storeDir}-hidden`, store.storeDir);
  try {
    return action();
  } finally {
    renameSync(store.storeDir, `${store.storeDir}-hidden`);
  }
}

/** The loader and libc of a process, from what it printed with MAPS set. */
const mappedOutside = (stderr: string) =>
  stderr.split('\n').filter((line) => line !== '' && !line.startsWith(moved) && /\.so/.test(line));

describe('a relocated program sees what the original saw', () => {
  test.each(['pie', 'fixed', 'bss'])('%s', (name) => {
    const args = ['', 'a b', '*', '--x=\n'];
    const before = original(() => run(join(program, 'bin', name), args, { env: environment }));
    const after = run(join(bin, name), args, { env: environment });
    expect(before.status).toBe(0);
    expect(after).toEqual(before);
  });

  test.each(['pie', 'fixed'])('%s maps the loader and the libraries of its own prefix only', (name) => {
    const { stderr, status } = run(join(bin, name), [], { env: { ...environment, MAPS: '1' } });
    expect(status).toBe(0);
    expect(stderr).toContain(`${moved}/store`);
    expect(mappedOutside(stderr)).toEqual([]);
  });

  test('compiled-in paths lead into the moved store', () => {
    expect(run(join(bin, 'reader'))).toEqual({ status: 0, stdout: 'the data\n', stderr: '' });
  });
});

describe('ways to start', () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'unmoor-start-'));
  const said = () => run(join(bin, 'linked')).stdout;
  afterAll(() => rmSync(elsewhere, { recursive: true }));

  test('through links: absolute, relative, a chain, a linked directory', () => {
    symlinkSync(join(bin, 'linked'), join(elsewhere, 'absolute'));
    symlinkSync('absolute', join(elsewhere, 'chain'));
    symlinkSync(bin, join(elsewhere, 'directory'));
    for (const path of ['absolute', 'chain', 'directory/linked']) {
      expect(run(join(elsewhere, path))).toEqual({ status: 0, stdout: 'own\n', stderr: '' });
    }
    expect(run(join(moved, 'bin/linked')).stdout).toBe(said());
  });

  test('by a relative path, and by PATH', () => {
    expect(run('./linked', [], { cwd: bin }).stdout).toBe('own\n');
    expect(run('sh', ['-c', 'PATH=.:$PATH; cd "$1" && linked', 'sh', bin]).stdout).toBe('own\n');
  });

  test('from a directory that was deleted', () => {
    const script = 'mkdir gone && cd gone && rmdir ../gone && "$1"';
    expect(run('sh', ['-c', script, 'sh', join(bin, 'linked')], { cwd: elsewhere })).toEqual({
      status: 0,
      stdout: 'own\n',
      stderr: '',
    });
  });

  test('by a loader that is started by hand', () => {
    const loader = join(moved, 'store', basename(store.libc), 'lib/ld-linux-x86-64.so.2');
    expect(run(loader, [join(bin, 'linked')])).toEqual({ status: 0, stdout: 'own\n', stderr: '' });
  });

  test('without permission to read it, by another user', () => {
    const copy = join(elsewhere, 'unreadable');
    must('cp', ['-a', moved, copy]);
    chmodSync(elsewhere, 0o755);
    chmodSync(join(copy, 'store', base, 'bin/linked'), 0o111);
    expect(run('setpriv', ['--reuid=65534', '--clear-groups', join(copy, 'store', base, 'bin/linked')])).toEqual({
      status: 0,
      stdout: 'own\n',
      stderr: '',
    });
    removeTree(copy);
  });

  test('without /proc, through a link and by a relative path', () => {
    symlinkSync(join(bin, 'linked'), join(elsewhere, 'without'));
    const script = 'umount -l /proc; "$1" && cd "$2" && ./linked';
    const { status, stdout } = run('unshare', ['-m', 'sh', '-c', script, 'sh', join(elsewhere, 'without'), bin]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'own\nown\n' });
  });

  test('a program whose loader is gone says so', () => {
    const lonely = join(elsewhere, 'lonely');
    copyFileSync(join(bin, 'linked'), lonely);
    const { status, stderr } = run(lonely);
    expect(status).toBe(127);
    expect(stderr).toMatch(
      /^unmoor: .*lonely: cannot find the loader .*ld-linux-x86-64\.so\.2: No such file or directory$/m,
    );
  });
});

describe('the loader keeps its habits', () => {
  const env = (extra: Record<string, string>) => ({ env: { ...environment, ...extra } });

  test('LD_LIBRARY_PATH and LD_PRELOAD replace a library', () => {
    expect(run(join(bin, 'linked'), [], env({ LD_LIBRARY_PATH: join(store.work, 'other') })).stdout).toBe('other\n');
    expect(run(join(bin, 'linked'), [], env({ LD_PRELOAD: join(store.work, 'other/libnamed.so') })).stdout).toBe(
      'other\n',
    );
  });

  test('LD_DEBUG shows the search', () => {
    expect(run(join(bin, 'linked'), [], env({ LD_DEBUG: 'libs' })).stderr).toContain(`trying file=${moved}`);
  });

  test('ldd, readelf and objdump read the file without complaint', () => {
    for (const name of ['pie', 'fixed', 'linked']) {
      expect(run('ldd', [join(bin, name)]).stdout).not.toContain('not found');
      for (const [tool, flags] of [
        ['readelf', '-aW'],
        ['objdump', '-x'],
      ] as const) {
        const { status, stderr } = run(tool, [flags, join(bin, name)]);
        expect({ tool, status, stderr }).toEqual({ tool, status: 0, stderr: '' });
      }
    }
    expect(must('patchelf', ['--print-rpath', join(bin, 'linked')])).toMatch(/^\$ORIGIN\/\.\.\/lib|\$ORIGIN/);
  });

  test('gdb stops in a function of a linked library', () => {
    const commands = [
      '-ex',
      'set breakpoint pending on',
      '-ex',
      'break name',
      '-ex',
      'run',
      '-ex',
      'backtrace',
      '-ex',
      'info sharedlibrary',
    ];
    const { stdout } = run('gdb', ['-nx', '-batch', ...commands, join(bin, 'linked')]);
    expect(stdout).toMatch(/Breakpoint 1, .*name/);
    expect(stdout).toMatch(/#1 .*main/);
    expect(stdout).toContain(`${moved}/store/${base}/`);
  });

  test.each([[], ['--strip-all'], ['--strip-debug']])('strip %s leaves a program that runs', (...flags) => {
    for (const name of ['pie', 'fixed', 'linked']) {
      const copy = join(moved, 'store', base, `stripped-${name}`);
      chmodSync(join(moved, 'store', base), 0o755);
      const inBin = join(moved, 'store', base, 'bin', `stripped-${name}`);
      chmodSync(bin, 0o755);
      copyFileSync(join(bin, name), inBin);
      chmodSync(inBin, 0o755);
      must('strip', [...flags, inBin]);
      expect(run(inBin, [], { env: environment }).status).toBe(0);
      rmSync(inBin);
      rmSync(copy, { force: true });
    }
  });
});

describe('raised privileges', () => {
  test('a setuid copy refuses to run for another user', () => {
    const copy = join(store.work, 'setuid');
    must('cp', ['-a', moved, copy]);
    chmodSync(store.work, 0o755);
    const file = join(copy, 'store', base, 'bin/linked');
    chmodSync(file, 0o4755);
    const { status, stderr, stdout } = run('setpriv', ['--reuid=65534', '--clear-groups', file]);
    expect({ status, stdout }).toEqual({ status: 127, stdout: '' });
    expect(stderr).toContain('refuses to run with raised privileges');
    removeTree(copy);
  });
});

describe('the store alias', () => {
  const shell = (script: string, ...args: string[]) => run('bash', ['-c', script, 'bash', ...args]);
  const listing = 'readlink /proc/self/fd/87 || echo closed';

  test('is handed on to children, unless the program changes roots or namespaces', () => {
    expect(run(join(bin, 'child'), ['/bin/sh', '-c', listing]).stdout.trim()).toBe(join(moved, 'store'));
    const flags = (name: string) => readFileSync(join(bin, name)).includes('UNMOOR\0\x01', 0, 'latin1');
    expect(flags('chrooter')).toBe(true);
    expect(run(join(bin, 'chrooter')).stdout).toBe('the data\n');
  });

  test('a descriptor that the program inherited for itself stays', () => {
    const { stdout } = shell('exec 87</etc/passwd; "$1" /bin/sh -c "readlink /proc/self/fd/87"', join(bin, 'child'));
    expect(stdout.trim()).toBe('/etc/passwd');
  });

  test('an alias of another relocated store is replaced', async () => {
    const other = join(store.work, 'second');
    must('cp', ['-a', moved, other]);
    expect(run(join(bin, 'child'), [join(other, 'store', base, 'bin/reader')]).stdout).toBe('the data\n');
    expect(
      run(join(bin, 'child'), [join(other, 'store', base, 'bin/child'), '/bin/sh', '-c', listing]).stdout.trim(),
    ).toBe(join(other, 'store'));
    removeTree(other);
  });

  test('a low limit on descriptors is no reason to fail', () => {
    expect(shell('ulimit -n 40; "$1"', join(bin, 'linked')).stdout).toBe('own\n');
  });

  test('close-on-exec keeps it from children', async () => {
    renameSync(`${store.storeDir}-hidden`, store.storeDir);
    const closed = join(store.work, 'closed');
    try {
      await relocate({ paths: [program], to: closed, storeDir: store.storeDir, aliasPolicy: 'close-on-exec' });
    } finally {
      renameSync(store.storeDir, `${store.storeDir}-hidden`);
    }
    expect(run(join(closed, 'bin/child'), ['/bin/sh', '-c', listing]).stdout.trim()).toBe('closed');
    expect(run(join(closed, 'bin/reader')).stdout).toBe('the data\n');
    removeTree(closed);
  });
});

describe('odd prefixes', () => {
  test.each([
    'with space',
    'quo\'te"s',
    'colon:semicolon;',
    '$HOME $ORIGIN',
    '%s percent',
    'new\nline',
    'Ünïcödé 東京',
    'x'.repeat(200),
  ])('%j', (name) => {
    const prefix = join(store.work, name);
    renameSync(moved, prefix);
    try {
      expect(run(join(prefix, 'store', base, 'bin/linked'))).toEqual({ status: 0, stdout: 'own\n', stderr: '' });
      expect(run(join(prefix, 'store', base, 'bin/reader')).stdout).toBe('the data\n');
    } finally {
      renameSync(prefix, moved);
    }
  });
});

test('stub and launcher are the same to the byte wherever it is built', () => {
  const directory = mkdtempSync(join(tmpdir(), 'unmoor-stubs-'));
  mkdirSync(join(directory, 'deep/er'), { recursive: true });
  for (const { machine, path } of buildStubs(join(directory, 'deep/er'))) {
    expect(path, `a compiler for ${machine} (test/requirements.apt)`).toBeDefined();
    expect(
      readFileSync(path as string).equals(
        readFileSync(new URL(`../../stub/build/${basename(path as string)}`, import.meta.url)),
      ),
    ).toBe(true);
  }
  rmSync(directory, { recursive: true });
  expect(spawnSync('gcc', ['--version']).status).toBe(0);
});
