/** Options that several commands share. */

import { closeSync, lstatSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ScriptForm } from '../pipeline/launchers.ts';
import { UserError } from '../pipeline/user-error.ts';
import { visibleOutput } from '../reports/visible.ts';

export type ReportFormat = 'text' | 'json' | 'sarif' | 'markdown' | 'html';

export interface CommonOptions {
  readonly format: ReportFormat;
  readonly output?: string;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** `--format`, `-o`, `--quiet`, `--verbose`. */
export function addCommonOptions(command: Command, more: readonly ReportFormat[] = []): Command {
  return command
    .addOption(
      new Option('-f, --format <format>', 'form of the report').choices(['text', 'json', ...more]).default('text'),
    )
    .option('-o, --output <file>', 'write the report to a file instead of standard output')
    .option('-q, --quiet', 'no progress, and no report in text form')
    .option('-v, --verbose', 'show every site');
}

export interface StoreOptions {
  readonly storeDir?: string;
  readonly jobs?: number;
  readonly aliasFd: 'inherit' | 'close-on-exec';
}

export interface ScriptOptions {
  readonly wrappers: ScriptForm;
  readonly scripts: ScriptForm;
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

/** `--wrappers`, `--scripts`. */
export function addScriptOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--wrappers <form>',
        "whether makeWrapper's wrappers stay scripts, or become programs that do the same",
      )
        .choices(['text', 'launcher'])
        .default('text'),
    )
    .addOption(
      new Option(
        '--scripts <form>',
        'whether scripts in bin find their interpreter themselves, or by a program in front',
      )
        .choices(['text', 'launcher'])
        .default('text'),
    );
}

function absolute(value: string): string {
  if (!value.startsWith('/')) throw new InvalidArgumentError('An absolute path is needed, such as /nix/store.');
  return value;
}

/**
 * Reads a whole number from an option.
 *
 * @throws {InvalidArgumentError}
 */
export function positive(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1)
    throw new InvalidArgumentError('A whole number of at least 1 is needed.');
  return number;
}

/**
 * Refuses paths that do not exist before any work is done: a typing mistake is wrong usage, not a finding.
 *
 * @throws {UserError}
 */
export function requirePaths(paths: readonly string[]): void {
  for (const path of paths) {
    if (path === '-' || lstatSync(path, { throwIfNoEntry: false }) !== undefined) continue;
    throw new UserError(`${path}: no such file or directory`, { exitCode: 2 });
  }
}

function* visibleChunks(text: Iterable<string>): Generator<string> {
  for (const chunk of text) yield visibleOutput(chunk);
}

/** Writes a report where the user wants it; a file appears whole or not at all. */
export function writeReport(text: Iterable<string>, options: CommonOptions): void {
  const shown = options.format === 'text' ? visibleChunks(text) : text;
  if (options.output !== undefined && options.output !== '-') writeWhole(options.output, shown);
  else if (!(options.quiet && options.format === 'text')) for (const chunk of shown) process.stdout.write(chunk);
}

function writeWhole(path: string, text: Iterable<string>): void {
  // Devices and pipes (/dev/null, /dev/fd/3) are written to, not replaced.
  const isPlain = lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? true;
  const target = isPlain ? `${path}.partial-${process.pid}` : path;
  const file = openSync(target, 'w');
  try {
    for (const chunk of text) writeFileSync(file, chunk);
    if (isPlain) renameSync(target, path);
  } catch (error) {
    if (isPlain) rmSync(target, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}
