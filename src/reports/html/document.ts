/**
 * The frame of every page: one file that fetches nothing. Its policy allows the page's own style and script alone, by their
 * hashes, so that nothing from a file's name or contents can run.
 */

import { createHash } from 'node:crypto';
import { embeddedJson, escapeHtml } from './escape.ts';
import { style } from './style/style.ts';

export interface HtmlDocument {
  readonly title: string;
  /** Markup: everything in the body but the data and the script. */
  readonly body: string;
  /** For the script, by the id of the element that holds it. */
  readonly data?: ReadonlyMap<string, unknown>;
  readonly script?: string;
}

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The whole page. */
export function htmlDocument({ title, body, data = new Map(), script }: HtmlDocument): string {
  const scripts = script === undefined ? '' : ` script-src ${hashOf(script)};`;
  const policy = `default-src 'none'; style-src ${hashOf(style)};${scripts} base-uri 'none'; form-action 'none'`;
  const embedded = [...data].map(
    ([id, value]) => `<script type="application/json" id="${escapeHtml(id)}">${embeddedJson(value)}</script>\n`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
${body}
${embedded.join('')}${script === undefined ? '' : `<script>${script}</script>\n`}</body>
</html>
`;
}
