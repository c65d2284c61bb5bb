import { visibleText } from './visible.ts';

/** Text in Markdown that stays text: nothing in it is markup, a link or a mention. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\x00-\x1f\x7f]+/g, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_{}[\]()#+!|~@$-]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * Text as code, in which addresses and mentions are dead too; for cells of tables, where a bar has to be escaped
 * (GitHub Flavored Markdown, section 4.10). Code spans end with as many backticks as they begin with.
 */
export function codeSpan(text: string): string {
  // Nothing in a cell is a backslash before a bar but entities.
  if (text.includes('\\|')) return escapeMarkdown(visibleText(text));
  const shown = visibleText(text).replaceAll('|', '\\|');
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = /^`|`$|^ .* $/.test(shown) ? ' ' : '';
  return `${fence}${pad}${shown}${pad}${fence}`;
}
