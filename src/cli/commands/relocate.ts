/** `unmoor relocate`. */

import type { Command } from 'commander';
import { relocate } from '../../pipeline/relocate.ts';
import { jsonChunks } from '../../reports/json.ts';
import { relocateText } from '../../reports/relocate-text.ts';
import {
  addCommonOptions,
  addScriptOptions,
  addStoreOptions,
  type CommonOptions,
  requirePaths,
  type ScriptOptions,
  type StoreOptions,
  writeReport,
} from '../options.ts';
import type { Outcome } from '../outcome.ts';
import { progressLine } from '../progress.ts';
import { reportPalette, reportWidth } from '../terminal.ts';

interface RelocateFlags extends CommonOptions, StoreOptions, ScriptOptions {
  readonly to: string;
  readonly allowUnresolved?: boolean;
  readonly shrink?: boolean;
}

const examples = `
Examples:
  unmoor relocate ./result --to ~/hello     then: ~/hello/bin/hello
  unmoor relocate $(which git) --to /mnt/usb/git
  unmoor relocate ./result --to out --shrink
  unmoor relocate ./result --to out --format json

The directory can be moved, copied, packed and mounted read-only; its programs run from wherever it is.
Exit code 1 when a path that matters at run time stays absolute, or a check fails.`;

export function addRelocate(program: Command, outcome: Outcome): void {
  const command = program
    .command('relocate')
    .description('Copy the closure of store objects into a directory that works wherever it is moved')
    .argument('<path...>', 'store objects, paths inside them, or links to them')
    .requiredOption('--to <dir>', 'the directory to make; must not exist, or be empty')
    .option('--shrink', 'leave behind what only documentation, debug information or unused search path entries name')
    .option('--allow-unresolved', 'exit code 0 although run-time paths stay absolute')
    .addHelpText('after', examples);
  addScriptOptions(addStoreOptions(addCommonOptions(command))).action(async (paths: string[], flags: RelocateFlags) => {
    requirePaths(paths);
    const progress = progressLine({ quiet: flags.quiet === true });
    try {
      const report = await relocate({
        paths,
        to: flags.to,
        storeDir: flags.storeDir,
        aliasPolicy: flags.aliasFd,
        wrappers: flags.wrappers,
        scripts: flags.scripts,
        shrink: flags.shrink,
        workers: flags.jobs,
        onProgress: progress.update,
      });
      progress.end();
      const text =
        flags.format === 'json'
          ? jsonChunks(report)
          : [
              relocateText(report, {
                palette: reportPalette(flags),
                width: reportWidth(flags),
                verbose: flags.verbose === true,
              }),
            ];
      writeReport(text, flags);
      const unresolved = report.unresolved > 0 && flags.allowUnresolved !== true;
      if (unresolved || report.checks.some(({ ok }) => !ok)) outcome.exitCode = 1;
    } finally {
      progress.end();
    }
  });
}
