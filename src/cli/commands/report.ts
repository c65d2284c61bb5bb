/** `unmoor report`. */

import { existsSync, lstatSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Command, Option } from 'commander';
import { makeIndex } from '../../pipeline/index/make-index.ts';
import { type AuditSummary, summarizer } from '../../pipeline/index/summary.ts';
import type { AuditReport } from '../../pipeline/report.ts';
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

/** Files for packages: names that are the same without their odd characters are counted. */
function filesOf(names: readonly string[]): Map<string, string> {
  const files = new Map<string, string>();
  const taken = new Set<string>();
  for (const name of names) {
    const plain = name.replace(/[^\w.+-]/g, '_');
    let file = plain;
    for (let i = 2; taken.has(file.toLowerCase()); i++) file = `${plain}-${i}`;
    taken.add(file.toLowerCase());
    files.set(name, `${file}.html`);
  }
  return files;
}

/** @throws {UserError} when two are the same */
function namesOf(paths: readonly string[]): string[] {
  const names = paths.map(nameOf);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return names;
  throw new UserError(`two reports are called '${twice}'`, {
    exitCode: 2,
    hint: 'a package is called as the file of its audit, or as the folder of audit.json: rename one of them',
  });
}

/**
 * Reads audits when they are needed: those of a whole package set would not fit into memory. What can be read only once, such
 * as a pipe, is kept.
 */
function reader(): (path: string) => AuditReport {
  const kept = new Map<string, AuditReport>();
  return (path) => {
    const report = kept.get(path) ?? readAudit(path);
    if (!statSync(path).isFile()) kept.set(path, report);
    return report;
  };
}

function summarised(read: (path: string) => AuditReport): (path: string) => AuditSummary {
  const summary = summarizer();
  return (path) => summary({ name: nameOf(path), report: read(path) });
}

export function addReport(program: Command): void {
  program
    .command('report')
    .description('Put many audits together into one site: what to mend first')
    .argument('<report...>', 'audits in JSON form')
    .requiredOption('-o, --output <dir>', 'the directory to write')
    .addOption(new Option('--previous <dir>', 'an earlier site of the same packages, for the trend'))
    .addHelpText('after', examples)
    .action((paths: string[], { output, previous }: ReportFlags) => {
      const files = filesOf(namesOf(paths));
      const fileOf = (name: string) => files.get(name) as string;
      const before = previous === undefined ? undefined : readIndex(join(previous, 'index.json'));
      if (existsSync(output) && !lstatSync(output).isDirectory()) {
        throw new UserError(`'${output}' is no directory`, { exitCode: 2 });
      }
      const read = reader();
      const index = makeIndex(paths.map(summarised(read)), before);
      mkdirSync(join(output, 'packages'), { recursive: true });
      for (const path of paths) {
        writeFileSync(join(output, 'packages', fileOf(nameOf(path))), auditHtml(read(path), { page: rulePage }));
      }
      writeFileSync(join(output, 'index.json'), `${JSON.stringify(index, null, 2)}\n`);
      writeFileSync(
        join(output, 'index.html'),
        indexHtml(index, { pageOf: (name) => `packages/${encodeURIComponent(fileOf(name))}` }),
      );
    });
}
