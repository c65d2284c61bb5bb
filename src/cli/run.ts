/** Parses arguments, runs a command, and turns whatever it throws into a message and an exit code. */

import { Command, CommanderError } from 'commander';
import { exitCodeOf } from './errors.ts';
import type { Outcome } from './outcome.ts';
import { packageVersion } from './package-version.ts';

const examples = `
Examples:
  unmoor demo                               see it work, with this machine's own programs
  unmoor audit ./result --closure           what is hardcoded in a build and all that it needs
  unmoor relocate ./result --to ~/hello     a copy that runs wherever it is moved
  unmoor verify ./result                    the same bytes under every prefix, proved
  unmoor check                              where packages bake store paths in, before they are built
  unmoor explain elf/runpath                what a rule means

Exit codes: 0 fine, 1 findings or refusals, 2 wrong usage, 3 a defect of unmoor itself.`;

type Add = (program: Command, outcome: Outcome) => void;

/** Each command with what it needs; only the one that is asked for is loaded. */
const commands: Readonly<Record<string, () => Promise<Add>>> = {
  audit: async () => (await import('./commands/audit.ts')).addAudit,
  why: async () => (await import('./commands/why.ts')).addWhy,
  report: async () => (await import('./commands/report.ts')).addReport,
  relocate: async () => (await import('./commands/relocate.ts')).addRelocate,
  rewrite: async () => (await import('./commands/rewrite.ts')).addRewrite,
  verify: async () => (await import('./commands/verify.ts')).addVerify,
  adopt: async () => (await import('./commands/adopt.ts')).addAdopt,
  check: async () => (await import('./commands/check.ts')).addCheck,
  demo: async () => (await import('./commands/demo.ts')).addDemo,
  explain: async () => (await import('./commands/explain.ts')).addExplain,
};

/** Those that write their report alone. */
const READERS: ReadonlySet<string> = new Set(['audit', 'why', 'check', 'explain']);

/** The command line as far as its first word needs it: all commands for the help and for misspelt names. */
async function program(first: string | undefined, outcome: Outcome): Promise<Command> {
  const command = new Command('unmoor')
    .description(
      'Frees Nix-built software from its store directory: finds hardcoded store paths, makes them relative, proves the result.',
    )
    .version(packageVersion(), '-V, --version')
    .showHelpAfterError('(unmoor --help shows how it is used)')
    .showSuggestionAfterError()
    .addHelpText('after', examples)
    .exitOverride();
  const one = first !== undefined && Object.hasOwn(commands, first) ? commands[first] : undefined;
  const loaded = await Promise.all((one === undefined ? Object.values(commands) : [one]).map((load) => load()));
  for (const add of loaded) add(command, outcome);
  // Sub-commands copy the settings of their parent when they are made, but not this one.
  for (const sub of command.commands) sub.exitOverride();
  return command;
}

/** Ends quietly when the reader of a pipe has gone. */
function ignoreBrokenPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

/** Runs the command line; returns the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  ignoreBrokenPipes();
  const outcome: Outcome = { exitCode: 0 };
  try {
    const command = await program(args[0], outcome);
    if (args.length === 0) {
      command.outputHelp({ error: true });
      return 2;
    }
    await command.parseAsync([...args], { from: 'user' });
    return outcome.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    return exitCodeOf(error, !READERS.has(args[0] ?? ''));
  }
}
