/** Sources evaluated by an interpreter: the original with its store in place, and what was made of it elsewhere. */

import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { removeTree } from '../src/pipeline/staging.ts';
import { DIGESTS, ODD_PREFIXES, OWN, type Rewritten, rewrite } from './rewriting.ts';
import { must } from './toy-store.ts';

export interface Language {
  readonly name: string;
  /** Files of the object that the sources name, by their path in it; those below `bin` are programs. */
  readonly dependency: Readonly<Record<string, string>>;
  /** The program that reads sources and prints what they make, the store's place taken out: its name and its text. */
  readonly runner: readonly [string, (store: string) => string];
  /** Starts the runner, which is given a root and names of files in the object `OWN`. */
  readonly command: readonly string[];
  /** Directories above the stores; all odd ones unless the language itself cannot live in some. */
  readonly prefixes?: readonly string[];
}

export interface Evaluated {
  readonly original: string;
  /** One for each prefix. */
  readonly results: readonly string[];
  /** One for each file. */
  readonly rewritten: readonly Rewritten[];
}

export interface Evaluation {
  readonly work: string;
  readonly store: string;
  /** Base name of the dependency. */
  readonly dep: string;
  /** Path of the dependency in the store: what sources hold. */
  readonly D: string;
  put(root: string, file: string, contents: Buffer | string, mode?: number): void;
  addDependency(root: string): void;
  /** What the files print in their own store, and rewritten under every prefix. */
  evaluate(files: Readonly<Record<string, string>>, prefixes?: readonly string[]): Promise<Evaluated>;
}

/** Writes a file below a root. A string is bytes of one character each. */
export function put(root: string, file: string, contents: Buffer | string, mode = 0o644): void {
  const path = join(root, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof contents === 'string' ? Buffer.from(contents, 'latin1') : contents, { mode });
}

/** Sets up a language for the tests of one file; what it wrote is removed after them. */
export function evaluation({ name, dependency, runner, command, prefixes: all = ODD_PREFIXES }: Language): Evaluation {
  const work = realpathSync(mkdtempSync(join(tmpdir(), `unmoor-${name}-`)));
  afterAll(() => removeTree(work));
  const store = join(work, 'nix/store');
  const dep = `${DIGESTS[1]}-dep`;
  const [runnerName, runnerText] = runner;
  writeFileSync(join(work, runnerName), runnerText(store));
  const addDependency = (root: string) => {
    for (const [file, text] of Object.entries(dependency)) {
      put(root, `${dep}/${file}`, text, file.startsWith('bin/') ? 0o755 : 0o644);
    }
  };
  const start = (root: string, names: readonly string[]) => {
    const [program, ...args] = command as [string, ...string[]];
    return must(program, [...args, join(work, runnerName), root, ...names], { cwd: work });
  };
  return {
    ...{ work, store, dep, D: `${store}/${dep}`, put, addDependency },
    async evaluate(files, prefixes = all) {
      const names = Object.keys(files);
      addDependency(store);
      for (const file of names) put(store, `${OWN}/${file}`, files[file] as string);
      const original = start(store, names);
      const rewritten: Rewritten[] = [];
      for (const file of names) rewritten.push(await rewrite(file, files[file] as string, store));
      const results = prefixes.map((prefix) => {
        const root = join(work, 'moved', prefix, 'store');
        addDependency(root);
        for (const [i, file] of names.entries()) put(root, `${OWN}/${file}`, (rewritten[i] as Rewritten).bytes);
        return start(root, names);
      });
      return { original, results, rewritten };
    },
  };
}
