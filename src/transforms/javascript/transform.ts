/**
 * JavaScript: the store directory is what is left of the module's own directory without its last components. Node.js
 * resolves links before it runs a module, so that directory is the physical one.
 */

import type { EntryFile } from '../../analyzers/analyzer.ts';
import type { Site } from '../../analyzers/site.ts';
import { javascriptSource, type Literal, type Source } from '../../syntax/javascript/source.ts';
import { edit, type LiteralRewriting, planLiterals } from '../literal-plan.ts';
import { shellQuote } from '../shell-quote.ts';
import { type Edit, type Transform, upToStoreDir } from '../transform.ts';

/** How a store directory is written for its place: as a path, or percent-encoded behind `file://`. */
type Encoding = 'path' | 'url';

/** An expression for the store directory, with no slash at its end. Engines without `__dirname` get the alias. */
function storeExpression(source: Source, file: string, alias: string, encoding: Encoding): string {
  const depth = file === '' ? 0 : file.split('/').length;
  if (source.isModule) {
    const url = `import.meta.url.split(/[?#]/)[0].split("/").slice(2,-${depth + 1}).join("/")`;
    return encoding === 'url' ? url : `decodeURIComponent(${url})`;
  }
  const path = depth === 0 ? '__dirname' : `__dirname.split("/").slice(0,-${depth}).join("/")`;
  const encoded = encoding === 'url' ? `${path}.split("/").map(encodeURIComponent).join("/")` : path;
  return `(typeof __dirname=="string"?${encoded}:"${alias}")`;
}

/** One path in a literal: the bytes to replace. A slash may be escaped: `\/nix/store`. */
interface Span {
  readonly start: number;
  readonly end: number;
  readonly encoding: Encoding;
}

function spanOf(site: Site, text: string, literal: Literal, storeDir: string): Span {
  let backslashes = 0;
  while (text[site.offset - 1 - backslashes] === '\\') backslashes++;
  const start = site.offset - (backslashes % 2);
  const before = text.slice(Math.max(literal.start, start - 24), start);
  const encoding = /file:(?:\/\/|\\\/\\\/)(?:localhost)?$/.test(before) ? 'url' : 'path';
  return { start, end: site.offset + storeDir.length, encoding };
}

class Rewriter {
  readonly file: EntryFile;
  readonly source: Source;
  readonly alias: string;
  readonly text: string;

  constructor(file: EntryFile, source: Source, alias: string) {
    this.file = file;
    this.source = source;
    this.alias = alias;
    this.text = file.bytes.read(0, file.bytes.size).toString('latin1');
  }

  private slice(start: number, end: number): string {
    return this.text.slice(start, end);
  }

  private expression(literal: Literal, { start, encoding }: Span): string {
    const path = storeExpression(this.source, this.file.file, this.alias, encoding);
    if (literal.reader === 'pattern') return `${path}.replace(/[\\\\^$.*+?()[\\]{}|]/g,"\\\\$&")`;
    if (literal.reader === 'json') return `JSON.stringify(${path}).slice(1,-1)`;
    if (literal.reader === 'none') return path;
    switch (shellQuote(this.slice(literal.start + 1, start), false)) {
      case 'single':
        return `${path}.replace(/'/g,"'\\\\''")`;
      case 'double':
        return `${path}.replace(/["$\`\\\\]/g,"\\\\$&")`;
      case 'none':
        return `${path}.replace(/'/g,"'\\\\''").replace(/^[^]*$/,"'$&'")`;
    }
  }

  /** A quoted string becomes parts and expressions, joined by `+`, between `open` and `close`. */
  concatenation(literal: Literal, spans: readonly Span[], open: string, close: string): Edit[] {
    const quote = this.text[literal.start] as string;
    const edits: Edit[] = [];
    spans.forEach((span, index) => {
      const expression = this.expression(literal, span);
      if (index === 0 && span.start === literal.start + 1) {
        edits.push(edit(literal.start, this.slice(literal.start, span.end), `${open}${expression}+${quote}`));
        return;
      }
      if (index === 0) edits.push(edit(literal.start, '', open));
      edits.push(edit(span.start, this.slice(span.start, span.end), `${quote}+${expression}+${quote}`));
    });
    edits.push(edit(literal.end, '', close));
    return edits;
  }

  substitution(literal: Literal, spans: readonly Span[]): Edit[] {
    return spans.map((span) =>
      edit(span.start, this.slice(span.start, span.end), `\${${this.expression(literal, span)}}`),
    );
  }

  /** The specifier becomes relative, which counts from the module's own place; `file://` goes, too. */
  specifier(literal: Literal, span: Span): Edit[] | undefined {
    const isTemplate = !/["']/.test(this.text[literal.start] as string);
    const contents = literal.start + (isTemplate ? 0 : 1);
    if (!/^(?:file:\/\/(?:localhost)?)?$/.test(this.slice(contents, span.start))) return undefined;
    const up = upToStoreDir(this.file.file);
    return [edit(contents, this.slice(contents, span.end), up)];
  }

  rewrite(literal: Literal, sites: readonly Site[]): LiteralRewriting | undefined {
    const { context } = literal;
    const spans = sites.map((site) => spanOf(site, this.text, literal, this.file.storeDir.path));
    const [first] = spans as [Span];
    if (context === 'specifier') {
      const edits = spans.length === 1 ? this.specifier(literal, first) : undefined;
      return edits && { edits, form: upToStoreDir(this.file.file) };
    }
    if (!this.source.isModule && this.source.hidesDirname) return undefined;
    const edits = this.parts(literal, spans);
    const directory = this.source.isModule ? '<directory of import.meta.url>' : '<__dirname>';
    return edits && { edits, form: `${directory}/${upToStoreDir(this.file.file)}` };
  }

  private parts(literal: Literal, spans: readonly Span[]): Edit[] | undefined {
    switch (literal.context) {
      case 'expression':
        return this.concatenation(literal, spans, '(', ')');
      case 'key':
        return this.concatenation(literal, spans, '[', ']');
      case 'class-key':
        return this.concatenation(literal, spans, literal.beginsMember ? ';[' : '[', ']');
      case 'template':
        return this.substitution(literal, spans);
      case 'jsx-attribute':
        // In attributes backslashes are plain and `&` begins an entity, otherwise than in strings.
        if (/[\\&\n\r]/.test(this.slice(literal.start, literal.end))) return undefined;
        return this.concatenation(literal, spans, '{', '}');
      default:
        return undefined;
    }
  }
}

export const javascriptTransform: Transform = {
  id: 'javascript',
  rules: ['javascript/string', 'javascript/import', 'javascript/comment', 'javascript/source-map'],
  plan(file, sites, context) {
    const isMap = sites.some(({ rule }) => rule === 'javascript/source-map');
    const source = isMap ? undefined : javascriptSource(file.bytes, file.file);
    const rewriter = source && new Rewriter(file, source, context.alias);
    return planLiterals(
      'javascript',
      file,
      sites,
      context,
      (site) => source?.literalAt(site.offset)?.start,
      (group) => {
        const literal = source?.literalAt((group[0] as Site).offset);
        return literal && rewriter?.rewrite(literal, group);
      },
    );
  },
};
