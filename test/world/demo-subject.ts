/** What `unmoor demo --nix` shows: the package world, with /nix masked in a mount namespace. */

import { basename } from 'node:path/posix';
import type { DemoSubject } from '../../src/pipeline/demo/subject.ts';
import { buildWorld } from './build.ts';
import { smokeTests } from './programs.ts';

const shown = [
  'hello in German',
  'git commits',
  'perl modules in C',
  'python modules in C',
  'tput',
  'lua module in C',
  'probe exceptions',
  'probe spawn',
  'script bash-script',
  'script python-script',
  'script hello-wrapped',
];

/** Builds the world, where it is not built yet. */
export async function worldSubject(): Promise<DemoSubject> {
  process.stderr.write('Building the package world with Nix (some minutes, the first time)\n');
  const world = buildWorld();
  let isHidden = false;
  return {
    storeDir: '/nix/store',
    paths: Object.values(world),
    tasks: smokeTests
      .filter(({ name }) => shown.includes(name))
      .map((smoke) => ({
        name: smoke.name,
        from: smoke.package,
        task: `${smoke.program} ${(smoke.args ?? []).join(' ')}`.slice(0, 60),
        object: basename(world[smoke.package] as string),
        file: smoke.program,
        isElf: smoke.package !== 'scripts',
        args: smoke.args ?? [],
        input: smoke.input ?? '',
        environment: { LC_ALL: 'C.UTF-8', ...smoke.env },
      })),
    hide() {
      isHidden = true;
    },
    absence: '/nix was masked by an empty file system',
    get wrap() {
      return isHidden ? ['unshare', '-m', 'sh', '-c', 'mount -t tmpfs none /nix && exec "$@"', 'sh'] : [];
    },
  };
}
