/** Timing whole commands in turn, so that a drift of the machine falls on all of them alike. */

import { spawnSync } from 'node:child_process';

export interface Command {
  readonly name: string;
  readonly argv: readonly string[];
  readonly cwd?: string;
  /** Undoes what a run left, outside of the measured time. */
  readonly after?: () => void;
}

export interface Timing {
  readonly name: string;
  /** Median of the wall time, milliseconds. */
  readonly median: number;
  readonly min: number;
  /** Largest resident set of a run, MiB; 0 when it was not measured. */
  readonly peak: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The value that a tenth of the others stay below: what a start costs while nothing else wants the processor. */
export function lowestTenth(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 10)] ?? Number.NaN;
}

/** What a Node program prints at its end, to say how much memory it took. */
const REPORT =
  "data:text/javascript,process.on('exit',()=>process.stderr.write('maxrss '+process.resourceUsage().maxRSS+'\\n'))";

/** Runs the commands in turn, `rounds` times after a warm-up. */
export function measure(commands: readonly Command[], rounds: number): Timing[] {
  const times = new Map<Command, number[]>(commands.map((command) => [command, []]));
  const peaks = new Map<Command, number>();
  for (let round = -1; round < rounds; round++) {
    for (const command of commands) {
      const isNode = command.argv[0]?.endsWith('/node') === true;
      const argv = isNode ? [command.argv[0] as string, '--import', REPORT, ...command.argv.slice(1)] : command.argv;
      const start = process.hrtime.bigint();
      const result = spawnSync(argv[0] as string, argv.slice(1), {
        stdio: ['ignore', 'ignore', 'pipe'],
        maxBuffer: 1 << 28,
        cwd: command.cwd,
      });
      const spent = Number(process.hrtime.bigint() - start) / 1e6;
      // ripgrep ends with 1 when it finds nothing, an audit when something is blocked: both did their work.
      if (result.error || result.status === null || result.status > 1) {
        throw new Error(`${command.name} failed: ${result.error?.message ?? result.stderr}`);
      }
      const peak = /maxrss (\d+)/.exec(result.stderr.toString())?.[1];
      if (peak !== undefined) peaks.set(command, Math.max(peaks.get(command) ?? 0, Number(peak) / 1024));
      if (round >= 0) times.get(command)?.push(spent);
      command.after?.();
    }
  }
  return commands.map((command) => {
    const own = times.get(command) ?? [];
    return { name: command.name, median: median(own), min: Math.min(...own), peak: peaks.get(command) ?? 0 };
  });
}
