/**
 * The headers under each shell that a host may have as /bin/sh, started as the kernel starts it. The whole environment
 * and everything else that a script can see of its start must be what it was.
 */

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { relocate } from '../../src/pipeline/relocate.ts';
import { ToyStore } from '../toy-store.ts';
import { casesFor, programs } from './cases.ts';

const store = new ToyStore();
const interpreters = store.object('interpreters');
const scripts = store.object('scripts');
const I = `${interpreters}/bin`;
const moved = join(store.work, 'moved');

/** What may be /bin/sh, and the variables that it cannot leave alone, whatever it runs. */
const shells: readonly { readonly shell: string; readonly path: string; readonly touches: RegExp }[] = [
  { shell: 'dash', path: '/bin/dash', touches: /(?!)/ },
  { shell: 'bash', path: '/bin/bash', touches: /\b_\b/ },
  { shell: 'busybox', path: '/usr/bin/busybox', touches: /\bSHLVL\b/ },
  { shell: 'ksh', path: '/bin/ksh', touches: /\b_\b/ },
  { shell: 'mksh', path: '/usr/bin/mksh', touches: /\b_\b/ },
  { shell: 'yash', path: '/usr/bin/yash', touches: /(?!)/ },
];

const printEnvironment = {
  python: { shebang: `#!${I}/python3`, body: 'import os\nfor k in sorted(os.environb): print(k, os.environb[k])\n' },
  perl: { shebang: `#!${I}/perl`, body: 'print "$_=$ENV{$_}\\n" for sort keys %ENV;\n' },
  bash: { shebang: `#!${I}/bash`, body: '/usr/bin/env | sort; set -- "${!_unmoor@}"; echo "$@"\n' },
  sh: { shebang: `#!${I}/dash`, body: '/usr/bin/env | sort; echo "$-"\n' },
  node: { shebang: `#!${I}/node`, body: 'for (const e of Object.entries(process.env).sort()) console.log(...e);\n' },
  lua: { shebang: `#!${I}/lua`, body: 'os.execute("/usr/bin/env | sort")\n' },
};
const descriptors = {
  python: { shebang: `#!${I}/python3`, body: 'import os\nprint(sorted(os.listdir("/proc/self/fd")), os.umask(0))\n' },
};

const cases = [
  ...casesFor(I, scripts),
  ...Object.entries(printEnvironment).map(([name, script]) => ({ name: `environment-${name}`, ...script })),
  ...Object.entries(descriptors).map(([name, script]) => ({ name: `descriptors-${name}`, ...script })),
];

beforeAll(async () => {
  mkdirSync(join(interpreters, 'bin'), { recursive: true });
  for (const [name, path] of Object.entries(programs)) symlinkSync(path, join(interpreters, 'bin', name));
  store.write(join(scripts, 'lib/Unmoored.pm'), 'package Unmoored; sub word { "found" } 1;\n');
  mkdirSync(join(scripts, 'bin'));
  for (const { name, shebang, body } of cases) {
    const path = join(scripts, 'bin', name);
    writeFileSync(path, Buffer.from(`${shebang}\n${body}`, 'latin1'));
    chmodSync(path, 0o755);
  }
  await relocate({ paths: [scripts], to: moved, storeDir: store.storeDir });
});
afterAll(() => store.remove());

const args = ['', 'a  b', '-x', '--', '$0', '*', 'two\nlines'];
const environment: NodeJS.ProcessEnv = {
  PATH: '/usr/bin:/bin',
  HOME: '/',
  LC_ALL: 'C.UTF-8',
  GUILE_AUTO_COMPILE: '0',
  PWD: '/',
  SHLVL: '3',
  _: '/bin/starter',
  // What a shell might use, or a script of ours might have used.
  CDPATH: '/tmp:/',
  ENV: '/dev/full',
  BASH_ENV: '/dev/null',
  p: 'mine',
  d: 'mine',
  PERL5LIB: '',
};

const shown = (result: ReturnType<typeof spawnSync>, touches: RegExp) => ({
  status: result.status,
  stdout: result.stdout
    .toString('latin1')
    .replaceAll(join(moved, 'store'), '<store>')
    .replaceAll(store.storeDir, '<store>')
    .split('\n')
    .filter((line) => !touches.test(line)),
  stderr: result.stderr
    .toString('latin1')
    .replace(/\S*\//g, '')
    .replace(/(?:line )?:?\d+\b/g, ''),
});

const options = { env: environment, cwd: '/', input: 'input\n' };
const object = join(moved, 'store', basename(scripts));

describe.each(shells)('with $shell as /bin/sh', ({ path, touches }) => {
  test.each(cases)('$name', ({ name }) => {
    const before = spawnSync(join(scripts, 'bin', name), args, options);
    const after = spawnSync(path, [join(object, 'bin', name), ...args], { ...options, argv0: '/bin/sh' });
    expect(shown(after, touches)).toEqual(shown(before, touches));
  });
});
