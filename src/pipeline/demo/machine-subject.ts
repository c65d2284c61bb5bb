/** The demonstration without Nix: the machine's own programs, adopted into a temporary store directory. */

import { renameSync } from 'node:fs';
import { basename } from 'node:path/posix';
import { adopt } from '../adopt/adopt.ts';
import { UserError } from '../user-error.ts';
import { makeGreeting } from './greeting.ts';
import { machinePrograms } from './machine-programs.ts';
import type { DemoSubject, DemoTask } from './subject.ts';

const MIN_PROGRAMS = 2;

/**
 * Adopts what the machine has.
 *
 * @param work a temporary directory.
 * @throws {UserError} when it has too little, such as only static programs.
 */
export function machineSubject(work: string): DemoSubject {
  const tasks: DemoTask[] = [];
  const paths = new Map<string, string>();
  const to = `${work}/store`;
  for (const { path, trees, ...how } of machinePrograms()) {
    const { objects } = adopt({ programs: [path], to, trees });
    const program = objects.find(({ isProgram }) => isProgram);
    if (program === undefined) continue;
    const name = basename(path);
    paths.set(name, program.path);
    tasks.push({ name, from: path, isElf: true, object: basename(program.path), file: `bin/${name}`, ...how });
  }
  if (tasks.length < MIN_PROGRAMS) {
    throw new UserError('this machine has too few dynamically linked programs for a demonstration', {
      hint: "it looks for bash or dash, sha256sum, sort, ls, perl and python3; 'unmoor demo --nix' uses Nix packages instead",
    });
  }
  const shell = paths.get('bash') ?? paths.get('dash');
  const hasher = paths.get('sha256sum');
  if (shell !== undefined && hasher !== undefined) {
    const object = makeGreeting(to, `${shell}/bin/${basename(shell).slice(33)}`, `${hasher}/bin/sha256sum`);
    paths.set('greet', `${to}/${object}`);
    tasks.push({
      name: 'greet',
      from: 'a script with a store path as its shebang',
      task: 'reads its own data, calls another package',
      isElf: false,
      object,
      file: 'bin/greet',
      args: [],
    });
  }
  return {
    storeDir: to,
    paths: [...paths.values()],
    tasks,
    absence: 'that directory got another name',
    hide: () => renameSync(to, `${work}/put-away`),
    wrap: [],
  };
}
