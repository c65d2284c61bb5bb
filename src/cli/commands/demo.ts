/** `unmoor demo`. */

import type { Command } from 'commander';
import { demo } from '../../pipeline/demo/demo.ts';
import { UserError } from '../../pipeline/user-error.ts';
import { demoText } from '../../reports/demo-text.ts';
import { addCommonOptions, type CommonOptions, writeReport } from '../options.ts';
import type { Outcome } from '../outcome.ts';
import { stdoutPalette } from '../terminal.ts';

interface DemoFlags extends CommonOptions {
  readonly nix?: boolean;
  readonly keep?: boolean;
}

export function addDemo(program: Command, outcome: Outcome): void {
  const command = program
    .command('demo')
    .description("Watch it work: this machine's own programs, made unmovable, then relocated and run from three places")
    .option('--nix', 'real Nix builds instead: the package world (needs the source checkout, root, and some minutes)')
    .option('--keep', 'leave the temporary directory behind')
    .addHelpText('after', '\nExamples:\n  unmoor demo\n  unmoor demo --keep\n  unmoor demo --nix');
  addCommonOptions(command).action(async (flags: DemoFlags) => {
    const step = (text: string) => {
      if (!flags.quiet) process.stderr.write(`${text}\n`);
    };
    const report = flags.nix ? await nixDemo(step) : await demo(step, flags.keep === true);
    writeReport(
      flags.format === 'json' ? `${JSON.stringify(report, null, 2)}\n` : demoText(report, stdoutPalette()),
      flags,
    );
    if (!report.ok) outcome.exitCode = 1;
  });
}

/** The package world is part of the sources, not of what is installed. */
async function nixDemo(step: (text: string) => void) {
  const world = new URL('../../../test/world/demo.ts', import.meta.url).href;
  try {
    const { worldDemo } = (await import(world)) as typeof import('../../../test/world/demo.ts');
    return await worldDemo(step);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new UserError('the package world is not here', {
      exitCode: 2,
      hint: 'demo --nix runs from a checkout of the sources',
    });
  }
}
