/** Links from one part of the page to another. */

/** Id of a rule's page in the page. */
export const ruleAnchor = (rule: string) => `rule-${rule.replace(/\W/g, '-')}`;

export interface PathFilter {
  readonly q?: string;
  /** Name as the page shows it. */
  readonly object?: string;
  /** A rule, or a language and a slash. */
  readonly rule?: string;
  readonly becomes?: 'relative' | 'alias' | 'stays';
  readonly role?: string;
}

/** The fragment that shows the paths so filtered. */
export function filterLink(filter: PathFilter): string {
  return `#${new URLSearchParams(Object.entries(filter))}`;
}

/** What stands before the slash of a rule; of the few rules without one, all of it. */
export const languageOf = (rule: string) => rule.split('/')[0] as string;
