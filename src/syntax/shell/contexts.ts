/** Where in a shell script a byte stands: how it is quoted there, and what the shell does with the word around it. */

import { forEachChild, parse, type SyntaxNode } from 'unbash';
import { offsetsInside } from '../interval.ts';
import { codeOf } from './code-words.ts';
import { commentFinder, firstCommand } from './comments.ts';
import type { Dialect } from './dialect.ts';
import type { Embedded } from './embedded.ts';
import type { Evaluation, PathContext, Quoting } from './path-context.ts';
import { programsOf } from './programs.ts';
import { expandedValue, withoutBackslashes } from './unescape.ts';
import { zshFirstCommand, zshQuotings } from './zsh-words.ts';

export interface ShellScript {
  readonly text: string;
  /** Where the first command begins; undefined when there is none, or when more than comments stands before it. */
  readonly firstCommand: number | undefined;
  readonly contexts: ReadonlyMap<number, PathContext>;
}

interface State {
  /** Inside double quotes, or where they are understood. */
  readonly isQuoted: boolean;
  readonly what: string;
  readonly evaluation: Evaluation | undefined;
  readonly around: PathContext['around'];
  /** A here-document's text, or a subscript, in place of an ordinary word. */
  readonly place: 'word' | 'here-document' | 'here-document-pattern' | 'subscript' | 'arithmetic';
}

/** What opens the quotes whose parts are explained from their first byte on. */
const openingOf: Partial<Record<Quoting, string>> = { single: "'", 'ansi-c': "$'", 'nested-double': '"' };

const START: State = {
  isQuoted: false,
  what: 'word',
  evaluation: undefined,
  around: undefined,
  place: 'word',
};

type Node<Type extends SyntaxNode['type']> = Extract<SyntaxNode, { type: Type }>;

/** How often a string in a string is read again. */
const MAX_EVALUATIONS = 4;

/** Commands whose arguments the same shell reads as code. */
const evaluating: ReadonlySet<string> = new Set(['eval', 'trap', 'alias']);

/** Variables whose value is code, and commands whose `-C` is (bash manual, "Bash Variables", "Programmable Completion Builtins"). */
const codeVariables: ReadonlySet<string> = new Set(['PROMPT_COMMAND']);
const completing: ReadonlySet<string> = new Set(['complete', 'compgen']);

/** `sh -c`, `bash -euc`: the option whose argument is code. */
const codeOption = /^-[abefhkmnuvxClix]*c[abefhkmnuvxlix]*$/;
const shellName = /(?:^|\/)(?:bash|dash|k?sh|zsh|mksh|ash)$/;
/** Behind these the new shell does not get our variable. */
const emptyingEnvironment = /(?:^|\/)(?:env|sudo|doas|su|ssh|runuser|nsenter|chroot|docker|podman|bwrap|setpriv)$/;

class Reader {
  readonly contexts = new Map<number, PathContext>();
  /** Offsets inside of words and here-documents, where no comment can be. */
  readonly covered = new Set<number>();
  readonly #programs = new Map<number, Embedded>();
  readonly #text: string;
  readonly #offsets: readonly number[];
  readonly #depth: number;

  constructor(text: string, offsets: readonly number[], depth: number) {
    this.#text = text;
    this.#offsets = offsets;
    this.#depth = depth;
  }

  #inside(pos: number, end: number): number[] {
    return offsetsInside(this.#offsets, { start: pos, end });
  }

