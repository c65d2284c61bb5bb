/** `unmoor why`. */

import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Command } from 'commander';
import { audit } from '../../pipeline/audit.ts';
import type { AuditReport } from '../../pipeline/report.ts';
import { why } from '../../pipeline/why.ts';
import { pathOfWord } from '../../pipeline/why-target.ts';
import { jsonChunks } from '../../reports/json.ts';
import { whyText } from '../../reports/why-text.ts';
import { locateGiven } from '../../store/closure.ts';
import { addCommonOptions, addStoreOptions, type CommonOptions, requirePaths, writeReport } from '../options.ts';
import type { Outcome } from '../outcome.ts';
import { progressLine } from '../progress.ts';
import { reportPalette, reportWidth } from '../terminal.ts';

interface WhyFlags extends CommonOptions {
  readonly storeDir?: string;
  readonly jobs?: number;
}

const examples = `
Examples:
  unmoor why ./result glibc
  unmoor why ./result 36qy657xv8yf406fkhk4pns5dxrg6br2 --verbose
  unmoor why ./result bin/hello:3:14
  unmoor why ./result perl-5.36.0/lib/perl5/5.36.0/Config.pm
  unmoor why ./result glibc-2.36/lib/libc.so.6+1634016

Exit code 1 when nothing at work needs it: the package refers there by dead links only.`;

/** A path of the file system (`./result/bin/x:3`) as one in the store; what is no such path stays. */
function physicalWord(word: string): string {
  const path = pathOfWord(word);
  if (!/^\.{0,2}\//.test(path) || !existsSync(dirname(path))) return word;
  return `${realpathSync(dirname(path))}/${basename(path)}${word.slice(path.length)}`;
}

/** What the report calls the object that was asked for; a tree that is none is alone in it. */
function rootOf({ storeDir, objects }: AuditReport, path: string): string {
  const located = locateGiven(path);
  return located.kind === 'tree' ? (objects[0]?.path ?? path) : `${storeDir}/${located.baseName}`;
}

export function addWhy(program: Command, outcome: Outcome): void {
  const command = program
    .command('why')
    .description(
      'Show the chain of references from a package to an object or a site, and the bytes that make each link',
    )
    .argument('<path>', 'a store object, or a link to one')
    .argument(
      '<site-or-reference>',
      'an object of its closure: base name, digest, or name; or a place: FILE[:LINE[:COLUMN]|+OFFSET]',
    )
    .addHelpText('after', examples);
  addStoreOptions(addCommonOptions(command)).action(async (path: string, word: string, flags: WhyFlags) => {
    requirePaths([path]);
    const progress = progressLine({ quiet: flags.quiet === true });
    try {
      const common = { storeDir: flags.storeDir, workers: flags.jobs, onProgress: progress.update };
      const report = await audit({ ...common, paths: [path], closure: true });
      const explained = why(report, rootOf(report, path), physicalWord(word));
      progress.end();
      const options = { palette: reportPalette(flags), width: reportWidth(flags), verbose: flags.verbose === true };
      writeReport(flags.format === 'json' ? jsonChunks(explained) : [whyText(explained, options)], flags);
      if (!explained.live) outcome.exitCode = 1;
    } finally {
      progress.end();
    }
  });
}
