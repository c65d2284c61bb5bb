/** `unmoor report`. */

import { existsSync, lstatSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Command, Option } from 'commander';
import { makeIndex, type NamedAudit } from '../../pipeline/index/make-index.ts';
import { UserError } from '../../pipeline/user-error.ts';
import { auditHtml } from '../../reports/audit-html.ts';
import { indexHtml } from '../../reports/index-html.ts';
import { readAudit, readIndex } from '../read-audit.ts';
import { rulePage } from '../rule-page.ts';

interface ReportFlags {
  readonly output: string;
  readonly previous?: string;
}

const examples = `
Examples:
  unmoor audit ./hello --closure --format json -o hello.json
  unmoor audit ./git --closure --format json -o git.json
  unmoor report hello.json git.json -o site
  unmoor report *.json -o site --previous last-week

Writes index.html, index.json and a page for each package.`;

/** A report in a folder of its own is called as the folder: `hello/audit.json` is `hello`. */
function nameOf(path: string): string {
  const name = basename(path).replace(/\.json$/, '');
  return name === 'audit' ? basename(dirname(path)) : name;
}

const fileOf = (name: string) => `${name.replace(/[^\w.+-]/g, '_')}.html`;

export function addReport(program: Command): void {
  program
    .command('report')
    .description('Put many audits together into one site: what to mend first')
    .argument('<report...>', 'audits in JSON form')
    .requiredOption('-o, --output <dir>', 'the directory to write')
    .addOption(new Option('--previous <dir>', 'an earlier site of the same packages, for the trend'))
    .addHelpText('after', examples)
    .action((paths: string[], { output, previous }: ReportFlags) => {
      const audits = paths.map((path): NamedAudit => ({ name: nameOf(path), report: readAudit(path) }));
      const twice = audits.find(({ name }, i) => audits.findIndex((other) => other.name === name) !== i);
      if (twice !== undefined) throw new UserError(`two reports are called '${twice.name}'`, { exitCode: 2 });
      const before = previous === undefined ? undefined : readIndex(join(previous, 'index.json'));
      const index = makeIndex(audits, before);
      if (existsSync(output) && !lstatSync(output).isDirectory()) {
        throw new UserError(`'${output}' is no directory`, { exitCode: 2 });
      }
      mkdirSync(join(output, 'packages'), { recursive: true });
      for (const { name, report } of audits) {
        writeFileSync(join(output, 'packages', fileOf(name)), auditHtml(report, { page: rulePage }));
      }
      writeFileSync(join(output, 'index.json'), `${JSON.stringify(index, null, 2)}\n`);
      writeFileSync(
        join(output, 'index.html'),
        indexHtml(index, { pageOf: (name) => `packages/${encodeURIComponent(fileOf(name))}` }),
      );
    });
}
