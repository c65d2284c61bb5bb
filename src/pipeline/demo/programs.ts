/** What the demo runs: ordinary programs of this machine, each with a call whose output says whether it works. */

import { existsSync, realpathSync } from 'node:fs';
import { basename } from 'node:path/posix';
import { requirementsOf } from '../adopt/dependencies.ts';

export interface DemoProgram {
  /** Physical path. */
  readonly path: string;
  readonly name: string;
  readonly args: readonly string[];
  readonly input: string;
  /** Trees the program reads. */
  readonly trees: readonly string[];
}

interface Candidate {
  readonly paths: readonly string[];
  readonly args: readonly string[];
  readonly input?: string;
  readonly tree?: (program: string) => string;
}

const candidates: readonly Candidate[] = [
  {
    paths: ['/bin/bash'],
    args: ['-c', 'read -r word; printf "%s from bash, %d times two is %d\\n" "$word" 21 $((21 * 2))'],
    input: 'hello\n',
  },
  { paths: ['/bin/dash'], args: ['-c', 'for i in 1 2 3; do echo "dash $i"; done'] },
  { paths: ['/bin/ls'], args: ['-d', '/', '/tmp'] },
  { paths: ['/usr/bin/sort'], args: ['-r'], input: 'a\nc\nb\n' },
  { paths: ['/usr/bin/sha256sum'], args: [], input: 'unmoor\n' },
  {
    paths: ['/usr/bin/python3'],
    args: ['-c', 'import json, math, zlib; print(json.dumps({"pi": round(math.pi, 5), "crc": zlib.crc32(b"unmoor")}))'],
    tree: (program) => `/usr/lib/${basename(program)}`,
  },
  { paths: ['/usr/bin/perl'], args: ['-e', 'print join(",", map { $_ ** 2 } 1 .. 5), "\\n"'] },
];

/** Those of the candidates that this machine has as dynamic programs. */
export function demoPrograms(): DemoProgram[] {
  const programs: DemoProgram[] = [];
  for (const { paths, args, input, tree } of candidates) {
    const found = paths.find((path) => existsSync(path));
    if (found === undefined) continue;
    const path = realpathSync(found);
    const requirements = requirementsOf(path);
    if (requirements?.interpreter === undefined || programs.some((other) => other.path === path)) continue;
    const wanted = tree?.(path);
    const trees = wanted !== undefined && existsSync(wanted) ? [realpathSync(wanted)] : [];
    programs.push({ path, name: basename(path), args, input: input ?? '', trees });
  }
  return programs;
}
