/** `unmoor verify`. */

import { type Command, InvalidArgumentError } from 'commander';
import { verifyBuilds } from '../../pipeline/proof/verify-builds.ts';
import { verifyClosure } from '../../pipeline/proof/verify-closure.ts';
import { UserError } from '../../pipeline/user-error.ts';
import { jsonChunks } from '../../reports/json.ts';
import { verifyText } from '../../reports/verify-text.ts';
import { addCommonOptions, type CommonOptions, requirePaths, writeReport } from '../options.ts';
import type { Outcome } from '../outcome.ts';
import { progressLine } from '../progress.ts';
import { reportPalette, reportWidth } from '../terminal.ts';

interface VerifyFlags extends CommonOptions {
  readonly expr?: string;
  readonly attr?: string;
  readonly storeDir: readonly string[];
  readonly prefix: readonly string[];
  readonly run: readonly string[];
  readonly nixArg: readonly string[];
  readonly keep?: boolean;
}

const examples = `
Examples:
  unmoor verify ./result --run 'hello --greeting hi'
  unmoor verify --expr default.nix -A hello
  unmoor verify --expr default.nix -A hello --store-dir /nix/store --store-dir /tmp/store

With --expr, Nix builds the derivation under each store directory (two temporary ones of the same length, unless
some are given); the results are relocated, their digests mapped onto each other along the derivation graph, and the
bytes compared. Store directories of different length show what depends on that length.
Without --expr, the closure of finished store objects is relocated to several prefixes. Nix is not needed then.
Exit code 1 when an object or a run differs.`;

const collect = (value: string, before: readonly string[]) => [...before, value];

function collectAbsolute(value: string, before: readonly string[]): readonly string[] {
  if (!value.startsWith('/')) throw new InvalidArgumentError('An absolute path is needed, such as /tmp/a/store.');
  return [...before, value.replace(/(?<=.)\/+$/, '')];
}

function requireConsistent(paths: readonly string[], flags: VerifyFlags): void {
  const usage = (message: string, hint: string) => new UserError(message, { exitCode: 2, hint });
  if (flags.expr === undefined) {
    if (paths.length === 0) throw usage('nothing to verify', 'give store objects, or --expr FILE');
    if (flags.attr !== undefined) throw usage('--attr needs --expr', 'give the file with the expression');
    if (flags.storeDir.length > 1)
      throw usage('several --store-dir need --expr', 'finished objects have one store directory');
    requirePaths(paths);
  } else if (paths.length > 0) {
    throw usage('both paths and --expr were given', 'verify finished objects, or an expression');
  }
}

export function addVerify(program: Command, outcome: Outcome): void {
  const command = program
    .command('verify')
    .description('Prove that a relocated closure has the same bytes under every prefix, and across store directories')
    .argument('[path...]', 'store objects, paths inside them, or links to them')
    .option('--expr <file>', 'a Nix expression to build under several store directories')
    .option('-A, --attr <path>', 'attribute of the expression')
    .option(
      '--store-dir <dir>',
      'a store directory to build for (repeat it); without --expr: what the paths name',
      collectAbsolute,
      [],
    )
    .option('--prefix <dir>', 'a directory to relocate to, instead of temporary ones (repeat it)', collect, [])
    .option('--run <command>', 'a shell command to run under each prefix and compare (repeat it)', collect, [])
    .option(
      '--nix-arg <word>',
      'one more word for nix-instantiate, such as --nix-arg=--impure (repeat it)',
      collect,
      [],
    )
    .option('--keep', 'leave temporary directories')
    .addHelpText('after', examples);
  addCommonOptions(command).action(async (paths: string[], flags: VerifyFlags) => {
    requireConsistent(paths, flags);
    const progress = progressLine({ quiet: flags.quiet === true });
    const common = { prefixes: flags.prefix, commands: flags.run, keep: flags.keep, onProgress: progress.update };
    try {
      const report =
        flags.expr === undefined
          ? await verifyClosure({ ...common, paths, storeDir: flags.storeDir[0] })
          : await verifyBuilds({
              ...common,
              expression: flags.expr,
              attribute: flags.attr,
              storeDirs: flags.storeDir,
              nixArguments: flags.nixArg,
            });
      progress.end();
      const options = { palette: reportPalette(flags), width: reportWidth(flags), verbose: flags.verbose === true };
      writeReport(flags.format === 'json' ? jsonChunks(report) : [verifyText(report, options)], flags);
      if (!report.ok) outcome.exitCode = 1;
    } finally {
      progress.end();
    }
  });
}
