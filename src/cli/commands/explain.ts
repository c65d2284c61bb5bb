/** `unmoor explain`. */

import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { analyzers } from '../../analyzers/registry.ts';
import { checkRules } from '../../check/rules.ts';
import { UserError } from '../../pipeline/user-error.ts';
import { table } from '../../reports/table.ts';

/** All rules, sorted by id. */
function rules() {
  return [...analyzers.flatMap((analyzer) => analyzer.rules), ...checkRules].sort((a, b) => (a.id < b.id ? -1 : 1));
}

export function addExplain(program: Command): void {
  program
    .command('explain')
    .description('Show the page of a rule, or the list of all rules')
    .argument('[rule]', 'id of the rule, such as elf/runpath')
    .addHelpText('after', '\nExamples:\n  unmoor explain\n  unmoor explain elf/interpreter')
    .action((id: string | undefined) => {
      if (id === undefined) {
        process.stdout.write(`${table(rules().map((rule) => [rule.id, rule.summary]))}\n`);
        return;
      }
      if (!rules().some((rule) => rule.id === id)) {
        const near = rules().find((rule) => rule.id.split('/').some((part) => id.split('/').includes(part)));
        throw new UserError(`there is no rule '${id}'`, {
          exitCode: 2,
          hint: `${near === undefined ? '' : `did you mean ${near.id}? `}'unmoor explain' lists all rules`,
        });
      }
      process.stdout.write(readFileSync(new URL(`../../../docs/rules/${id}.md`, import.meta.url)));
    });
}
