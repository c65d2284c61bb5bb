/** The pages of rules, as they lie beside the program. */

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

function pageFile(rule: string): string {
  return fileURLToPath(new URL(`../../docs/rules/${rule}.md`, import.meta.url));
}

/** The text of a rule's page; empty when there is none. */
export function rulePage(rule: string): string {
  const path = pageFile(rule);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** Where people read about a rule: its page, or the command that prints it. */
export function rulePageName(rule: string): string {
  const path = pageFile(rule);
  return existsSync(path) ? path : `'unmoor explain ${rule}'`;
}
