/**
 * The newest Nix that Debian has (sid), unpacked into the cache with the libraries that it needs, and started by its own
 * loader: the machine's own Nix stays the older one of bookworm.
 */

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Finished, run } from '../../cli/run-unmoor.ts';
import { cacheDirectory, nixConfiguration } from '../build.ts';

/** The machine's own mirror of Debian. */
function mirror(): string {
  const directory = '/etc/apt/sources.list.d';
  const files = existsSync(directory) ? readdirSync(directory).map((name) => join(directory, name)) : [];
  for (const file of [...files, '/etc/apt/sources.list']) {
    if (!existsSync(file)) continue;
    const found = /^(?:URIs:\s*|deb\s+(?:\[[^\]]*\]\s+)?)(\S+:\S*)/m.exec(readFileSync(file, 'utf8'))?.[1];
    if (found !== undefined && !found.includes('security')) return found;
  }
  throw new Error('no mirror of Debian is named in /etc/apt');
}

function must(command: string, args: readonly string[]): string {
  const { code, stdout, stderr } = run(command, args);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stderr.slice(-2000)}`);
  return stdout;
}

/** Fetches and unpacks it, once. */
function unpacked(): string {
  const target = join(cacheDirectory, 'newest-nix');
  if (existsSync(join(target, 'usr/bin/nix'))) return target;
  mkdirSync(cacheDirectory, { recursive: true });
  const work = mkdtempSync(join(tmpdir(), 'unmoor-newest-nix-'));
  try {
    for (const name of ['parts', 'lists/partial', 'archives/partial']) mkdirSync(join(work, name), { recursive: true });
    writeFileSync(
      join(work, 'parts', 'sid.sources'),
      `Types: deb\nURIs: ${mirror()}\nSuites: sid\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n`,
    );
    // As if nothing were installed, so that every library comes along.
    writeFileSync(join(work, 'status'), '');
    const settings = {
      'Dir::Etc::sourcelist': '/dev/null',
      'Dir::Etc::sourceparts': join(work, 'parts'),
      'Dir::State::lists': join(work, 'lists'),
      'Dir::State::status': join(work, 'status'),
      'Dir::Cache::archives': join(work, 'archives'),
      'APT::Sandbox::User': 'root',
      'Debug::NoLocking': '1',
    };
    const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
    must('apt-get', [...options, '-q', 'update']);
    must('apt-get', [...options, '-q', '-y', '--no-install-recommends', '--download-only', 'install', 'nix-bin']);
    const root = join(work, 'root');
    for (const name of readdirSync(join(work, 'archives')).filter((file) => file.endsWith('.deb'))) {
      must('dpkg-deb', ['-x', join(work, 'archives', name), root]);
    }
    rmSync(target, { recursive: true, force: true });
    must('cp', ['-a', root, `${target}.new`]);
    renameSync(`${target}.new`, target);
    return target;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Runs a program of the newest Nix, in a store directory of its own below `work`. */
export function newestNix(work: string): (program: string, args: readonly string[]) => Finished {
  const root = unpacked();
  const libraries = join(root, 'usr/lib/x86_64-linux-gnu');
  const state = join(work, 'newest');
  const env = {
    NIX_STORE_DIR: join(state, 'store'),
    NIX_STATE_DIR: join(state, 'var/nix'),
    NIX_LOG_DIR: join(state, 'log'),
    NIX_CONF_DIR: join(state, 'etc'),
    NIX_REMOTE: 'local',
    NIX_CONFIG: nixConfiguration,
    NIX_PATH: '',
  };
  return (program, args) =>
    run(
      join(libraries, 'ld-linux-x86-64.so.2'),
      ['--argv0', program, '--library-path', libraries, join(root, 'usr/bin/nix'), ...args],
      { env },
    );
}
