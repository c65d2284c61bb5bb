/**
 * Tree-sitter grammars, as WebAssembly, loaded once for each thread. Texts are one character a byte, so indexes are
 * byte offsets; for the parser every byte of a multi-byte character is a letter.
 */

import { createRequire } from 'node:module';
import type { Parser, Tree } from 'web-tree-sitter';

const parsers = new Map<string, Parser>();

/** A letter of Latin-1: identifiers may hold bytes of UTF-8. */
const LETTER = '\xe9';
/** A byte order mark, which grammars do not expect behind the beginning of a line. */
const MARK = /^\xef\xbb\xbf/;

/**
 * Loads a grammar from its npm package.
 *
 * @param grammar path of the `.wasm` file, as `tree-sitter-python/tree-sitter-python.wasm`
 */
export async function loadGrammar(grammar: string): Promise<void> {
  if (parsers.has(grammar)) return;
  const { Language, Parser: Made } = await import('web-tree-sitter');
  await Made.init();
  const language = await Language.load(createRequire(import.meta.url).resolve(grammar));
  const parser = new Made();
  parser.setLanguage(language);
  parsers.set(grammar, parser);
}

/** How long a parse may take, in milliseconds. */
const DEADLINE = 20_000;

/**
 * Parses a text with a grammar that is loaded, and lets `use` look at the tree, which is freed afterwards.
 *
 * @returns what `use` gives; undefined when the grammar is not loaded, or parsing fails or takes too long
 */
export function withTree<T>(grammar: string, text: string, use: (tree: Tree) => T): T | undefined {
  const parser = parsers.get(grammar);
  if (parser === undefined) return undefined;
  const masked = text.replace(MARK, '   ').replace(/[\x80-\xff]/g, LETTER);
  const stop = performance.now() + DEADLINE;
  let tree: Tree | null = null;
  try {
    tree = parser.parse(masked, null, { progressCallback: () => performance.now() > stop });
    return tree === null ? undefined : use(tree);
  } catch {
    // The instance ran out of memory: the text is left to others.
    return undefined;
  } finally {
    tree?.delete();
  }
}
