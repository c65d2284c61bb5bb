/**
 * Builds the package world with real Nix: fetches upstream tarballs and the C library through Debian's package manager,
 * then lets Nix do the rest. What is built stays in the Nix store, what is fetched in the user's cache directory.
 *
 * usage: node test/world/build.ts
 */

import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Names of the world's packages, and where each was built. */
export type World = Readonly<Record<string, string>>;

/** Source packages, and what their upstream tarball is called here. */
const sources: Readonly<Record<string, string>> = {
  bash: 'bash.tar',
  coreutils: 'coreutils.tar',
  git: 'git.tar',
  hello: 'hello.tar',
  'lua5.4': 'lua.tar',
  ncurses: 'ncurses.tar',
  perl: 'perl.tar',
  'python3.11': 'python.tar',
  'ruby3.1': 'ruby.tar',
  sed: 'sed.tar',
  sqlite3: 'sqlite.tar',
  'tcl8.6': 'tcl.tar',
  zlib: 'zlib.tar',
};

/** Binary packages of the C and C++ run-time libraries. */
const binaries = ['libc6', 'libgcc-s1', 'libstdc++6'] as const;

const worldDirectory = fileURLToPath(new URL('.', import.meta.url));
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'unmoor');

function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): string {
  const result = spawnSync(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (result.error) throw new Error(`${command} cannot be run: ${result.error.message} (scripts/test.sh installs it)`);
  if (result.status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${result.stderr.slice(-4000)}`);
  return result.stdout;
}

/**
 * Package sources from where the machine has its packages from, without a change to the machine's lists. The security
 * archive is left out: upstream tarballs are the same.
 */
function sourceLists(directory: string): string[] {
  const parts = join(directory, 'parts');
  mkdirSync(parts);
  mkdirSync(join(directory, 'lists', 'partial'), { recursive: true });
  const system = '/etc/apt/sources.list.d';
  for (const file of existsSync(system) ? readdirSync(system) : []) {
    if (!file.endsWith('.sources')) continue;
    const stanzas = readFileSync(join(system, file), 'utf8').split(/\n\s*\n/);
    const kept = stanzas
      .filter((stanza) => !/security/.test(stanza))
      .map((stanza) => stanza.replace(/^Types:.*$/m, 'Types: deb-src'));
    writeFileSync(join(parts, file), `${kept.join('\n\n')}\n`);
  }
  const list = '/etc/apt/sources.list';
  const lines = existsSync(list) ? readFileSync(list, 'utf8').split('\n') : [];
  const kept = lines
    .filter((line) => /^deb /.test(line) && !/security/.test(line))
    .map((line) => line.replace(/^deb /, 'deb-src '));
  writeFileSync(join(directory, 'sources.list'), `${kept.join('\n')}\n`);
  return [
    '-o',
    `Dir::Etc::sourcelist=${join(directory, 'sources.list')}`,
    '-o',
    `Dir::Etc::sourceparts=${parts}`,
    '-o',
    `Dir::State::lists=${join(directory, 'lists')}`,
  ];
}

/** Fetches what is not in the cache yet; returns the directory. */
function fetchSources(): string {
  const directory = join(cache, 'sources');
  mkdirSync(directory, { recursive: true });
  const tarballs = Object.entries(sources).filter(([, name]) => !existsSync(join(directory, name)));
  const packages = binaries.filter((name) => !existsSync(join(directory, `${name}.deb`)));
  if (tarballs.length === 0 && packages.length === 0) return directory;
  process.stderr.write(`world: fetching ${[...tarballs.map(([name]) => name), ...packages].join(' ')}\n`);
  const work = mkdtempSync(join(tmpdir(), 'unmoor-world-'));
  try {
    const keep = (file: string, name: string) => {
      copyFileSync(join(work, file), join(directory, `${name}.${process.pid}`));
      renameSync(join(directory, `${name}.${process.pid}`), join(directory, name));
    };
    if (tarballs.length > 0) {
      const options = [...sourceLists(work), '-o', 'APT::Sandbox::User=root'];
      run('apt-get', [...options, '-q', 'update'], { cwd: work });
      for (const [name, target] of tarballs) {
        run('apt-get', [...options, '-q', 'source', '--download-only', name], { cwd: work });
        const pattern = new RegExp(`^${name.replaceAll('.', '\\.')}_[^_]*\\.orig\\.tar\\.(?:gz|xz|bz2)$`);
        const file = readdirSync(work).find((entry) => pattern.test(entry));
        if (file === undefined) throw new Error(`no upstream tarball of ${name} was fetched`);
        keep(file, target);
      }
    }
    for (const name of packages) {
      run('apt-get', ['-q', '-o', 'APT::Sandbox::User=root', 'download', name], { cwd: work });
      const file = readdirSync(work).find((entry) => entry.startsWith(`${name}_`) && entry.endsWith('.deb'));
      if (file === undefined) throw new Error(`${name} was not fetched`);
      keep(file, `${name}.deb`);
    }
    return directory;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** One user, no daemon, nothing from a network. */
const nixSettings = [
  'build-users-group =',
  'sandbox = false',
  'substitute = false',
  'max-jobs = 2',
  'cores = 2',
  'filter-syscalls = false',
];

/** For every Nix that tests start, as NIX_CONFIG. */
export const nixConfiguration = nixSettings.join('\n');

/** What is fetched is kept here. */
export const cacheDirectory = cache;
export const sourcesDirectory = join(cache, 'sources');

/** What the tests use, in the order in which it is worth while to build. */
const wanted = [
  'glibc',
  'gcclib',
  'perl',
  'python',
  'ruby',
  'coreutils',
  'ncurses',
  'bash',
  'git',
  'hello',
  'sed',
  'lua',
  'sqlite',
  'tcl',
  'node',
  'zlib',
  'probes',
  'scripts',
  'languages',
  'orchard',
  'compressed',
  'profile',
] as const;

/**
 * Builds the world, or finds it built.
 *
 * @throws {Error} with the end of the build's log when something does not build.
 */
export function buildWorld(): World {
  const directory = fetchSources();
  mkdirSync(cache, { recursive: true });
  const started = Date.now();
  // Two builds of one world at once wait for each other's locks, without end (Nix 2.8): one at a time.
  const paths = run(
    'flock',
    [
      join(cache, 'world.lock'),
      'nix-build',
      worldDirectory,
      '--arg',
      'sources',
      directory,
      '--out-link',
      join(cache, 'world'),
      ...wanted.flatMap((name) => ['-A', name]),
    ],
    { env: { NIX_CONFIG: nixConfiguration, NIX_PATH: '' } },
  )
    .split('\n')
    .filter((line) => line !== '');
  const seconds = Math.round((Date.now() - started) / 1000);
  if (seconds > 10) process.stderr.write(`world: built in ${seconds} s\n`);
  return Object.fromEntries(wanted.map((name, i) => [name, paths[i] as string]));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, path] of Object.entries(buildWorld())) process.stdout.write(`${name} ${path}\n`);
}
