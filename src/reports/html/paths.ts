/** The list of all paths: its controls; the rows are made by the page's script. */

import { escapeHtml } from './escape.ts';
import { languageOf } from './links.ts';

function option(value: string, label = value): string {
  return `<option value="${escapeHtml(value)}">${escapeHtml(label)}</option>`;
}

/** Rules below their language; the first entry of each language is all of it. */
function ruleOptions(rules: readonly string[]): string {
  const languages = new Map<string, string[]>();
  for (const rule of [...rules].sort()) {
    const language = languageOf(rule);
    languages.set(language, [...(languages.get(language) ?? []), rule]);
  }
  return [...languages]
    .map(([language, own]) =>
      own.length === 1 && own[0] === language
        ? option(language)
        : `<optgroup label="${escapeHtml(language)}">${option(`${language}/`, `all of ${language}`)}${own.map((rule) => option(rule)).join('')}</optgroup>`,
    )
    .join('');
}

function select(id: string, label: string, options: string): string {
  return `<label>${label} <select id="${id}"><option value="">all</option>${options}</select></label>`;
}

export interface PathsSection {
  readonly objects: readonly string[];
  readonly rules: readonly string[];
  readonly roles: readonly string[];
}

export function pathsSection({ objects, rules, roles }: PathsSection): string {
  const sorted = (values: readonly string[]) =>
    [...values]
      .sort()
      .map((value) => option(value))
      .join('');
  return `<section aria-labelledby="paths">
<h2 id="paths">Paths</h2>
<search class="controls">
<label class="grow">Search <input type="search" id="search" placeholder="file, path, form, rule …" autocomplete="off" spellcheck="false" aria-keyshortcuts="/"></label>
${objects.length > 1 ? select('object', 'Object', sorted(objects)) : '<select id="object" hidden aria-label="Object"><option value="">all</option></select>'}
${select('rule', 'Language or rule', ruleOptions(rules))}
${select('becomes', 'Becomes', `${option('relative')}${option('alias', 'store alias')}${option('stays')}`)}
${select('role', 'Role', sorted(roles))}
<button type="button" id="clear">Clear</button>
</search>
<p class="soft hints"><span id="count" role="status" aria-live="polite"></span> <span class="keys"><kbd>/</kbd> searches, <kbd>Esc</kbd> clears, <kbd>↑</kbd> <kbd>↓</kbd> go along the list, <kbd>Enter</kbd> opens</span></p>
<noscript><p>The list needs JavaScript; the page brings its own. <code>unmoor audit --verbose</code> prints it.</p></noscript>
<div class="sites" id="sites" tabindex="0" role="region" aria-label="List of paths"><div id="spacer" role="list" aria-label="Paths"></div></div>
<div id="printed" class="printed" aria-hidden="true"></div>
</section>
<dialog id="site" aria-labelledby="site-title"><div id="site-body"></div></dialog>`;
}
