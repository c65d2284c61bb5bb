/** Launchers in the ways in which programs are started, and in what can go wrong: always beside the wrapper that bash runs. */

import { chmodSync, cpSync, mkdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { audit } from '../../src/pipeline/audit.ts';
import { relocate } from '../../src/pipeline/relocate.ts';
import { byteString } from '../../src/store/closure.ts';
import { narHashOfTree } from '../../src/store/nar.ts';
import { aarch64Toolchain, must, type RunOutput, run, ToyStore } from '../toy-store.ts';
import { type Case, compileProgram, runCases, told } from './cases.ts';

const store = new ToyStore();
const object = store.object('wrapped');
const bash = store.object('bash');
const bin = join(object, 'bin');
const moved = join(store.work, 'moved');
const closed = join(store.work, 'closed');
const original = (name: string) => join(bin, name);
const launcher = (name: string) => join(moved, 'store', basename(object), 'bin', name);
const driver = join(store.work, 'cases');
const probe = join(bin, 'probe');

/** Names of wrappers and the program that each starts, with its flags. */
const targets: Readonly<Record<string, string>> = {
  wrapper: `"${probe}"`,
  'to-missing': `"${bin}/missing"`,
  'to-directory': `"${object}"`,
  'to-unreadable': `"${object}/share/text"`,
  'to-below-a-file': `"${probe}/x"`,
  'to-lost-interpreter': `"${bin}/lost"`,
  'to-script': `"${bin}/script"`,
  'to-wrapper': `"${bin}/wrapper"`,
  'to-signals': `"/bin/grep" '^Sig[BIC]' /proc/self/status`,
  'to-descriptors': `"/bin/ls" /proc/self/fd`,
  'to-alias': `"/bin/sh" -c 'readlink /proc/self/fd/87 || echo closed'`,
};
const text = (target: string) => `#! ${bash}/bin/bash -e\nexport A='${object}/share'\nexec -a "$0" ${target}  "$@" \n`;

beforeAll(async () => {
  mkdirSync(join(bash, 'bin'));
  symlinkSync('/bin/bash', join(bash, 'bin/bash'));
  mkdirSync(bin);
  chmodSync(compileProgram('probe', probe), 0o555);
  compileProgram('cases', driver);
  store.write(join(object, 'share/text'), 'text\n');
  store.write(join(bin, 'plain'), 'echo "plain $0 $# $1 ${A##*/}"\n', 0o755);
  store.write(join(bin, 'lost'), '#!/no/such/interpreter\n', 0o755);
  store.write(join(bin, 'script'), `#!${bash}/bin/bash\necho "script $# $1 \${A##*/}" ${object}/share\n`, 0o755);
  for (const [name, target] of Object.entries(targets)) store.write(join(bin, name), text(target), 0o755);
  store.write(join(bin, 'to-text'), text(`"${bin}/plain"`).replace('-a "$0" ', ''), 0o755);
  const big = `export BIG='${'x'.repeat(120_000)}'\n`;
  store.write(join(bin, 'to-too-much'), text(`"${probe}"`).replace('exec', `${big}exec`), 0o755);
  const options = { paths: [object], storeDir: store.storeDir, wrappers: 'launcher' as const };
  await relocate({ ...options, to: moved });
  await relocate({ ...options, to: closed, aliasPolicy: 'close-on-exec' });
  for (const path of [store.work, join(store.work, 'nix')]) chmodSync(path, 0o755);
});
afterAll(() => store.remove());

const away = (output: string) => output.replaceAll(`${moved}/store`, '<store>').replaceAll(store.storeDir, '<store>');
const shown = ({ status, stdout, stderr }: RunOutput) => ({ status, stdout: away(stdout), stderr: away(stderr) });
/** The same command with the original and the launcher in the place of `name`. */
function both(name: string, command: (path: string) => readonly string[], options: Parameters<typeof run>[2] = {}) {
  const start = (path: string) => {
    const [program, ...args] = command(path) as [string, ...string[]];
    return shown(run(program, args, options));
  };
  return { before: start(original(name)), after: start(launcher(name)) };
}

describe('what it is', () => {
  test('every wrapper became an ELF file that readelf finds nothing wrong with', () => {
    for (const name of [...Object.keys(targets), 'to-text', 'to-too-much']) {
      expect(readFileSync(launcher(name)).toString('latin1', 0, 4)).toBe('\x7fELF');
    }
    const { stdout, stderr } = run('readelf', ['-aW', launcher('wrapper')]);
    expect(stderr).toBe('');
    expect(stdout).toContain('There is no dynamic section');
    expect(run('ldd', [launcher('wrapper')]).stderr).toContain('not a dynamic executable');
  });

  test('strings shows the wrapper, its paths relative', () => {
    const { stdout } = run('strings', ['-n', '3', launcher('wrapper')]);
    expect(stdout).toContain(`export A='../../${basename(object)}/share'`);
    expect(stdout).toContain(`#! ../../${basename(bash)}/bin/bash -e`);
    expect(stdout).not.toContain(store.storeDir);
  });

  test('relocated again, nothing changes; an audit finds no path', async () => {
    const twice = join(store.work, 'twice');
    await relocate({ paths: [join(moved, 'store', basename(object))], to: twice, wrappers: 'launcher' });
    const hash = (root: string) => narHashOfTree(byteString(join(root, 'store', basename(object))));
    expect(hash(twice)).toEqual(hash(moved));
    const { objects } = await audit({ paths: [join(moved, 'store', basename(object))], closure: false });
    expect(objects[0]?.sites).toEqual([]);
    expect(objects[0]?.references).toContain(`${store.storeDir}/${basename(bash)}`);
  });

  test.each([
    ['strip', ['-o']],
    ['objcopy', []],
  ])('works after %s', (tool, options) => {
    const copy = launcher(`after-${tool}`);
    chmodSync(join(copy, '..'), 0o755);
    const args = tool === 'strip' ? [...options, copy, launcher('to-script')] : [launcher('to-script'), copy];
    expect(run(tool, args)).toMatchObject({ status: 0, stderr: '' });
    expect(shown(run(copy, ['x']))).toEqual(shown(run(launcher('to-script'), ['x'])));
  });
});

describe('ways to start it', () => {
  test.each([
    ['by its path', (path: string) => [path, 'a', '']],
    ['by PATH', (path: string) => ['/bin/sh', '-c', 'PATH=${1%/*}:$PATH; exec "${1##*/}" a', 'sh', path]],
    [
      'by a relative path',
      (path: string) => ['/bin/sh', '-c', 'cd "${1%/*}/.."; exec "bin/../bin/${1##*/}"', 'sh', path],
    ],
    [
      'in a deleted directory',
      (path: string) => [
        '/bin/sh',
        '-c',
        'd=$(mktemp -d); cd "$d"; rmdir "$d"; PWD=/nowhere exec "$1" 2>/dev/null',
        'sh',
        path,
      ],
    ],
    [
      'with ignored and pending signals',
      (path: string) => ['/bin/sh', '-c', `trap '' INT PIPE; exec "$1"`, 'sh', path],
    ],
    ['as a child of find', (path: string) => ['find', '/dev/null', '-exec', path, '{}', ';']],
    [
      'by fexecve',
      (path: string) => [
        'python3',
        '-c',
        'import os, sys; fd = os.open(sys.argv[1], os.O_RDONLY); os.dup2(fd, 50); os.execve(50, ["other", "a"], os.environ)',
        path,
      ],
    ],
  ])('%s', (_way, command) => {
    const { before, after } = both('wrapper', command);
    const sorted = (output: RunOutput) => ({ ...output, stdout: told(output as never) });
    expect(before.stdout).toContain('arg ');
    expect(sorted(after)).toEqual(sorted(before));
  });

  test('through links to the file and to directories', () => {
    const links = join(store.work, 'links');
    mkdirSync(links);
    symlinkSync(launcher('wrapper'), join(links, 'absolute'));
    symlinkSync('absolute', join(links, 'second'));
    symlinkSync(join(launcher('wrapper'), '..'), join(links, 'directory'));
    for (const path of ['absolute', 'second', 'directory/wrapper'].map((name) => join(links, name))) {
      const { stdout } = run(path, []);
      expect(stdout).toContain(`arg ${path}\0`);
      expect(stdout).toContain(`env A=${moved}/store/${basename(object)}/share\0`);
    }
  });

  test('as the interpreter of a script', () => {
    const script = (name: string, path: string) => store.write(join(store.work, name), `#!${path} -x y\n`, 0o755);
    const before = shown(run(script('by-original', original('wrapper')), ['1']));
    const after = shown(run(script('by-launcher', launcher('wrapper')), ['1']));
    const named = (output: RunOutput) =>
      told(output as never).map((line) => line.replace(/by-(?:original|launcher)/, 'script'));
    expect(named(before)).toContain('arg <store>/'.concat(basename(object), '/bin/wrapper'));
    expect(named(after)).toEqual(named(before));
  });

  test('where it may not be read', () => {
    const copy = launcher('unreadable');
    chmodSync(join(copy, '..'), 0o755);
    cpSync(launcher('wrapper'), copy);
    chmodSync(copy, 0o111);
    const { status, stdout, stderr } = run('setpriv', ['--reuid=65534', '--clear-groups', copy]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain(`env A=${moved}/store/${basename(object)}/share\0`);
  });

  test('without /proc: by its path, relatively, through a link', () => {
    symlinkSync(launcher('wrapper'), join(store.work, 'link'));
    const script = 'umount -l /proc; "$1" one; cd "$2"; ./wrapper two; ../bin/wrapper three; "$3" four';
    const { status, stdout, stderr } = run('unshare', [
      ...[
        '-m',
        'sh',
        '-c',
        script,
        'sh',
        launcher('wrapper'),
        join(launcher('wrapper'), '..'),
        join(store.work, 'link'),
      ],
    ]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.split('\0').filter((line) => line === `env A=${moved}/store/${basename(object)}/share`).length).toBe(
      4,
    );
    const names = stdout.split('\0').filter((line) => /^arg .*(?:wrapper|link)$/.test(line));
    expect(names).toEqual(
      [launcher('wrapper'), './wrapper', '../bin/wrapper', join(store.work, 'link')].map((n) => `arg ${n}`),
    );
  });

  test('from another prefix, in a copy that was moved', () => {
    const other = join(store.work, 'an other');
    renameSync(moved, other);
    const { stdout } = run(join(other, 'store', basename(object), 'bin/to-script'), ['x']);
    renameSync(other, moved);
    expect(stdout).toBe(`script 1 x share ${other}/store/${basename(object)}/share\n`);
  });
});

describe('what it starts', () => {
  test.each(['to-script', 'to-text', 'to-wrapper', 'to-signals'])('%s', (name) => {
    const { before, after } = both(name, (path) => [path, ...(name === 'to-signals' ? [] : ['one', 'two'])]);
    const lines = ({ stdout }: RunOutput) => (name === 'to-wrapper' ? told({ stdout } as never) : stdout);
    expect({ ...after, stdout: lines(after) }).toEqual({ ...before, stdout: lines(before) });
    expect(before.status).toBe(0);
  });

  test.each([
    ['to-missing', 127, 'No such file or directory'],
    ['to-directory', 126, 'Is a directory'],
    ['to-unreadable', 126, 'Permission denied'],
    ['to-below-a-file', 126, 'Not a directory'],
    ['to-lost-interpreter', 127, 'cannot execute: required file not found'],
  ])('%s: status and message of bash', (name, status, message) => {
    const { before, after } = both(name, (path) => [path]);
    expect(before).toMatchObject({ status, stderr: expect.stringContaining(message) });
    expect(after).toEqual(before);
  });

  test('more than the kernel takes', () => {
    const argv = ['', ...Array.from({ length: 16 }, () => 'y'.repeat(124_000))];
    const cases = [original, launcher].map(
      (place): Case => ({ path: place('to-too-much'), cwd: '/', argv, env: ['HOME=/'] }),
    );
    const [before, after] = runCases(driver, cases).map((outcome) => ({ ...outcome, stderr: away(outcome.stderr) }));
    expect(before).toMatchObject({ status: 126, stderr: expect.stringContaining('Argument list too long') });
    expect(after).toEqual(before);
    // And the same as one text less.
    const fewer = cases.map((one) => ({ ...one, argv: argv.slice(0, 15) }));
    expect(runCases(driver, fewer).map(({ status }) => status)).toEqual([0, 0]);
  });

  test('no arguments at all', () => {
    const cases = [original, launcher].map((place): Case => ({ path: place('wrapper'), cwd: '/', argv: [], env: [] }));
    const [before, after] = runCases(driver, cases).map((outcome) => told(outcome).map(away));
    expect(after).toEqual(before);
  });
});

describe('security', () => {
  test('raised privileges are refused', () => {
    const copy = launcher('setuid');
    chmodSync(join(copy, '..'), 0o755);
    cpSync(launcher('wrapper'), copy);
    chmodSync(copy, 0o4755);
    expect(run('setpriv', ['--reuid=65534', '--clear-groups', copy])).toEqual({
      status: 127,
      stdout: '',
      stderr: `unmoor: ${copy}: refuses to run with raised privileges: where it lies would choose what it starts\n`,
    });
  });

  test('the store alias is left to the program as a relocated bash would leave it, and nothing else stays open', () => {
    const elsewhere = (path: string) => path.replace(moved, closed);
    expect(run(launcher('to-alias')).stdout).toBe(`${moved}/store\n`);
    expect(run(elsewhere(launcher('to-alias'))).stdout).toBe('closed\n');
    const taken = run('/bin/bash', ['-c', 'exec 87</etc/passwd; "$1"', 'sh', launcher('to-alias')]);
    expect(taken.stdout).toBe('/etc/passwd\n');
    const descriptors = (path: string) => run(path).stdout.split('\n').sort();
    expect(descriptors(launcher('to-descriptors'))).toEqual([...descriptors(original('to-descriptors')), '87'].sort());
    expect(run(elsewhere(launcher('to-descriptors'))).stdout).toBe(run(original('to-descriptors')).stdout);
  });
});

test('aarch64, under qemu', async () => {
  const toy = new ToyStore(aarch64Toolchain);
  try {
    const shell = toy.object('bash');
    const own = toy.object('wrapped');
    // The shell is only looked at; what is started is a program of this machine, since the kernel starts it.
    toy.compile(join(shell, 'bin/bash'), 'int main(void) { return 3; }');
    const target = toy.write(join(own, 'bin/target'), '', 0o755);
    cpSync(probe, target);
    toy.write(
      join(own, 'bin/wrapper'),
      `#! ${shell}/bin/bash -e\nPATH=\${PATH:+':'$PATH':'}\nPATH=\${PATH/':''${own}/bin'':'/':'}\n` +
        `PATH='${own}/bin'$PATH\nPATH=\${PATH#':'}\nPATH=\${PATH%':'}\nexport PATH\ncd '${own}/bin'\n` +
        `exec -a "$0" "${target}" --flag "$@" \n`,
      0o755,
    );
    const to = join(toy.work, 'with space');
    await relocate({ paths: [own], to, storeDir: toy.storeDir, wrappers: 'launcher' });
    const relocated = join(to, 'store', basename(own), 'bin/wrapper');
    expect(must('readelf', ['-h', relocated])).toContain('AArch64');
    const env = { PATH: `/usr/bin:${dirname(relocated)}:/bin`, SHLVL: '2', PWD: '/' };
    const result = run('qemu-aarch64', [relocated, 'a b'], { env, cwd: '/' });
    expect(result).toMatchObject({ status: 0, stderr: '' });
    const lines = told(result as never);
    expect(lines.slice(0, 4)).toEqual([`cwd ${dirname(relocated)}`, `arg ${relocated}`, 'arg --flag', 'arg a b']);
    const here = dirname(relocated);
    expect(lines.filter((line) => line.startsWith('env '))).toEqual([
      'env OLDPWD=/',
      `env PATH=${here}:/usr/bin:/bin`,
      `env PWD=${here}`,
      'env SHLVL=2',
    ]);
  } finally {
    toy.remove();
  }
});
