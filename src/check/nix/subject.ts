/** What a rule is given: one string of a Nix file, with its place, and the way to report. */

import type { StringText } from '../../syntax/nix/string-text.ts';
import type { StringLiteral } from '../../syntax/nix/tree.ts';
import type { RawFinding } from '../finding.ts';
import { isInOwnOutput, type PathUse, pathsIn } from './path-text.ts';
import type { ShellCommand } from './shell.ts';
import type { Place } from './walk.ts';

export class Subject {
  /** The whole file. */
  readonly file: string;
  readonly node: StringLiteral;
  readonly string: StringText;
  readonly place: Place;
  /** Shell variables that hold a path below an own output, as far as the text was read. */
  readonly #outputVariables = new Set<string>();
  readonly #report: (finding: RawFinding) => void;

  constructor(
    file: string,
    node: StringLiteral,
    string: StringText,
    place: Place,
    report: (finding: RawFinding) => void,
  ) {
    this.file = file;
    this.node = node;
    this.string = string;
    this.place = place;
    this.#report = report;
  }

  /** Store paths between two positions of the string's text; own outputs when they are asked for. */
  paths(options: { readonly own?: boolean; readonly from?: number; readonly to?: number } = {}): PathUse[] {
    return pathsIn(this.string, this.file, this.place.scope, options.own ?? false, options.from ?? 0, options.to);
  }

  /** Whether a shell word is a path below the build's own outputs. */
  isInOwnOutput(word: string): boolean {
    if (this.isSurelyInOwnOutput(word)) return true;
    const variable = /^\$(?:\{(\w+)\}|(\w+))(?=\/|$)/.exec(word);
    const name = variable?.[1] ?? variable?.[2];
    return name !== undefined && this.#outputVariables.has(name);
  }

  /** The same, by an output's own name: what a variable holds may depend on the way there. */
  isSurelyInOwnOutput(word: string): boolean {
    return isInOwnOutput(word, this.string, this.file);
  }

  /** Remembers what a command assigns, also by `local`, `export` and their kin. */
  noteAssignments({ name, words, assignments }: ShellCommand): void {
    const declared = /^(?:local|export|declare|readonly|typeset)$/.test(name) ? words : [];
    for (const { value } of name === '' ? assignments : declared) {
      const [, variable, text] = /^(\w+)=["']?(.*)/s.exec(value) ?? [];
      if (variable === undefined || text === undefined) continue;
      if (this.isInOwnOutput(text.replace(/["']/g, ''))) this.#outputVariables.add(variable);
      else this.#outputVariables.delete(variable);
    }
  }

  /** Reports a range of the string's text. */
  report(
    finding: Omit<RawFinding, 'start' | 'end' | 'context' | 'statement'>,
    range: { readonly start: number; readonly end: number },
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
  source(range: { readonly start: number; readonly end: number }): string {
    return this.file.slice(this.string.sourceOffset(range.start), this.string.sourceEnd(range.end));
  }
}
