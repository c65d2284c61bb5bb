/** Programs started with exactly given names, arguments, environments and directories, many in one go. */

import { spawnSync } from 'node:child_process';
import { must } from '../toy-store.ts';

/** One character a byte, all of it. */
export interface Case {
  readonly path: string;
  readonly cwd: string;
  /** With argv[0]. */
  readonly argv: readonly string[];
  readonly env: readonly string[];
}

export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

const source = (name: string) => new URL(`programs/${name}.c`, import.meta.url).pathname;

/** Compiles one of the programs of these tests. */
export function compileProgram(name: string, output: string, compiler = 'gcc'): string {
  must(compiler, ['-O1', '-static', '-o', output, source(name)]);
  return output;
}

/** Runs cases by the compiled `cases`; `through` stands before it, such as a tracer or `unshare`. */
export function runCases(driver: string, cases: readonly Case[], through: readonly string[] = []): Outcome[] {
  const list = (texts: readonly string[]) => [`${texts.length}`, ...texts];
  const input = cases
    .flatMap(({ path, cwd, argv, env }) => [path, cwd, ...list(argv), ...list(env)])
    .map((text) => `${text}\0`)
    .join('');
  const [command, ...args] = [...through, driver] as unknown as [string, ...string[]];
  const result = spawnSync(command, args, { input: Buffer.from(input, 'latin1'), maxBuffer: 1 << 30 });
  if (result.status !== 0) throw new Error(`cases ended with ${result.status}: ${result.stderr}`);
  const output = result.stdout.toString('latin1');
  const outcomes: Outcome[] = [];
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf('\n', at);
    const [status, written, told] = output.slice(at, end).split(' ').map(Number) as [number, number, number];
    const middle = end + 1 + written;
    outcomes.push({ status, stdout: output.slice(end + 1, middle), stderr: output.slice(middle, middle + told) });
    at = middle + told;
  }
  if (outcomes.length !== cases.length) throw new Error(`${cases.length} cases, ${outcomes.length} outcomes`);
  return outcomes;
}

/** What the probe printed, the order of the environment taken out. */
export function told(outcome: Outcome): readonly string[] {
  const lines = outcome.stdout.split('\0');
  const env = lines.filter((line) => line.startsWith('env '));
  return [...lines.filter((line) => !line.startsWith('env ')), ...env.sort()];
}
