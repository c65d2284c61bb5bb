/** `unmoor check`. */

import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Command, Option } from 'commander';
import { check } from '../../check/check.ts';
import { type CheckReport, fails } from '../../check/finding.ts';
import { UserError } from '../../pipeline/user-error.ts';
import { checkText } from '../../reports/check-text.ts';
import { positive, writeReport } from '../options.ts';
import type { Outcome } from '../outcome.ts';
import { reportPalette } from '../terminal.ts';

interface CheckFlags {
  readonly staged?: boolean;
  readonly since?: string;
  readonly fix?: boolean;
  readonly updateBaseline?: boolean;
  readonly baseline?: string;
  readonly config?: string;
  readonly format: 'text' | 'json' | 'sarif' | 'markdown';
  readonly output?: string;
  readonly limit?: number;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

const examples = `
Examples:
  unmoor check                              all files of this directory that git does not ignore
  unmoor check pkgs/hello.nix               one file
  unmoor check --staged                     what the next commit holds
  unmoor check --since origin/master        only what a branch made worse
  unmoor check --fix                        rewrite what can be rewritten with certainty
  unmoor check --update-baseline            accept what is there; only new findings fail from now on

Exit code 1 when there is a new finding of severity warning or error.`;

export function addCheck(program: Command, outcome: Outcome): void {
  program
    .command('check')
    .description('Look at sources, before anything is built: where absolute store paths get into packages')
    .argument('[file...]', 'files and directories (default: this directory)')
    .option('--staged', "what is staged in git's index, not the working tree")
    .option('--since <rev>', 'files that changed since the branch left a revision; what was there before is known')
    .option('--fix', 'rewrite what can be rewritten with certainty')
    .option('--update-baseline', 'write the present findings to the baseline')
    .option('--baseline <file>', 'findings that are known (default: unmoor-baseline.json)')
    .option('--config <file>', 'configuration (default: unmoor.config.{json,js,mjs,ts}, or "unmoor" in package.json)')
    .addOption(
      new Option('-f, --format <format>', 'form of the report')
        .choices(['text', 'json', 'sarif', 'markdown'])
        .default('text'),
    )
    .option('-o, --output <file>', 'write the report to a file instead of standard output')
    .addOption(new Option('--limit <n>', 'findings shown in text form (default: all)').argParser(positive))
    .option('-q, --quiet', 'no report in text form')
    .option('-v, --verbose', 'show what does not fail too')
    .addHelpText('after', examples)
    .action(async (paths: string[], flags: CheckFlags) => {
      if (flags.fix && flags.staged) {
        throw new UserError('--fix and --staged do not go together', {
          exitCode: 2,
          hint: '--fix rewrites the working tree; stage its changes afterwards',
        });
      }
      const directory = process.cwd();
      const { report, root, top, baselined } = await check({
        directory,
        paths,
        staged: flags.staged === true,
        since: flags.since,
        fix: flags.fix === true,
        updateBaseline: flags.updateBaseline === true,
        baseline: flags.baseline,
        config: flags.config,
      });
      const { output, quiet } = flags;
      const destination = {
        format: flags.format === 'text' ? ('text' as const) : ('json' as const),
        ...(output !== undefined && { output }),
        ...(quiet !== undefined && { quiet }),
      };
      writeReport([await text()], destination);
      if (baselined !== undefined && !flags.quiet) {
        process.stderr.write(`unmoor: the baseline holds ${baselined} ${baselined === 1 ? 'finding' : 'findings'}\n`);
      }
      if (report.findings.some((finding) => fails(finding, report.failOn))) outcome.exitCode = 1;

      async function text(): Promise<string> {
        if (flags.format === 'json') return `${JSON.stringify(report, null, 2)}\n`;
        if (flags.format === 'markdown') {
          return (await import('../../reports/check-markdown.ts')).checkMarkdown(fromTop());
        }
        if (flags.format === 'sarif') return sarif();
        return checkText(report, {
          palette: reportPalette(flags),
          verbose: flags.verbose === true,
          ...(flags.limit !== undefined && { limit: flags.limit }),
          shownPath: (path) => relative(directory, join(root, path)),
        });
      }

      /** Services know files by their paths in the repository. */
      function fromTop(): CheckReport {
        const path = (from: string) => relative(top, join(root, from));
        return { ...report, findings: report.findings.map((finding) => ({ ...finding, path: path(finding.path) })) };
      }

      async function sarif(): Promise<string> {
        const { checkSarif } = await import('../../reports/check-sarif.ts');
        const { checkRules } = await import('../../check/rules.ts');
        const resource = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
        const { version } = JSON.parse(resource('package.json')) as { version: string };
        const whole = fromTop();
        // A code-scanning service would make an alert of everything that is for information only.
        const findings = whole.findings.filter(({ severity }) => flags.verbose || severity !== 'information');
        return checkSarif(
          { ...whole, findings },
          { version, rules: checkRules, help: (rule) => resource(`docs/rules/${rule}.md`) },
        );
      }
    });
}
