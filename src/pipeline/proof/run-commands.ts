/** Commands that are run under each prefix of a proof; their output must be the same, the prefix and digests aside. */

import { spawnSync } from 'node:child_process';
import { type DigestMap, renameDigestsInText } from '../../store/renamed-digests.ts';
import type { ProofRun } from './report.ts';

export interface RunPlace {
  /** Directory with `store/` and `bin/`. */
  readonly prefix: string;
  readonly digests: DigestMap;
}

const TIMEOUT_MS = 120_000;
const SHOWN = 300;

interface Result {
  readonly status: string;
  readonly stdout: string;
  readonly stderr: string;
}

/** The relocated programs come first in PATH; nothing of the user's own environment, which may change what they print. */
function runIn(command: string, place: RunPlace): Result {
  const result = spawnSync('/bin/sh', ['-c', command], {
    cwd: '/',
    encoding: 'latin1',
    env: { PATH: `${place.prefix}/bin:/usr/bin:/bin`, LC_ALL: 'C', HOME: '/' },
    input: '',
    timeout: TIMEOUT_MS,
  });
  const prefix = Buffer.from(place.prefix).toString('latin1');
  const plain = (text: string) => renameDigestsInText(text.replaceAll(prefix, '@prefix@'), place.digests);
  const status =
    result.error?.message ?? (result.signal === null ? `exit ${result.status}` : `signal ${result.signal}`);
  return { status, stdout: plain(result.stdout ?? ''), stderr: plain(result.stderr ?? '') };
}

function difference(first: Result, other: Result, place: RunPlace): string | undefined {
  for (const key of ['status', 'stdout', 'stderr'] as const) {
    if (first[key] !== other[key]) {
      const shown = (text: string) => JSON.stringify(text.slice(0, SHOWN));
      return `under '${place.prefix}' ${key} is ${shown(other[key])}, under the first prefix ${shown(first[key])}`;
    }
  }
  return undefined;
}

/** Runs one command under every prefix. A command that fails everywhere in the same way is reported, not the same. */
export function compareCommand(command: string, places: readonly RunPlace[]): ProofRun {
  const [first, ...others] = places.map((place) => ({ place, result: runIn(command, place) }));
  if (first === undefined) return { command, same: true, difference: '' };
  if (first.result.status !== 'exit 0') {
    const said = first.result.stderr.trim().slice(0, SHOWN);
    return { command, same: false, difference: `it ends with ${first.result.status}${said === '' ? '' : `: ${said}`}` };
  }
  const found = others.flatMap(({ place, result }) => difference(first.result, result, place) ?? []);
  return { command, same: found.length === 0, difference: found.join('; ') };
}
