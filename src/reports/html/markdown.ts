/**
 * Pages of rules as HTML. Only what these pages use becomes markup; everything else, HTML in them too, is shown as it is
 * written.
 */

import { lexer, type Token, type Tokens } from 'marked';
import { escapeHtml, escapeLines } from './escape.ts';

/** Entities in Markdown are texts of their own; marked hands them over as written. */
function inline(tokens: readonly Token[] = []): string {
  return tokens.map(inlineToken).join('');
}

function inlineToken(token: Token): string {
  switch (token.type) {
    case 'text':
    case 'escape':
      return 'tokens' in token && token.tokens !== undefined
        ? inline(token.tokens)
        : escapeLines((token as Tokens.Text).text);
    case 'strong':
      return `<strong>${inline(token.tokens)}</strong>`;
    case 'em':
      return `<em>${inline(token.tokens)}</em>`;
    case 'codespan':
      return `<code>${escapeHtml((token as Tokens.Codespan).text)}</code>`;
    case 'link':
      return link(token as Tokens.Link);
    default:
      return escapeLines(token.raw);
  }
}

/** Pages link to their neighbours, which this page need not hold: only links to the web lead somewhere. */
function link({ href, tokens }: Tokens.Link): string {
  const text = inline(tokens);
  return /^https:\/\//.test(href) ? `<a href="${escapeHtml(href)}" rel="noreferrer noopener">${text}</a>` : text;
}

function cells(row: readonly Tokens.TableCell[], tag: 'td' | 'th'): string {
  return `<tr>${row.map(({ tokens }) => `<${tag}>${inline(tokens)}</${tag}>`).join('')}</tr>`;
}

function block(token: Token): string {
  switch (token.type) {
    case 'space':
      return '';
    case 'heading':
      // The title stands in the summary already; sections are below the page's own headings.
      return (token as Tokens.Heading).depth === 1 ? '' : `<h3>${inline(token.tokens)}</h3>`;
    case 'paragraph':
      return `<p>${inline(token.tokens)}</p>`;
    case 'text':
      return 'tokens' in token ? inline(token.tokens) : escapeLines(token.raw);
    case 'code':
      return `<pre tabindex="0"><code>${escapeLines((token as Tokens.Code).text)}</code></pre>`;
    case 'list': {
      const { ordered, items } = token as Tokens.List;
      const tag = ordered ? 'ol' : 'ul';
      return `<${tag}>${items.map((item) => `<li>${item.tokens.map(block).join('')}</li>`).join('')}</${tag}>`;
    }
    case 'table': {
      const { header, rows } = token as Tokens.Table;
      const body = rows.map((row) => cells(row, 'td')).join('');
      return `<div class="scroll"><table><thead>${cells(header, 'th')}</thead><tbody>${body}</tbody></table></div>`;
    }
    default:
      return `<p>${escapeLines(token.raw)}</p>`;
  }
}

export function markdownToHtml(markdown: string): string {
  return lexer(markdown).map(block).join('\n');
}
