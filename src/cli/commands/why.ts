/** `unmoor why`. */

import type { Command } from 'commander';
import { audit } from '../../pipeline/audit.ts';
import { UserError } from '../../pipeline/user-error.ts';
import { why } from '../../pipeline/why.ts';
import { jsonChunks } from '../../reports/json.ts';
import { whyText } from '../../reports/why-text.ts';
import { addCommonOptions, addStoreOptions, type CommonOptions, requirePaths, writeReport } from '../options.ts';
import type { Outcome } from '../outcome.ts';
import { progressLine, reportPalette, reportWidth } from '../terminal.ts';

interface WhyFlags extends CommonOptions {
  readonly storeDir?: string;
  readonly jobs?: number;
}

const examples = `
Examples:
  unmoor why ./result glibc
  unmoor why ./result 36qy657xv8yf406fkhk4pns5dxrg6br2 --verbose

Exit code 1 when the package refers to the object by dead links only.`;

export function addWhy(program: Command, outcome: Outcome): void {
  const command = program
    .command('why')
    .description('Show the chain of references from a package to an object, and the bytes that make each link')
    .argument('<path>', 'a store object, or a link to one')
    .argument('<reference>', 'an object of its closure: base name, digest, or name')
    .addHelpText('after', examples);
  addStoreOptions(addCommonOptions(command)).action(async (path: string, reference: string, flags: WhyFlags) => {
    requirePaths([path]);
    const progress = progressLine(flags.quiet === true);
    try {
      const common = { storeDir: flags.storeDir, workers: flags.jobs, onProgress: progress.update };
      const report = await audit({ ...common, paths: [path], closure: true });
      const [root] = (await audit({ ...common, paths: [path], closure: false })).objects;
      if (root === undefined) throw new UserError(`'${path}' is no store object`, { exitCode: 2 });
      const explained = why(report, root.path, reference);
      progress.end();
      const options = { palette: reportPalette(flags), width: reportWidth(flags), verbose: flags.verbose === true };
      writeReport(flags.format === 'json' ? jsonChunks(explained) : [whyText(explained, options)], flags);
      if (!explained.live) outcome.exitCode = 1;
    } finally {
      progress.end();
    }
  });
}
