/** `unmoor adopt`. */

import type { Command } from 'commander';
import { adopt } from '../../pipeline/adopt/adopt.ts';
import { adoptText } from '../../reports/adopt-text.ts';
import { jsonChunks } from '../../reports/json.ts';
import { addCommonOptions, type CommonOptions, writeReport } from '../options.ts';
import { reportPalette } from '../terminal.ts';

interface AdoptFlags extends CommonOptions {
  readonly to: string;
  readonly with: string[];
}

const examples = `
Examples:
  unmoor adopt /bin/bash /bin/ls --to ~/store
  unmoor adopt /usr/bin/python3 --with /usr/lib/python3.11 --to ~/store
  unmoor relocate ~/store/*-bash --to ~/bash

Each library becomes a store object of its own, the C library's family one; programs get absolute store paths,
as if Nix had built them. Digests are made from the contents of a program and all that it needs.`;

export function addAdopt(program: Command): void {
  const command = program
    .command('adopt')
    .description('Make store objects of ordinary programs and the libraries that they need')
    .argument('<program...>', 'dynamically linked programs')
    .requiredOption('--to <dir>', 'the store directory to add them to')
    .option('--with <path...>', 'trees that the programs read, kept at their place below the object', [])
    .addHelpText('after', examples);
  addCommonOptions(command).action((programs: string[], flags: AdoptFlags) => {
    const report = adopt({ programs, to: flags.to, trees: flags.with });
    writeReport(flags.format === 'json' ? jsonChunks(report) : [adoptText(report, reportPalette(flags))], flags);
  });
}
