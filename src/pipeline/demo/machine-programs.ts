/** The demonstration's programs from the machine itself: a shell, coreutils, perl, python; whatever of these is there. */

import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { basename } from 'node:path/posix';

export interface MachineProgram {
  /** Physical path of a dynamic ELF program. */
  readonly path: string;
  /** Trees that it reads, to be taken along. */
  readonly trees: readonly string[];
  readonly task: string;
  readonly args: readonly string[];
  readonly input?: string;
  /** See `DemoTask.environment`. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Where distributions put programs; not PATH, where version managers have scripts under the same names. */
const DIRECTORIES = ['/usr/bin', '/bin', '/usr/local/bin'];

/** Trees beyond this many KiB make the demonstration slow without showing more. */
const MAX_TREE_KIB = 256 * 1024;

function isElf(path: string): boolean {
  const magic = Buffer.alloc(4);
  const descriptor = openSync(path, 'r');
  try {
    return readSync(descriptor, magic, 0, 4, 0) === 4 && magic.equals(Buffer.from('\x7fELF', 'latin1'));
  } finally {
    closeSync(descriptor);
  }
}

/** A program of that name; multi-call binaries (busybox) are left out, since they go by the name they are called. */
function find(name: string): string | undefined {
  for (const directory of DIRECTORIES) {
    const path = `${directory}/${name}`;
    if (!existsSync(path)) continue;
    const physical = realpathSync(path);
    const isItself = basename(physical).startsWith(name) || name === 'sh';
    if (isItself && !basename(physical).startsWith('busybox') && statSync(physical).isFile() && isElf(physical)) {
      return physical;
    }
  }
  return undefined;
}

function ask(program: string, args: readonly string[]): string[] {
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8', env: { PATH: '/usr/bin:/bin' } });
  return status === 0 ? stdout.split('\n').filter((line) => line !== '') : [];
}

function smallTrees(paths: readonly string[]): string[] {
  const trees = [...new Set(paths.filter((path) => existsSync(path)).map((path) => realpathSync(path)))];
  return trees.filter((tree) => {
    const size = Number(ask('du', ['-sk', tree])[0]?.split('\t')[0] ?? Number.POSITIVE_INFINITY);
    return statSync(tree).isDirectory() && size <= MAX_TREE_KIB;
  });
}

const SHELL_SCRIPT = `
count() { n=0; for word in $1; do n=$((n + 1)); done; echo "$n"; }
echo "$(count 'no nix anywhere') words, $((6 * 7)), arguments: $*"
`;

function shell(): MachineProgram | undefined {
  const path = find('bash') ?? find('dash') ?? find('sh');
  return path === undefined
    ? undefined
    : {
        path,
        trees: [],
        task: 'runs a script with functions and subshells',
        args: ['-c', SHELL_SCRIPT, 'demo', 'a b', 'c'],
      };
}

function coreutils(): MachineProgram[] {
  const text = Array.from({ length: 2000 }, (_, i) => `${(i * 7919) % 2003} line\n`).join('');
  const wanted: readonly (Omit<MachineProgram, 'path' | 'trees'> & { readonly name: string })[] = [
    { name: 'sha256sum', task: 'hashes 2,000 lines', args: [], input: text },
    { name: 'sort', task: 'sorts 2,000 lines, with threads', args: ['-n', '--parallel=2'], input: text },
    { name: 'ls', task: 'lists the root directory', args: ['-d', '/', '/usr', '/etc'] },
  ];
  return wanted.flatMap(({ name, ...rest }) => {
    const path = find(name);
    return path === undefined ? [] : [{ path, trees: [], ...rest }];
  });
}

function perl(): MachineProgram | undefined {
  const path = find('perl');
  if (path === undefined) return undefined;
  // The part of the library that is no link and holds List::Util with its C half.
  const directories = ask(path, [
    '-MList::Util',
    '-e',
    'my $d = $INC{"List/Util.pm"}; $d =~ s{/List/Util.pm$}{}; print "$d\\n"',
  ]);
  const trees = smallTrees(directories);
  if (trees.length === 0) return undefined;
  const libraries = trees.map((tree) => `{object}/${tree.replace(/^\/(?:usr\/(?:local\/)?)?/, '')}`);
  return {
    path,
    trees,
    task: 'loads modules, one of them half in C, and says where from',
    args: ['-e', 'use List::Util qw(sum); print sum(1..100), " from $INC{q(List/Util.pm)}\\n"'],
    environment: { PERL5LIB: libraries.join(':') },
  };
}

function python(): MachineProgram | undefined {
  const path = find('python3');
  if (path === undefined) return undefined;
  const program = 'import sysconfig; print(sysconfig.get_path("stdlib"))';
  const trees = smallTrees(ask(path, ['-I', '-S', '-c', program]));
  // Only /usr/lib/pythonX.Y lands where python looks for it by itself: at lib/ beside bin/.
  if (trees.length !== 1) return undefined;
  return {
    path,
    trees,
    task: 'finds its library by itself, loads ctypes and json, starts a thread',
    args: [
      '-I',
      '-S',
      '-B',
      '-c',
      [
        'import ctypes, json, sys, threading',
        'thread = threading.Thread(target=lambda: print(json.dumps([sys.prefix, sys.executable], ensure_ascii=False)))',
        'thread.start(); thread.join()',
        'print(json.__file__, ctypes.sizeof(ctypes.c_void_p))',
      ].join('\n'),
    ],
  };
}

/** Programs that are there, a handful at most. */
export function machinePrograms(): MachineProgram[] {
  return [shell(), ...coreutils(), perl(), python()].filter((program) => program !== undefined);
}
