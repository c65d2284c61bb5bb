/**
 * Perl: a variable with the store directory, set while the file is compiled, stands in interpolated text; text that
 * does not interpolate is turned into text that does. A quoted piece stays one token, so nothing around it reads otherwise.
 */

import type { Site } from '../../analyzers/site.ts';
import { intervalAt } from '../../syntax/interval.ts';
import type { Quoted } from '../../syntax/perl/pieces.ts';
import {
  type Embedded,
  embeddedIn,
  embeddedString,
  type PerlSource,
  perlSource,
  takesVariable,
} from '../../syntax/perl/source.ts';
import { edit, planLiterals } from '../literal-plan.ts';
import { type ShellQuote, shellQuote } from '../shell-quote.ts';
import { stableName } from '../stable-name.ts';
import { type Edit, type Transform, upToStoreDir } from '../transform.ts';
import { shellStartEdits } from './shell-start.ts';

/** How the variable's value is quoted: for a place in a shell's command, or for `sprintf`. */
type Form = ShellQuote | 'format';

interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * The statement that finds the store directory. The kernel tells the physical path of the open file, which takes no
 * module and works whatever `@INC` holds; what a pattern captures is not tainted. Code from elsewhere than a file gets
 * the alias.
 */
function preamble(name: string, file: string, alias: string, neededForms: ReadonlySet<Form>): string {
  const components = file === '' ? 1 : file.split('/').length + 1;
  const path = variable(name);
  const forms: string[] = [];
  if (neededForms.size > 0) {
    const [single, double, none, format] = (['single', 'double', 'none', 'format'] as const).map((form) =>
      variable(name, form),
    );
    forms.push(
      `(${single}=${path})=~s/'/'\\\\''/g;(${double}=${path})=~s/(["\`\\$\\\\])/\\\\$1/g;` +
        `${none}=${path}=~m{[^\\w/.:+=,-]}?"'${single}'":${path};(${format}=${path})=~s/%/%%/g;`,
    );
  }
  return (
    `BEGIN{local$!;${path}='${alias}';my$f;open($f,'<',__FILE__)&&(readlink('/proc/self/fd/'.fileno($f))||'')` +
    `=~m{^(.*)(?:/[^/]*){${components}}\\z}s and${path}=$1;${forms.join('')}}`
  );
}

/** A variable that every package and `use strict` know (perlvar, "Names of variables"). */
function variable(name: string, form?: Form): string {
  return `\${^_unmoor_${name}${form === undefined ? '' : `_${form}`}}`;
}

class Rewriter {
  readonly source: PerlSource;
  readonly name: string;
  /** The forms of the variable that some text needs. */
  readonly forms = new Set<Form>();
  private readonly embeddedPieces = new Map<number, Embedded>();

  constructor(source: PerlSource, name: string) {
    this.source = source;
    this.name = name;
  }

  /** The variable as the text at a span needs it. */
  private insertion(quoted: Quoted, start: number): string {
    const isQuoted = !isRaw(quoted) && intervalAt(this.embeddedOf(quoted).quoted, start) !== undefined;
    if (isQuoted) return variable(this.name);
    if (quoted.kind === 'pattern') return `\\Q${variable(this.name)}\\E`;
    if (quoted.reader === 'none') return variable(this.name);
    const form: Form =
      quoted.reader === 'format'
        ? 'format'
        : shellQuote(this.source.text.slice(quoted.textStart, start), isRaw(quoted));
    this.forms.add(form);
    return variable(this.name, form);
  }

  private replacements(quoted: Quoted, spans: readonly Span[]): Edit[] {
    const { text } = this.source;
    return spans.map(({ start, end }) => edit(start, text.slice(start, end), this.insertion(quoted, start)));
  }

