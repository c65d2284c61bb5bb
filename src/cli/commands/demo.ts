/** `unmoor demo`. */

import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { demo } from '../../pipeline/demo/demo.ts';
import type { DemoSubject } from '../../pipeline/demo/subject.ts';
import { UserError } from '../../pipeline/user-error.ts';
import { demoText } from '../../reports/demo-text.ts';
import { jsonChunks } from '../../reports/json.ts';
import { addCommonOptions, type CommonOptions, writeReport } from '../options.ts';
import type { Outcome } from '../outcome.ts';
import { progressLine } from '../progress.ts';
import { reportPalette } from '../terminal.ts';

interface DemoFlags extends CommonOptions {
  readonly nix?: boolean;
  readonly keep?: boolean;
}

const examples = `
Examples:
  unmoor demo                see it work with this machine's own programs
  unmoor demo --keep         and keep the relocated programs, to play with them
  unmoor demo --nix          with real packages, built by Nix (takes a while the first time)`;

/** The package world belongs to a checkout: it is no part of the npm package. */
async function nixSubject(): Promise<() => Promise<DemoSubject>> {
  const module = new URL('../../../test/world/demo-subject.ts', import.meta.url);
  if (!existsSync(module)) {
    throw new UserError('the package world is only in a checkout of Unmoor', {
      exitCode: 2,
      hint: "run './unmoor demo --nix' there; 'unmoor demo' needs no Nix",
    });
  }
  const { worldSubject } = (await import(module.href)) as { readonly worldSubject: () => Promise<DemoSubject> };
  return () =>
    worldSubject().catch((cause: Error) => {
      throw new UserError(`the package world cannot be built: ${cause.message}`, {
        hint: "it needs Nix and what test/requirements.apt lists (Debian: apt-get install nix-bin); 'unmoor demo' does not",
        cause,
      });
    });
}

export function addDemo(program: Command, outcome: Outcome): void {
  const command = program
    .command('demo')
    .description("Relocate some of this machine's own programs, move them to three places, run them there, compare")
    .option('--nix', 'use real packages built by Nix instead')
    .option('--keep', 'do not remove the relocated programs afterwards')
    .addHelpText('after', examples);
  addCommonOptions(command).action(async (flags: DemoFlags) => {
    const progress = progressLine({ quiet: flags.quiet === true });
    try {
      const report = await demo({
        subject: flags.nix ? await nixSubject() : undefined,
        keep: flags.keep,
        onProgress: progress.update,
      });
      progress.end();
      writeReport(flags.format === 'json' ? jsonChunks(report) : [demoText(report, reportPalette(flags))], flags);
      if (!report.ok) outcome.exitCode = 1;
    } finally {
      progress.end();
    }
  });
}
