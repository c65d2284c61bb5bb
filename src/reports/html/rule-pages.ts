/** The pages of the rules that the report names, at its end. */

import { escapeHtml } from './escape.ts';
import { ruleAnchor } from './links.ts';
import { markdownToHtml } from './markdown.ts';

/** @param page the page of a rule, as Markdown; empty where there is none */
export function rulesSection(rules: readonly string[], page: (rule: string) => string): string {
  if (rules.length === 0) return '';
  const items = [...rules].sort().map((rule) => {
    const text = page(rule);
    const body = text === '' ? '<p class="soft">This rule has no page here.</p>' : markdownToHtml(text);
    return `<details class="panel rule"><summary class="code">${escapeHtml(rule)}</summary><div id="${ruleAnchor(rule)}">${body}</div></details>`;
  });
  return `<section aria-labelledby="rules">
<h2 id="rules">Rules</h2>
<p class="soft">What each rule finds, what is done about it, and when it is refused.</p>
${items.join('\n')}
</section>`;
}
