/** `unmoor audit`. */

import { type Command, Option } from 'commander';
import { analyzers } from '../../analyzers/registry.ts';
import { audit } from '../../pipeline/audit.ts';
import { blockingSites, newBlockers } from '../../pipeline/new-blockers.ts';
import type { AuditReport } from '../../pipeline/report.ts';
import { UserError } from '../../pipeline/user-error.ts';
import { auditText } from '../../reports/audit-text.ts';
import { jsonChunks } from '../../reports/json.ts';
import {
  addCommonOptions,
  addScriptOptions,
  addStoreOptions,
  type CommonOptions,
  positive,
  requirePaths,
  type ScriptOptions,
  type StoreOptions,
  writeReport,
} from '../options.ts';
import type { Outcome } from '../outcome.ts';
import { packageVersion } from '../package-version.ts';
import { progressLine } from '../progress.ts';
import { rulePage } from '../rule-page.ts';
import { standardInputAsFile } from '../standard-input.ts';
import { reportPalette, reportWidth } from '../terminal.ts';

type FailOn = 'run-time' | 'any' | 'new' | 'never';

interface AuditFlags extends CommonOptions, StoreOptions, ScriptOptions {
  readonly failOn: FailOn;
  readonly baseline?: string;
  readonly closure?: boolean;
  readonly diff?: boolean;
  readonly limit?: number;
}

const examples = `
Examples:
  unmoor audit ./result                     a build's own output
  unmoor audit ./result --closure           and everything it refers to
  unmoor audit ~/src/tool                   any directory or file
  unmoor audit ./result --diff              what would be changed in scripts and other texts
  unmoor audit ./result --format html -o audit.html
  unmoor audit ./result --format json | jq .totals
  unmoor audit - < script.sh                standard input

Exit code 1 when a path that matters at run time cannot be made relative.`;

/** Whether the report has what the user does not want. */
function fails(report: AuditReport, failOn: FailOn, before: AuditReport | undefined): boolean {
  if (failOn === 'any') return report.totals.sites > 0;
  if (failOn === 'never') return false;
  if (before === undefined) return blockingSites(report).length > 0;
  return newBlockers(report, before).length > 0;
}

async function readBaseline(path: string): Promise<AuditReport> {
  const { readAudit } = await import('../read-audit.ts');
  return readAudit(path);
}

async function chunksOf(report: AuditReport, flags: AuditFlags): Promise<Iterable<string>> {
  if (flags.format === 'json') return jsonChunks(report);
  if (flags.format === 'html') {
    const { auditHtml } = await import('../../reports/audit-html.ts');
    return [auditHtml(report, { page: rulePage })];
  }
  if (flags.format === 'sarif') {
    const { auditSarif } = await import('../../reports/audit-sarif.ts');
    const rules = analyzers.flatMap((analyzer) => analyzer.rules);
    return [auditSarif(report, { version: packageVersion(), rules, page: rulePage })];
  }
  if (flags.format === 'markdown') {
    const { auditMarkdown } = await import('../../reports/audit-markdown.ts');
    return [auditMarkdown(report)];
  }
  const { verbose, limit } = flags;
  return [auditText(report, { palette: reportPalette(flags), width: reportWidth(flags), verbose, limit })];
}

export function addAudit(program: Command, outcome: Outcome): void {
  const command = program
    .command('audit')
    .description('List every hardcoded store path: what it is, where, and what a relocation does with it')
    .argument('<path...>', 'store objects, links to them, or any files and directories; - is standard input')
    .option('--closure', 'the closures of the store objects too')
    .addOption(
      new Option(
        '--fail-on <what>',
        'what makes the exit code 1: run-time paths that stay absolute, those that the baseline has not, any path, nothing',
      )
        .choices(['run-time', 'new', 'any', 'never'])
        .default('run-time'),
    )
    .option('--diff', 'what a relocation changes in each text file, as a diff; HTML has it always')
    .addOption(
      new Option('--limit <n>', 'sites shown of one object in text form (default: 12)')
        .argParser(positive)
        .conflicts('verbose'),
    )
    .option('--baseline <file>', 'an earlier audit in JSON form, for --fail-on new')
    .addHelpText('after', examples);
  addScriptOptions(addStoreOptions(addCommonOptions(command, ['sarif', 'markdown', 'html']))).action(
    async (paths: string[], flags: AuditFlags) => {
      requirePaths(paths);
      if ((flags.failOn === 'new') !== (flags.baseline !== undefined)) {
        throw new UserError('--fail-on new and --baseline belong together', { exitCode: 2 });
      }
      // Read first: a typing mistake is told before any work is done.
      const before = flags.baseline === undefined ? undefined : await readBaseline(flags.baseline);
      const progress = progressLine({ quiet: flags.quiet === true });
      const input = standardInputAsFile(paths);
      try {
        const audited = await audit({
          paths: input.paths,
          closure: flags.closure === true,
          storeDir: flags.storeDir,
          aliasPolicy: flags.aliasFd,
          wrappers: flags.wrappers,
          scripts: flags.scripts,
          changes: flags.diff === true || flags.format === 'html' || flags.format === 'sarif',
          workers: flags.jobs,
          onProgress: progress.update,
        });
        const report = input.named(audited);
        progress.end();
        const text = await chunksOf(report, flags);
        writeReport(text, flags);
        if (fails(report, flags.failOn, before)) outcome.exitCode = 1;
      } finally {
        progress.end();
        input.remove();
      }
    },
  );
}