  #explain(pos: number, end: number, quoting: Quoting, state: State, more: Partial<PathContext> = {}): void {
    const opening = openingOf[quoting] ?? '';
    for (const offset of this.#inside(pos, end)) {
      const { what, evaluation, around } = state;
      this.contexts.set(offset, {
        offset,
        quoting,
        evaluation,
        around,
        hereDocument: undefined,
        opening: offset === pos + opening.length ? opening : '',
        embedded: this.#programs.get(offset),
        what,
        ...more,
      });
    }
  }

  /** Marks bytes as part of a word; false when no path stands there. */
  #cover(node: SyntaxNode): boolean {
    const offsets = this.#inside(node.pos, node.end);
    for (const offset of offsets) this.covered.add(offset);
    return offsets.length > 0;
  }

  /** Text outside of the quotes of its own: what it is depends on where the word stands. */
  #literal(pos: number, end: number, state: State): void {
    if (state.place === 'arithmetic') return;
    if (state.place !== 'word') this.#explain(pos, end, state.place, state);
    else this.#explain(pos, end, state.isQuoted ? 'double' : 'unquoted', state);
  }

  #children(node: SyntaxNode, state: State): void {
    forEachChild(node, (child) => this.visit(child, state));
  }

  visit(node: SyntaxNode, state: State): void {
    switch (node.type) {
      case 'Script':
        this.#children(node, START);
        return;
      case 'Command':
        this.#command(node);
        return;
      case 'Function':
        this.#cover(node.name);
        this.visit(node.body, START);
        return;
      case 'For':
      case 'Select':
        for (const word of node.wordlist ?? []) this.visit(word, { ...START, what: 'word of a loop' });
        this.visit(node.body, START);
        return;
      case 'Case':
        this.visit(node.word, { ...START, what: 'word of case' });
        for (const item of node.items) {
          for (const pattern of item.pattern) this.visit(pattern, { ...START, what: 'pattern of case' });
          this.visit(item.body, START);
        }
        return;
      case 'TestCommand':
        this.#children(node, { ...START, what: 'operand of [[' });
        return;
      case 'Redirect':
        if (node.target) this.visit(node.target, { ...START, what: 'redirection' });
        return;
      case 'HereString':
        if (node.target) this.visit(node.target, { ...START, what: 'here-string' });
        return;
      case 'HereDoc':
        this.#hereDocument(node);
        return;
      case 'Assignment':
        this.#assignment(node, state);
        return;
      case 'Word':
        this.#word(node, state);
        return;
      case 'Literal':
        this.#literal(node.pos, node.end, state);
        return;
      case 'Glob':
      case 'ExtendedGlob':
      case 'BraceExpansion':
        if (node.parts === undefined || node.parts.length === 0) this.#literal(node.pos, node.end, state);
        else this.#children(node, state);
        return;
      case 'SingleQuoted':
        this.#explain(node.pos, node.end, 'single', state);
        return;
      case 'AnsiCQuoted':
        this.#explain(node.pos, node.end, 'ansi-c', state);
        return;
      case 'DoubleQuoted':
      case 'LocaleString':
        for (const part of node.parts) {
          if (part.type === 'Literal' && state.isQuoted) {
            const isFirst = part === node.parts[0] && node.type === 'DoubleQuoted';
            this.#explain(isFirst ? node.pos : part.pos, part.end, 'nested-double', state);
          } else if (part.type === 'Literal') this.#explain(part.pos, part.end, 'double', state);
          else this.visit(part, { ...state, isQuoted: true, place: 'word' });
        }
        return;
      case 'ParameterExpansion':
        this.#expansion(node, state);
        return;
      case 'CommandExpansion':
      case 'ProcessSubstitution':
        if (node.script?.source !== undefined) this.#backquotes(node, state);
        else if (node.script !== undefined && !node.script.errors?.length) {
          for (const offset of this.#inside(node.script.pos, node.script.end)) this.covered.delete(offset);
          this.visit(node.script, START);
        }
        return;
      case 'ArithmeticCommand':
      case 'ArithmeticExpansion':
        this.#cover(node);
        this.#children(node, { ...state, place: 'arithmetic' });
        return;
      case 'CompoundList':
      case 'Statement':
        this.#children(node, START);
        return;
      default:
        this.#children(node, state);
    }
  }

  #word(node: Node<'Word'>, state: State): void {
    if (!this.#cover(node)) return;
    if (node.parts === undefined || node.parts.length === 0) this.#literal(node.pos, node.end, state);
    else this.#children(node, state);
  }

  #expansion(node: Node<'ParameterExpansion'>, state: State): void {
    if (node.index) this.visit(node.index, { ...state, place: 'subscript', around: 'subscript', what: 'subscript' });
    const { operation } = node;
    switch (operation?.type) {
      case 'Default':
        // Inside quotes the operand is quoted, and single quotes in it are plain characters.
        this.visit(operation.operand, {
          ...state,
          place: 'word',
          isQuoted: state.isQuoted || state.place === 'here-document',
          what: `word in \${${node.parameter}${operation.operator}...}`,
        });
        return;
      case 'Remove':
        this.visit(operation.operand, {
          ...state,
          place: state.place === 'here-document' ? 'here-document-pattern' : 'word',
          isQuoted: false,
          what: `pattern in \${${node.parameter}${operation.operator}...}`,
        });
        return;
      case 'Replace': {
        const inside = { ...state, place: 'word' as const, isQuoted: false };
        const what = `\${${node.parameter}/...}`;
        this.visit(operation.pattern, { ...inside, around: 'replacement', what: `pattern in ${what}` });
        this.visit(operation.replacement, { ...inside, around: 'replacement', what: `replacement in ${what}` });
        return;
      }
      default:
        if (operation !== undefined) this.#children(operation, { ...state, place: 'arithmetic' });
    }
  }

  /** Backquotes with backslashes inside: the text without these is the script. */
  #backquotes(node: Node<'CommandExpansion'> | Node<'ProcessSubstitution'>, state: State): void {
    const offsets = this.#inside(node.pos, node.end);
    if (offsets.length === 0) return;
    this.#explain(node.pos, node.end, 'escaped-backquotes', state);
    // Between double quotes one more character is escaped, and shells differ.
    if (state.isQuoted || state.place !== 'word' || this.#depth >= MAX_EVALUATIONS) return;
    const pos = node.pos + 1;
    const { text, origins } = withoutBackslashes(this.#text.slice(pos, node.end - 1), /^\\[\\$`]$/);
    const indices = new Map(origins.map((origin, index) => [origin, index]));
    const inner = readScript(
      text,
      offsets.map((offset) => indices.get(offset - pos) as number),
      this.#depth + 1,
    );
    for (const [at, context] of inner?.contexts ?? []) {
      const offset = pos + (origins[at] as number);
      if (context.hereDocument === undefined) {
        this.contexts.set(offset, { ...context, offset, opening: '', embedded: undefined });
      }
    }
  }

  #assignment(node: Node<'Assignment'>, state: State): void {
    if (node.index)
      this.visit(node.index, { ...START, place: 'subscript', around: 'subscript', what: `subscript of ${node.name}` });
    const isCode = state.evaluation === undefined && codeVariables.has(node.name);
    const what = state.evaluation === undefined ? `value of ${node.name}` : state.what;
    const evaluation: Evaluation | undefined = isCode ? { by: 'same-shell', outer: 'unquoted' } : state.evaluation;
    if (node.value.type === 'Word' && evaluation !== undefined)
      this.#evaluated(node.value, { ...state, evaluation, what });
    else if (node.value.type === 'Word') this.visit(node.value, { ...state, what });
    else for (const element of node.value.elements) this.visit(element, { ...START, what: `element of ${node.name}` });
  }

  #hereDocument(node: Node<'HereDoc'>): void {
    const { body, delimiter } = node;
    if (delimiter) this.#cover(delimiter);
    if (!this.#cover(body)) return;
    if (delimiter?.quoted) {
      this.#explain(
        body.pos,
        body.end,
        'quoted-here-document',
        { ...START, what: 'quoted here-document' },
        {
          hereDocument: {
            delimiter: delimiter.pos,
            delimiterText: delimiter.text,
            delimiterValue: delimiter.value,
            body: body.pos,
            bodyEnd: body.end,
          },
        },
      );
      return;
    }
    const state: State = { ...START, place: 'here-document', what: 'here-document' };
    if (body.parts === undefined || body.parts.length === 0) this.#literal(body.pos, body.end, state);
    else for (const part of body.parts) this.visit(part, state);
  }

  #command(node: Node<'Command'>): void {
    for (const child of node.prefix) this.visit(child, START);
    const name = node.name?.value;
    if (node.name) this.visit(node.name, { ...START, what: 'command' });
    const what = name === undefined ? 'word' : `argument of ${name.slice(name.lastIndexOf('/') + 1)}`;
    const isEvaluating = name !== undefined && evaluating.has(name);
    // Where in `... bash -c 'code'` the code stands.
    let isShell = name !== undefined && shellName.test(name);
    let isCut = name !== undefined && emptyingEnvironment.test(name);
    let isCode = false;
    const isCompleting = name !== undefined && completing.has(name);
    let isCompleter = false;
    const words = node.suffix.flatMap((child) => (child.type === 'Word' ? [child.value] : []));
    const readsInput =
      isShell && (words.includes('-s') || words.every((word) => /^[-+]/.test(word) && !codeOption.test(word)));
    if (name !== undefined && !isCut) {
      const inside = (pos: number, end: number) => this.#inside(pos, end);
      for (const [offset, found] of programsOf(name, node, this.#text, inside)) this.#programs.set(offset, found);
    }
    for (const child of node.suffix) {
      if (child.type === 'HereDoc' && readsInput) {
        this.visit(child, START);
        this.#input(child);
      } else if (child.type !== 'Word' && child.type !== 'Assignment') this.visit(child, START);
      else if (isEvaluating) {
        const evaluation: Evaluation = { by: 'same-shell', outer: 'unquoted' };
        if (child.type === 'Word') this.#evaluated(child, { ...START, what, evaluation });
        else this.visit(child, { ...START, what, evaluation });
      } else if (isCompleter && child.type === 'Word') {
        this.#evaluated(child, { ...START, what, evaluation: { by: 'same-shell', outer: 'unquoted' } });
      } else if (isCode && child.type === 'Word' && !isCut) {
        this.#evaluated(child, { ...START, what, evaluation: { by: 'new-shell', outer: 'unquoted' } });
      } else this.visit(child, { ...START, what });
      if (child.type === 'Word') {
        isCompleter = isCompleting && child.value === '-C';
        isCode = isShell && codeOption.test(child.value);
        isCut ||= emptyingEnvironment.test(child.value);
        isShell = shellName.test(child.value) || (isShell && /^[-+]/.test(child.value) && !isCode);
      }
    }
    if (name === 'eval') {
      const code = node.suffix.filter((child) => child.type === 'Word' || child.type === 'Assignment');
      this.#codeOfWords(code, 'same-shell', what);
    }
  }

  /** What words mean together when they are code; what is not understood keeps the meaning that it has. */
  #codeOfWords(words: readonly (Node<'Word'> | Node<'Assignment'>)[], by: Evaluation['by'], what: string): void {
    const offsets = words.flatMap((word) => this.#inside(word.pos, word.end));
    if (offsets.length === 0 || this.#depth >= MAX_EVALUATIONS) return;
    const { text, origins, outers } = codeOf(words, this.#text);
    const indices = new Map(origins.map((origin, index) => [origin, index]));
    const inside = offsets.flatMap((offset) => indices.get(offset) ?? []);
    for (const [index, context] of readScript(text, inside, this.#depth + 1)?.contexts ?? []) {
      if (context.evaluation !== undefined || context.hereDocument !== undefined) continue;
      const offset = origins[index] as number;
      const evaluation: Evaluation = { by, outer: outers[index] as Evaluation['outer'] };
      const more = { offset, opening: '', evaluation, embedded: undefined, what: `${context.what} in ${what}` };
      this.contexts.set(offset, { ...context, ...more });
    }
  }

  /** A word whose value is read as code. Where quotes and expansions are simple, its parts are read as a script of their own. */
  #evaluated(node: Node<'Word'>, state: State): void {
    if (!this.#cover(node)) return;
    const { by } = state.evaluation as Evaluation;
    const plain: State = { ...state, evaluation: undefined };
    for (const part of node.parts ?? [undefined]) {
      if (part === undefined) {
        // Its text is code outside of quotes, unless a backslash changes that.
        if (node.text.includes('\\')) this.#literal(node.pos, node.end, plain);
        else this.#explain(node.pos, node.end, 'unquoted', { ...state, evaluation: { by, outer: 'unquoted' } });
      } else if (part.type === 'Literal' && !part.text.includes('\\')) {
        this.#explain(part.pos, part.end, 'unquoted', { ...state, evaluation: { by, outer: 'unquoted' } });
      } else if (part.type === 'SingleQuoted') {
        this.#again(part.pos + 1, part.end - 1, { by, outer: 'single' }, part, plain);
      } else if (part.type === 'DoubleQuoted') {
        this.#again(part.pos + 1, part.end - 1, { by, outer: 'double' }, part, plain);
      } else this.visit(part, plain);
    }
  }

  /** Reads a string's text as a script; as the plain string that it also is, when that does not succeed. */
  #again(pos: number, end: number, evaluation: Evaluation, part: SyntaxNode, plain: State): void {
    this.visit(part, plain);
    for (const [offset, context] of this.#second(pos, end, evaluation, plain.what)) this.contexts.set(offset, context);
  }

  /** A here-document that is the input of a shell. Its quotes stay only when every path in it is understood. */
  #input(node: Node<'HereDoc'>): void {
    const { pos, end } = node.body;
    const isQuoted = node.delimiter?.quoted === true;
    const outer = isQuoted ? 'quoted-here-document' : 'here-document';
    const contexts = this.#second(pos, end, { by: 'new-shell', outer }, 'here-document');
    if (isQuoted && contexts.size < this.#inside(pos, end).length) return;
    for (const [offset, context] of contexts) this.contexts.set(offset, context);
  }

  /** The contexts of a second reading. */
  #second(pos: number, end: number, evaluation: Evaluation, what: string): Map<number, PathContext> {
    const contexts = new Map<number, PathContext>();
    const code = this.#text.slice(pos, end);
    const offsets = this.#inside(pos, end);
    if (offsets.length === 0 || this.#depth >= MAX_EVALUATIONS) return contexts;
    const { outer } = evaluation;
    const isExpanded = outer === 'double' || outer === 'here-document';
    const value = isExpanded ? expandedValue(code, outer) : { text: code, origins: undefined };
    if (value === undefined) return contexts;
    const { text, origins } = value;
    const originOf = (index: number) => pos + (origins === undefined ? index : (origins[index] as number));
    const indices = origins === undefined ? undefined : new Map(origins.map((origin, index) => [origin, index]));
    const inside = offsets.map((offset) =>
      indices === undefined ? offset - pos : (indices.get(offset - pos) as number),
    );
    const inner = readScript(text, inside, this.#depth + 1);
    for (const [index, context] of inner?.contexts ?? []) {
      if (context.evaluation !== undefined || context.hereDocument !== undefined) continue;
      const offset = originOf(index);
      const more = { offset, opening: '', evaluation, embedded: undefined, what: `${context.what} in ${what}` };
      contexts.set(offset, { ...context, ...more });
    }
    return contexts;
  }
}

function readScript(text: string, offsets: readonly number[], depth: number): ShellScript | undefined {
  const script = parse(text);
  if (script.errors !== undefined && script.errors.length > 0) return undefined;
  const reader = new Reader(text, offsets, depth);
  reader.visit(script, START);
  const contexts = new Map(reader.contexts);
  const isInComment = commentFinder(text);
  for (const offset of offsets) {
    if (contexts.has(offset) || reader.covered.has(offset) || !isInComment(offset)) continue;
    contexts.set(offset, {
      offset,
      quoting: 'comment',
      evaluation: undefined,
      hereDocument: undefined,
      opening: '',
      around: undefined,
      what: 'comment',
    });
  }
  return { text, firstCommand: firstCommand(text, script.commands[0]?.pos), contexts };
}

/**
 * Reads a script and says where the given bytes stand. Offsets without a context stand where nothing is known to be
 * right: in arithmetic, names of functions, delimiters, or code with errors.
 *
 * @param text the file, one character a byte
 * @param offsets ascending
 * @param dialect scripts of zsh that cannot be parsed are still read for quotes
 * @returns undefined when the script cannot be parsed
 */
export function readShellScript(text: string, offsets: readonly number[], dialect?: Dialect): ShellScript | undefined {
  return readScript(text, offsets, 0) ?? (dialect === 'zsh' ? quotesOfZsh(text, offsets) : undefined);
}

function quotesOfZsh(text: string, offsets: readonly number[]): ShellScript {
  const contexts = new Map<number, PathContext>();
  for (const [offset, quoting] of zshQuotings(text, offsets)) {
    const rest = { evaluation: undefined, hereDocument: undefined, opening: '', around: undefined };
    contexts.set(offset, { offset, quoting, ...rest, what: quoting === 'comment' ? 'comment' : 'word' });
  }
  return { text, firstCommand: zshFirstCommand(text), contexts };
}
