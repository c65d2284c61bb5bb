/** Options that several commands share. */

import { writeFileSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';

export interface CommonOptions {
  readonly format: 'text' | 'json';
  readonly output?: string;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** `--format`, `-o`, `--quiet`, `--verbose`. */
export function addCommonOptions(command: Command): Command {
  return command
    .addOption(new Option('-f, --format <format>', 'form of the report').choices(['text', 'json']).default('text'))
    .option('-o, --output <file>', 'write the report to a file instead of standard output')
    .option('-q, --quiet', 'no progress, and no report in text form')
    .option('-v, --verbose', 'show every site');
}

/** `--store-dir`, for stores whose paths name another directory than the one they lie in. */
export function addStoreOptions(command: Command): Command {
  return command
    .option('--store-dir <dir>', 'the store directory that the paths name (default: detected)', absolute)
    .addOption(new Option('--jobs <n>', 'worker threads (default: one for each core)').argParser(positive))
    .addOption(
      new Option('--alias-fd <policy>', 'whether programs hand the store alias on to the programs they start')
        .choices(['inherit', 'close-on-exec'])
        .default('inherit'),
    );
}

function absolute(value: string): string {
  if (!value.startsWith('/')) throw new InvalidArgumentError('An absolute path is needed, such as /nix/store.');
  return value;
}

function positive(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1)
    throw new InvalidArgumentError('A whole number of at least 1 is needed.');
  return number;
}

/** Writes a report where the user wants it. */
export function writeReport(text: string, options: CommonOptions): void {
  if (options.output !== undefined) writeFileSync(options.output, text);
  else if (!(options.quiet && options.format === 'text')) process.stdout.write(text);
}
