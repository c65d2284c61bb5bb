/** What a rule is given: one text of a file, with its place, and the way to report. */

import type { StringText } from '../../syntax/nix/string-text.ts';
import type { RawFinding } from '../finding.ts';
import { type Held, heldAtStart, outputOf, type PathUse, pathsIn } from './path-text.ts';
import type { ShellCommand } from './shell.ts';
import type { SourceFile } from './source-file.ts';
import { mentionsStore, storeValue } from './store-value.ts';
import type { Place } from './walk.ts';

/** A range of the text. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export class Subject {
  readonly file: SourceFile;
  readonly string: StringText;
  readonly place: Place;
  readonly #variables = new Map<string, Held>();
  readonly #report: (finding: RawFinding) => void;

  constructor(file: SourceFile, string: StringText, place: Place, report: (finding: RawFinding) => void) {
    this.file = file;
    this.string = string;
    this.place = place;
    this.#report = report;
    for (const name of file.variables) this.#variables.set(name, 'store');
  }

  get #query() {
    return { string: this.string, file: this.file, scope: this.place.scope, variables: this.#variables };
  }

  /** Store paths between two positions of the string's text; own outputs when they are asked for. */
  paths(options: { readonly own?: boolean; readonly from?: number; readonly to?: number } = {}): PathUse[] {
    return pathsIn(this.#query, options.own ?? false, options.from ?? 0, options.to);
  }

  /** Whether a word holds a store path or an own output, at its beginning or behind a character that belongs to no path. */
  bakes(range: Range): boolean {
    return this.paths({ own: true, from: range.start, to: range.end }).length > 0;
  }

  /** Whether one is in the texts that its antiquotations are made of: `${lib.optionalString x "--set A ${dep}"}`. */
  mentions(range: Range): boolean {
    const placeholders = this.string.text.slice(range.start, range.end).match(/[\ue000-\uf8ff]/g) ?? [];
    return placeholders.some((character) => {
      const antiquotation = this.string.antiquotationOf(character);
      // What stands for itself is found by its place.
      if (antiquotation?.expression.kind !== 'apply' && antiquotation?.expression.kind !== 'name') return false;
      return mentionsStore(antiquotation.expression, this.place.scope, this.file.text);
    });
  }

  /** What a shell word begins with: a path below the build's own outputs, another store path, or neither. */
  held(word: string): { readonly held: Held; readonly sure: boolean } | undefined {
    return heldAtStart(word, this.#query);
  }

  /** Whether a word is one antiquotation, and nothing tells that it gives no path. */
  mayBePath({ start, end }: Range): boolean {
    const text = this.string.text.slice(start, end).replace(/^["']|["']$/g, '');
    const antiquotation = text.length === 1 ? this.string.antiquotationOf(text) : undefined;
    return (
      antiquotation !== undefined && storeValue(antiquotation.expression, this.place.scope, this.file.text) !== 'no'
    );
  }

  /** Whether a shell word is a path below the build's own outputs. */
  isInOwnOutput(word: string): boolean {
    return this.held(word)?.held === 'own';
  }

  /** Which own output it lies in, where the word says so. */
  outputOf(word: string): string | undefined {
    return outputOf(word, this.#query);
  }

  /** Remembers what a command assigns, also by `local`, `export` and their kin. */
  noteAssignments({ name, words, assignments, loop }: ShellCommand): void {
    if (loop !== undefined) {
      const all = loop.over.map(({ value, start, end }) => this.held(value)?.held ?? this.#storeAt(start, end));
      const [held] = all;
      if (held !== undefined && all.every((each) => each === held)) this.#variables.set(loop.variable, held);
      else this.#variables.delete(loop.variable);
    }
    const declared = /^(?:local|export|declare|readonly|typeset)$/.test(name) ? words : [];
    for (const { value, start, end } of name === '' ? assignments : declared) {
      const [whole, variable, text] = /^(\w+)=["']?(.*)/s.exec(value) ?? [];
      if (variable === undefined || text === undefined || whole === undefined) continue;
      const held = this.held(text.replace(/["']/g, ''))?.held ?? this.#storeAt(start, end);
      if (held !== undefined) this.#variables.set(variable, held);
      else this.#variables.delete(variable);
    }
  }

  /** Whether an assignment's value begins with a store path. */
  #storeAt(start: number, end: number): Held | undefined {
    const [use] = this.paths({ from: start, to: end });
    return use !== undefined && /^(?:\w+=)?["']?$/.test(this.string.text.slice(start, use.at)) ? use.kind : undefined;
  }

  /** Reports a range of the string's text. */
  report(
    finding: Omit<RawFinding, 'start' | 'end' | 'context' | 'statement'>,
    range: Range,
    command?: ShellCommand,
  ): void {
    this.#report({
      ...finding,
      start: this.string.sourceOffset(range.start),
      end: this.string.sourceEnd(range.end),
      context: this.place.trail,
      statement: command === undefined ? this.place.statement : this.string.sourceOffset(command.start),
    });
  }

  /** The file's own text of a range of the string's text, with its antiquotations. */
  source(range: Range): string {
    return this.file.text.slice(this.string.sourceOffset(range.start), this.string.sourceEnd(range.end));
  }
}