  /** Quotes what interpolated text would read otherwise; `keeps` tells which backslashes already quote. */
  private escapes(
    start: number,
    end: number,
    spans: readonly Span[],
    special: RegExp,
    keeps: (next: string) => boolean,
  ): Edit[] {
    const { text } = this.source;
    const edits: Edit[] = [];
    const ends = new Map(spans.map((span) => [span.start, span.end]));
    for (let i = start; i < end; i++) {
      const spanEnd = ends.get(i);
      if (spanEnd !== undefined) i = spanEnd - 1;
      else if (text[i] === '\\' && i + 1 < end && keeps(text[i + 1] as string)) i++;
      else if (special.test(text[i] as string)) edits.push(edit(i, '', '\\'));
    }
    return edits;
  }

  private single(quoted: Quoted, spans: readonly Span[]): Edit[] | undefined {
    const { start, textStart, textEnd, open, close } = quoted;
    const keeps = (next: string) => next === '\\' || next === open || next === close;
    if (textStart === start + 1) {
      return [
        edit(start, "'", '"'),
        ...this.escapes(textStart, textEnd, spans, /["$@\\]/, keeps),
        edit(textEnd, "'", '"'),
      ];
    }
    if (/[\w\\$@^]/.test(open)) return undefined;
    return [edit(start, '', 'q'), ...this.escapes(textStart, textEnd, spans, /[$@\\]/, keeps)];
  }

  private rawHereDocument(quoted: Quoted, spans: readonly Span[]): Edit[] {
    const { text } = this.source;
    const tagStart = text.indexOf("'", quoted.start);
    return [
      edit(tagStart, "'", '"'),
      edit(quoted.end - 1, "'", '"'),
      ...this.escapes(quoted.textStart, quoted.textEnd, spans, /[$@\\]/, () => false),
    ];
  }

  private words(quoted: Quoted, spans: readonly Span[]): Edit[] | undefined {
    const { text } = this.source;
    const { start, textStart, textEnd, end } = quoted;
    const contents = text.slice(textStart, textEnd);
    // Backslashes quote, commas make perl warn; both are rare.
    if (/[\\\x00]/.test(contents)) return undefined;
    const edits = [
      edit(
        start,
        text.slice(start, textStart),
        `@{[${'\n'.repeat(text.slice(start, textStart).split('\n').length - 1)}`,
      ),
    ];
    for (const found of contents.matchAll(/[^ \t\r\n\f]+/g)) {
      const from = textStart + found.index;
      const to = from + found[0].length;
      edits.push(edit(from, '', '"'), ...this.escapes(from, to, spans, /["$@]/, () => false), edit(to, '', '",'));
    }
    edits.push(edit(textEnd, text.slice(textEnd, end), ']}'));
    return edits;
  }

  /** Where the bytes to replace begin: in interpolated text a backslash may quote the slash. */
  private startOf(quoted: Quoted, offset: number): number {
    const { text } = this.source;
    let backslashes = 0;
    while (text[offset - 1 - backslashes] === '\\') backslashes++;
    return isRaw(quoted) ? offset : offset - (backslashes % 2);
  }

  /** Whether a path stands where a variable can take its place, among what else the text holds. */
  takes(quoted: Quoted, offset: number): boolean {
    return isRaw(quoted) || takesVariable(this.embeddedOf(quoted), this.startOf(quoted, offset));
  }

  private embeddedOf(quoted: Quoted): Embedded {
    let embedded = this.embeddedPieces.get(quoted.textStart);
    if (embedded === undefined) {
      embedded = embeddedIn(this.source.text, quoted.textStart, quoted.textEnd);
      this.embeddedPieces.set(quoted.textStart, embedded);
    }
    return embedded;
  }

  rewrite(quoted: Quoted, sites: readonly Site[], storeDir: string): Edit[] | undefined {
    const spans = sites.map(({ offset }) => ({
      start: this.startOf(quoted, offset),
      end: offset + storeDir.length,
    }));
    return this.edits(quoted, spans);
  }

  /** A string within code within interpolated text: parts joined in place. */
  embedded(quoted: Quoted, site: Site, storeDir: string): Edit[] | undefined {
    const { text } = this.source;
    if (!/^(?:double|here-document)$/.test(quoted.kind) || quoted.reader !== 'none' || quoted.open === "'")
      return undefined;
    const found = embeddedString(text, quoted.textStart, site.offset);
    if (found === undefined || text.slice(found.start, found.end).split(storeDir).length !== 2) return undefined;
    return [
      edit(found.start, '', '('),
      edit(site.offset, storeDir, `'.${variable(this.name)}.'`),
      edit(found.end, '', ')'),
    ];
  }

  private edits(quoted: Quoted, spans: readonly Span[]): Edit[] | undefined {
    const replaced = this.replacements(quoted, spans);
    switch (quoted.kind) {
      case 'single': {
        const edits = this.single(quoted, spans);
        return edits && [...edits, ...replaced];
      }
      case 'raw-here-document':
        return [...this.rawHereDocument(quoted, spans), ...replaced];
      case 'words': {
        const edits = this.words(quoted, spans);
        return edits && [...edits, ...replaced];
      }
      case 'double':
      case 'command':
      case 'here-document':
        return replaced;
      case 'pattern':
        return spans.some(({ start }) => isInClass(this.source.text.slice(quoted.textStart, start)))
          ? undefined
          : replaced;
      default:
        return undefined;
    }
  }
}

function isRaw({ kind }: Quoted): boolean {
  return kind === 'single' || kind === 'raw-here-document' || kind === 'words';
}

/** Whether a pattern is inside `[...]` where it ends. */
function isInClass(pattern: string): boolean {
  let inside = false;
  for (let i = 0; i < pattern.length; i++) {
    if (pattern[i] === '\\') i++;
    else if (pattern[i] === '[') inside = true;
    else if (pattern[i] === ']') inside = false;
  }
  return inside;
}

export const perlTransform: Transform = {
  id: 'perl',
  rules: ['perl/string', 'perl/comment'],
  plan(file, sites, context) {
    const source = perlSource(file.bytes);
    const name = stableName(file);
    const rewriter = source && new Rewriter(source, name);
    const codeStart = source?.codeStart;
    const quotedAt = ({ offset }: Site): Quoted | undefined => {
      const found = source?.at(offset);
      return found !== undefined && 'quoted' in found && codeStart !== undefined ? found.quoted : undefined;
    };
    const plan = planLiterals(
      'perl',
      file,
      sites,
      context,
      (site) => {
        const quoted = quotedAt(site);
        // What stands in code within the text is rewritten alone.
        if (quoted?.kind === 'shell-start') return quoted.textStart;
        return quoted && (rewriter?.takes(quoted, site.offset) ? quoted.textStart : site.offset);
      },
      (group) => {
        const [first] = group as [Site];
        const quoted = quotedAt(first);
        if (quoted === undefined || rewriter === undefined) return undefined;
        if (quoted.kind === 'shell-start') {
          const offsets = group.map(({ offset }) => offset);
          const edits = shellStartEdits({ text: rewriter.source.text, quoted, offsets, file, alias: context.alias });
          return edits && { edits, form: `<directory of $0>/${upToStoreDir(file.file)}` };
        }
        const edits = rewriter.takes(quoted, first.offset)
          ? rewriter.rewrite(quoted, group, file.storeDir.path)
          : rewriter.embedded(quoted, first, file.storeDir.path);
        return edits && { edits, form: `<directory of __FILE__>/${upToStoreDir(file.file)}` };
      },
    );
    const usesVariable = [...plan.remedies].some(
      ([site, { kind }]) => kind === 'relative' && quotedAt(site)?.kind !== 'shell-start',
    );
    if (!usesVariable || codeStart === undefined) return plan;
    const code = preamble(name, file.file, context.alias, rewriter?.forms ?? new Set());
    return { ...plan, edits: [edit(codeStart, '', code), ...plan.edits] };
  },
};
