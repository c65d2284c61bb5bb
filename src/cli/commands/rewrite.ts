/** `unmoor rewrite`. */

import type { Command } from 'commander';
import { writeRecord } from '../../pipeline/rewrite/record.ts';
import { rewriteInPlace } from '../../pipeline/rewrite/rewrite.ts';
import { jsonChunks } from '../../reports/json.ts';
import { rewriteText } from '../../reports/rewrite-text.ts';
import { byteString } from '../../store/closure.ts';
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
import { rulePageName } from '../rule-page.ts';
import { reportPalette, reportWidth } from '../terminal.ts';

interface RewriteFlags extends CommonOptions, StoreOptions, ScriptOptions {
  readonly exclude: readonly string[];
  readonly record?: boolean;
}

const examples = `
Examples:
  unmoor rewrite "$out" "$dev"                      in a build, after fixup
  unmoor rewrite "$out" --exclude 'share/doc/**' --record

Objects that Nix has registered are read-only and hashed: rewrite those that are still being built, or relocate a copy.
Exit code 1 when a path that matters at run time stays absolute.`;

export function addRewrite(program: Command, outcome: Outcome): void {
  const command = program
    .command('rewrite')
    .description('Make the paths of store objects relative where the objects lie, as a build does with its outputs')
    .argument('<path...>', 'store objects')
    .option(
      '--exclude <glob>',
      'leave entries as they are, by path inside the object (repeat it)',
      (glob: string, before: readonly string[]) => [...before, glob],
      [],
    )
    .option('--record', 'write nix-support/relocatable.json into each object')
    .addHelpText('after', examples);
  addScriptOptions(addStoreOptions(addCommonOptions(command))).action(async (paths: string[], flags: RewriteFlags) => {
    requirePaths(paths);
    const progress = progressLine({ quiet: flags.quiet === true });
    try {
      const report = await rewriteInPlace({
        paths,
        exclude: flags.exclude,
        storeDir: flags.storeDir,
        aliasPolicy: flags.aliasFd,
        wrappers: flags.wrappers,
        scripts: flags.scripts,
        workers: flags.jobs,
        onProgress: progress.update,
      });
      progress.end();
      if (flags.record) {
        for (const [i, object] of report.objects.entries()) {
          writeRecord(object, byteString(paths[i] as string), report.storeDir);
        }
      }
      const options = {
        palette: reportPalette(flags),
        width: reportWidth(flags),
        verbose: flags.verbose === true,
        page: rulePageName,
      };
      writeReport(flags.format === 'json' ? jsonChunks(report) : [rewriteText(report, options)], flags);
      if (report.unresolved > 0) outcome.exitCode = 1;
    } finally {
      progress.end();
    }
  });
}
