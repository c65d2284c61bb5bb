/** The overlay, run by real Nix over the part of nixpkgs' interface that test/world/nixpkgs offers. */

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, inject, test } from 'vitest';
import { audit } from '../../../src/pipeline/audit.ts';
import { relocate } from '../../../src/pipeline/relocate.ts';
import { removeTree } from '../../../src/pipeline/staging.ts';
import { run } from '../../cli/run-unmoor.ts';
import { build, built, evaluated, nix } from './nix.ts';

const work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-overlay-test-')));
afterAll(() => removeTree(work));

const one = (attribute: string) => built(attribute)[0] as string;
const record = (object: string) => JSON.parse(readFileSync(join(object, 'nix-support/relocatable.json'), 'utf8'));

async function runTimeSites(objects: readonly string[]): Promise<string[]> {
  const report = await audit({ paths: objects, closure: false });
  return report.objects.flatMap(({ sites }) =>
    sites.filter(({ role }) => role === 'run-time').map(({ file, rule }) => `${file} ${rule}`),
  );
}

describe('importing the overlay', () => {
  test('changes no derivation that does not ask for it', () => {
    expect(inject('world').hello).toBeDefined();
    for (const attribute of ['unchanged', 'unchanged-build']) {
      const pairs = evaluated(attribute) as readonly { name: string; before: string; after: string }[];
      expect(pairs.length).toBeGreaterThan(0);
      expect(pairs.filter(({ before, after }) => before !== after)).toEqual([]);
    }
  });

  test('brings the command line, built from this source', () => {
    const unmoor = one('pkgs.unmoor');
    expect(run(join(unmoor, 'bin/unmoor'), ['--version']).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(run(join(unmoor, 'bin/unmoor'), ['explain', 'elf/runpath']).stdout).toContain('# elf/runpath');
    // What the compiler needed is not installed.
    expect(existsSync(join(unmoor, 'lib/unmoor/node_modules/typescript'))).toBe(false);
  });

  test('brings the loader stub and the launcher, reproducible to the byte', () => {
    const stub = one('pkgs.unmoor-stub');
    expect(readdirSync(stub)).toEqual(['launcher-x86_64.bin', 'stub-x86_64.bin']);
    const again = build('pkgs.unmoor-stub', ['--check']);
    expect(again.stderr).not.toContain('may not be deterministic');
    expect(again.code).toBe(0);
  });
});

describe('relocatable = true', () => {
  test('hello: no site is left, and it works where it is', async () => {
    const hello = one('hello');
    expect(await runTimeSites([hello])).toEqual([]);
    expect(record(hello)).toMatchObject({ version: 1, relocatable: true, rewritten: { 'elf/runpath': 1 } });
    expect(run(join(hello, 'bin/hello'), []).stdout).toBe('Hello, world!\n');
    // References are those of the plain package: Nix finds the digests in relative paths, too.
    const references = nix('nix-store', ['--query', '--references', hello]).stdout;
    expect(references).toContain('-glibc-');
    expect(references).toContain(basename(hello));
  });

  test('a library with four outputs and debug information', async () => {
    const outputs = ['out', 'dev', 'lib', 'debug'].map((output) =>
      one(output === 'out' ? 'library' : `library.${output}`),
    );
    expect(await runTimeSites(outputs)).toEqual([]);
    const [out, dev, lib] = outputs as [string, string, string];
    expect(run(join(out, 'bin/world'), []).stdout).toMatch(/^\d+\.\d+/);
    expect(record(dev).rewritten).toMatchObject({ 'pkg-config/path': expect.any(Number), 'symlink/target': 1 });
    expect(record(lib).rewritten).toEqual({ 'elf/runpath': 1 });
    // The library is found through the relative link and flags.
    const flags = run('pkg-config', ['--cflags', '--libs', 'world'], {
      env: { PKG_CONFIG_PATH: join(dev, 'lib/pkgconfig') },
    });
    expect(flags.code).toBe(0);
    expect(existsSync(join(dev, 'lib/libworld.so'))).toBe(true);
  });

  test('a wrapped Python program', async () => {
    const words = one('wrapped-python');
    expect(await runTimeSites([words])).toEqual([]);
    expect(run(join(words, 'bin/words'), ['a', 'b c']).stdout).toBe("words of a package ['a', 'b c']\n");
  });

  test('a script that a launcher starts, its text beside it', async () => {
    const tool = one('shell-tool-launcher');
    expect(await runTimeSites([tool])).toEqual([]);
    expect(readdirSync(join(tool, 'bin')).sort()).toEqual(['.unmoor-shell-tool', 'shell-tool']);
    expect(readFileSync(join(tool, 'bin/shell-tool')).toString('latin1', 0, 4)).toBe('\x7fELF');
    expect(run(join(tool, 'bin/shell-tool'), []).stdout).toBe('a line\n');
  });

  test('its wrapper as a launcher, in the package and in a closure', async () => {
    const words = one('wrapped-python-launcher');
    expect(await runTimeSites([words])).toEqual([]);
    expect(run(join(words, 'bin/words'), ['a', 'b c']).stdout).toBe("words of a package ['a', 'b c']\n");
    const closure = one('launcher-closure');
    for (const program of [join(words, 'bin/words'), realpathSync(join(closure, 'bin/words'))]) {
      expect(readFileSync(program).toString('latin1', 0, 4)).toBe('\x7fELF');
    }
    const masked = [
      '-m',
      'sh',
      '-c',
      'cp -r "$1" /mnt/c && mount -t tmpfs none /nix && exec /mnt/c/bin/words x',
      'sh',
      closure,
    ];
    expect(
      run('unshare', ['-m', 'sh', '-c', 'mount -t tmpfs none /mnt && exec unshare "$@"', 'sh', ...masked]).stdout,
    ).toBe("words of a package ['x']\n");
  });

  test('a shell tool', async () => {
    const tool = one('shell-tool');
    expect(await runTimeSites([tool])).toEqual([]);
    expect(run(join(tool, 'bin/shell-tool'), []).stdout).toBe('a line\n');
  });

  test('with everything below it, from another prefix', async () => {
    const objects = ['hello', 'wrapped-python', 'shell-tool'].map(one);
    const to = join(work, 'moved away');
    const report = await relocate({ paths: objects, to });
    expect(report.unresolved).toBe(0);
    const masked = (program: string, ...args: readonly string[]) =>
      run('unshare', [
        '-m',
        'sh',
        '-c',
        'mount -t tmpfs none /nix && exec "$@"',
        'sh',
        join(to, 'bin', program),
        ...args,
      ]);
    expect(masked('hello').stdout).toBe('Hello, world!\n');
    expect(masked('words', 'x').stdout).toBe("words of a package ['x']\n");
    expect(masked('shell-tool').stdout).toBe('a line\n');
  });

  test('fails where a run-time path stays absolute, and says which, why, and where to read on', () => {
    const { code, stderr } = build('service-relocatable');
    expect(code).not.toBe(0);
    expect(stderr).toContain('Not relocatable: 1 run-time path stays absolute');
    expect(stderr).toMatch(/share\/dbus-1\/services\/org\.example\.Service\.service \+\d+ dbus\/service/);
    expect(stderr).toContain('dbus-daemon of the host reads it');
    expect(stderr).toMatch(/see \/nix\/store\/\S+\/docs\/rules\/dbus\/service\.md/);
    expect(stderr).toContain('set \'relocatable = "partial"\' to record them and go on');
  });

  test.each(['greeting-relocatable', 'greeting-made', 'greeting-overridden', 'listed'])(
    '%s: every way to ask',
    async (attribute) => {
      const greeting = one(attribute);
      expect(await runTimeSites([greeting])).toEqual([]);
      expect(run(join(greeting, 'bin/greeting'), []).stdout).toBe('hello from a file\n');
      expect(evaluated(`${attribute}.meta.relocatable`)).toBe(true);
      expect(evaluated(`${attribute}.passthru.relocatable`)).toBe(true);
    },
  );
});

describe('other settings', () => {
  test('partial: records what stays, and passes', () => {
    const service = one('service-partial');
    const { relocatable, rewritten, remaining } = record(service);
    expect(relocatable).toBe(false);
    expect(rewritten.shebang).toBe(1);
    expect(remaining).toMatchObject([{ rule: 'dbus/service', role: 'run-time', reference: 'service-1' }]);
    // The record itself adds neither paths nor references.
    expect(readFileSync(join(service, 'nix-support/relocatable.json'), 'utf8')).not.toMatch(
      /\/nix\/store|[0-9a-z]{32}-/,
    );
  });

  test('the hook alone records, too', () => {
    expect(record(one('greeting-hooked'))).toMatchObject({ relocatable: true });
  });

  test('dontRelocate leaves everything', async () => {
    const greeting = one('greeting-not');
    expect(existsSync(join(greeting, 'nix-support'))).toBe(false);
    expect((await runTimeSites([greeting])).length).toBeGreaterThan(0);
  });

  test('structured attributes, and globs that exclude', () => {
    const greeting = one('greeting-structured');
    expect(record(greeting)).toMatchObject({ rewritten: { 'elf/runpath': 1 } });
  });
});

describe('finished closures', () => {
  test('run as nobody, without /nix, from a read-only mount, without capabilities or user namespaces', () => {
    const closure = one('closure');
    const root = join(work, 'root');
    for (const directory of ['nix', 'proc', 'dev', 'tmp', 'usr', 'bin', 'lib', 'lib64', 'opt/hello']) {
      mkdirSync(join(root, directory), { recursive: true });
    }
    // A root of its own: nothing but the closure, /proc and /dev; then every right is given away before the program starts.
    const script = `
      set -e
      mount --bind ${closure} ${root}/opt/hello
      mount -o remount,bind,ro ${root}/opt/hello
      mount --rbind /usr ${root}/usr; mount --rbind /bin ${root}/bin; mount --rbind /lib ${root}/lib
      mount --rbind /lib64 ${root}/lib64; mount --rbind /dev ${root}/dev; mount -t proc proc ${root}/proc
      exec chroot ${root} /usr/bin/setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs \\
        --bounding-set=-all --inh-caps=-all "$@"
    `;
    const inRoot = (...command: readonly string[]) =>
      run('unshare', ['-m', '-p', '-f', 'sh', '-c', script, 'sh', ...command]);
    expect(inRoot('/opt/hello/bin/hello', '--greeting', 'from anywhere')).toMatchObject({
      code: 0,
      stdout: 'from anywhere\n',
    });
    expect(inRoot('/usr/bin/ls', '/nix').stdout).toBe('');
    expect(inRoot('/usr/bin/touch', '/opt/hello/bin/x').code).not.toBe(0);
    expect(inRoot('/usr/bin/id', '-u').stdout).toBe('65534\n');
  });

  test('as an archive: the same bytes when it is made again, and what it unpacks runs', () => {
    const tarball = one('tarball');
    expect(build('tarball', ['--check']).stderr).not.toContain('may not be deterministic');
    const place = join(work, 'unpacked here');
    mkdirSync(place);
    expect(run('tar', ['-xzf', tarball, '-C', place]).code).toBe(0);
    expect(run(join(place, 'hello/bin/hello'), []).stdout).toBe('Hello, world!\n');
    expect(nix('nix-store', ['--query', '--references', tarball]).stdout).toBe('');
  });

  test('audits: a report for each package, and all of them in one place', () => {
    const report = JSON.parse(readFileSync(join(one('audit'), 'audit.json'), 'utf8'));
    expect(report.objects.length).toBeGreaterThan(1);
    expect(report.totals.sites).toBe(report.totals.occurrences);
    const audits = one('audits');
    expect(readdirSync(join(audits, 'packages')).sort()).toEqual(['hello', 'hello.html', 'zlib', 'zlib.html']);
    expect(JSON.parse(readFileSync(join(audits, 'index.json'), 'utf8')).packages).toHaveLength(2);
    const page = readFileSync(join(one('audit'), 'index.html'), 'utf8');
    for (const { path } of report.objects) expect(page).toContain(basename(path));
    expect(existsSync(join(audits, 'packages/zlib/audit.json'))).toBe(true);
  });

  test('acrossPrefixes passes, and fails where the output depends on the place', () => {
    expect(readFileSync(join(one('across'), 'report.txt'), 'utf8')).toContain('the same bytes under 3 prefixes');
    expect(existsSync(one('across-default'))).toBe(true);
    const { code, stderr } = build('across-fails');
    expect(code).not.toBe(0);
    expect(stderr).toContain('Not all is well');
  });
});

describe('the flake', () => {
  test('has the outputs that flakes are asked for', () => {
    const checkout = join(import.meta.dirname, '../../..');
    const flake = join(work, 'flake');
    mkdirSync(flake);
    const files = ['flake.nix', 'nixpkgs-overlay', 'package.json', 'package-lock.json', 'src', 'docs', 'stub'];
    for (const file of files) expect(run('cp', ['-r', join(checkout, file), flake]).code).toBe(0);
    const nixpkgs = join(work, 'nixpkgs-flake');
    expect(run('cp', ['-r', join(checkout, 'test/world'), nixpkgs]).code).toBe(0);
    const show = nix('nix', [
      '--extra-experimental-features',
      'nix-command flakes',
      'eval',
      '--json',
      '--impure',
      '--expr',
      // A flake is a function of its inputs: this one gets the world in place of nixpkgs.
      `let flake = import ${flake}/flake.nix; self = flake.outputs { inherit self; nixpkgs = ${nixpkgs}/nixpkgs; }; in
       { names = builtins.attrNames self;
         packages = builtins.attrNames self.packages.x86_64-linux;
         lib = builtins.mapAttrs (_: builtins.isFunction) self.lib.x86_64-linux;
         bundlers = builtins.mapAttrs (_: builtins.isFunction) self.bundlers.x86_64-linux;
         overlay = builtins.isFunction self.overlays.default;
         checks = builtins.attrNames self.checks.aarch64-linux; }`,
    ]);
    expect(show.stderr.replace(/^warning:.*$/gm, '').trim()).toBe('');
    const outputs = JSON.parse(show.stdout);
    expect(outputs.names).toEqual([
      'apps',
      'bundlers',
      'checks',
      'devShell',
      'devShells',
      'lib',
      'overlays',
      'packages',
    ]);
    expect(outputs.packages).toEqual(['default', 'relocatableHook', 'unmoor', 'unmoor-stub']);
    expect(Object.values(outputs.lib)).not.toContain(false);
    expect(Object.values(outputs.bundlers)).not.toContain(false);
    expect(outputs.overlay).toBe(true);
  });
});
