/**
 * Store derivations, `*.drv`: `Derive([outputs],[input derivations],[input sources],system,builder,[arguments],[environment])`
 * as ATerms (Nix manual, "Derivation (ATerm) format"; Nix libstore/derivations.cc). Texts are byte strings.
 */

export interface DerivationOutput {
  readonly name: string;
  /** Store path; empty for outputs whose path is known only after the build. */
  readonly path: string;
  readonly hashAlgorithm: string;
  readonly hash: string;
}

export interface InputDerivation {
  readonly path: string;
  readonly outputs: readonly string[];
}

export interface Derivation {
  readonly outputs: readonly DerivationOutput[];
  readonly inputDerivations: readonly InputDerivation[];
  readonly inputSources: readonly string[];
  readonly system: string;
  readonly builder: string;
  readonly arguments: readonly string[];
  /** In the order of the file, which is that of the names. */
  readonly environment: readonly (readonly [string, string])[];
}

type Term = string | readonly Term[];

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** Reads the terms between parentheses or brackets; gives a message instead of throwing `undefined` errors later. */
class TermReader {
  private readonly text: string;
  private at: number;

  constructor(text: string, at: number) {
    this.text = text;
    this.at = at;
  }

  /** @throws {SyntaxError} with the offset in bytes */
  fail(expected: string): never {
    throw new SyntaxError(`no derivation: ${expected} expected at offset ${this.at}`);
  }

  isAtEnd(): boolean {
    return this.at === this.text.length;
  }

  term(): Term {
    const first = this.text[this.at];
    if (first === '"') return this.string();
    if (first === '[') return this.sequence(']');
    if (first === '(') return this.sequence(')');
    return this.fail('a string or a list');
  }

  sequence(close: string): readonly Term[] {
    this.at++;
    const terms: Term[] = [];
    while (this.text[this.at] !== close) {
      if (terms.length > 0) {
        if (this.text[this.at] !== ',') this.fail(`',' or '${close}'`);
        this.at++;
      }
      terms.push(this.term());
    }
    this.at++;
    return terms;
  }

  private string(): string {
    const pieces: string[] = [];
    let from = ++this.at;
    for (;;) {
      const character = this.text[this.at];
      if (character === undefined) this.fail(`'"'`);
      if (character === '"') {
        pieces.push(this.text.slice(from, this.at++));
        return pieces.join('');
      }
      if (character === '\\') {
        const escaped = this.text[this.at + 1] ?? '';
        pieces.push(this.text.slice(from, this.at), ESCAPES[escaped] ?? escaped);
        this.at += 2;
        from = this.at;
      } else this.at++;
    }
  }
}

const PREFIX = 'Derive(';

function shape(condition: boolean): asserts condition {
  if (!condition) throw new SyntaxError('no derivation: its terms have another shape');
}

function strings(term: Term | undefined): readonly string[] {
  shape(Array.isArray(term) && term.every((item) => typeof item === 'string'));
  return term;
}

function lists(term: Term | undefined, length: number): readonly (readonly Term[])[] {
  shape(Array.isArray(term));
  return term.map((item: Term) => {
    shape(Array.isArray(item) && item.length === length);
    return item as readonly Term[];
  });
}

function string(term: Term | undefined): string {
  shape(typeof term === 'string');
  return term;
}

/**
 * Parses a derivation.
 *
 * @param text the file, one character a byte
 * @throws {SyntaxError} when it is none; derivations with dynamic inputs (`DrvWithVersion`) are none to this reader.
 */
export function parseDerivation(text: string): Derivation {
  if (!text.startsWith(PREFIX)) throw new SyntaxError(`no derivation: '${PREFIX}' expected at offset 0`);
  const reader = new TermReader(text, PREFIX.length - 1);
  const terms = reader.sequence(')');
  if (!reader.isAtEnd()) reader.fail('the end of the file');
  shape(terms.length === 7);
  const [outputs, inputs, sources, system, builder, args, environment] = terms;
  return {
    outputs: lists(outputs, 4).map(([name, path, hashAlgorithm, hash]) => ({
      name: string(name),
      path: string(path),
      hashAlgorithm: string(hashAlgorithm),
      hash: string(hash),
    })),
    inputDerivations: lists(inputs, 2).map(([path, names]) => ({ path: string(path), outputs: strings(names) })),
    inputSources: strings(sources),
    system: string(system),
    builder: string(builder),
    arguments: strings(args),
    environment: lists(environment, 2).map(([name, value]) => [string(name), string(value)] as const),
  };
}
