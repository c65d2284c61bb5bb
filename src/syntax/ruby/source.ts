/**
 * Ruby sources: where literals and comments stand, from tree-sitter-ruby's tree. Files are read one character a byte, so
 * offsets are bytes; for the parser every byte of a multi-byte character is a letter.
 */

import type { Node } from 'web-tree-sitter';
import type { ByteSource } from '../../store/byte-source.ts';
import { loadGrammar, withTree } from '../tree-sitter.ts';

export type RubyContext =
  /** `"..."`, `%Q`, `%W`, here-documents: `#{}` works. */
  | 'interpolated'
  | 'pattern'
  /** What `Regexp.new` is given in single quotes. */
  | 'raw-pattern'
  /** What a shell is given: backticks, `%x`, the only argument of `system` and the like. */
  | 'command'
  | 'raw-command'
  /** `'...'`, `%q`, `:'...'`: backslashes quote themselves and the delimiters alone. */
  | 'raw'
  | 'raw-words'
  | 'raw-here-document'
  /** A format: `%` begins a directive. */
  | 'format'
  | 'raw-format'
  | 'fixed'
  | 'comment'
  | 'end'
  | 'data';

export interface RubyPlace {
  readonly context: RubyContext;
  /** First byte of the literal, or of the body of a here-document. */
  readonly start: number;
  readonly end: number;
  /** Between the delimiters. */
  readonly textStart: number;
  readonly textEnd: number;
  /** The tag of a here-document, `<<'END'`; the same as `start` for others. */
  readonly tagStart: number;
  readonly tagEnd: number;
}

export interface RubySource {
  readonly text: string;
  /** Where the first statement begins; undefined when something may run before it. */
  readonly codeStart: number | undefined;
  readonly places: ReadonlyMap<number, RubyPlace>;
}

/** The parser takes some 150 bytes of memory for one of text. Bytes. */
export const LARGEST_SOURCE = 4 * 1024 * 1024;

export const sourceExtension = /\.(?:rb|rbw|gemspec|ru|rake|podspec)$|(?:^|\/)(?:Rakefile|Gemfile)$/;

const GRAMMAR = 'tree-sitter-ruby/tree-sitter-ruby.wasm';

export const loadRuby = () => loadGrammar(GRAMMAR);

const evaluating = /^(?:eval|instance_eval|class_eval|module_eval|instance_exec|class_exec)$/;
const shellMethods = /^(?:system|exec|spawn|popen|popen2|popen2e|popen3|capture2|capture2e|capture3)$/;

/** The call whose argument a literal is, and whether it is the only one that is no option. */
function callOf(
  literal: Node,
): { readonly method: string; readonly isAlone: boolean; readonly isPattern: boolean } | undefined {
  const list = literal.parent;
  const call = list?.type === 'argument_list' ? list.parent : undefined;
  if (list == null || call?.type !== 'call') return undefined;
  const others = list.namedChildren.filter(
    (child) => child !== null && !/^(?:pair|block_argument|hash)$/.test(child.type),
  );
  const method = call.childForFieldName('method')?.text ?? '';
  const isPattern =
    /^(?:new|compile)$/.test(method) &&
    call.childForFieldName('receiver')?.text === 'Regexp' &&
    list.namedChild(0)?.id === literal.id;
  return { method, isAlone: others.length === 1, isPattern };
}

function stringContext(literal: Node, open: string): RubyContext {
  const isRaw = /^:?'|^%q/.test(open);
  const call = callOf(literal);
  if (call !== undefined && evaluating.test(call.method)) return 'fixed';
  if (call?.isPattern) return isRaw ? 'raw-pattern' : 'pattern';
  if (call?.isAlone && shellMethods.test(call.method)) return isRaw ? 'raw-command' : 'command';
  if (isFormat(literal, call?.method)) return isRaw ? 'raw-format' : 'format';
  return isRaw ? 'raw' : 'interpolated';
}

/** Whether a literal is the left side of `%`, or the first argument of `format`. */
function isFormat(literal: Node, method: string | undefined): boolean {
  const { parent } = literal;
  if (parent?.type === 'binary') {
    return parent.childForFieldName('operator')?.text === '%' && parent.childForFieldName('left')?.id === literal.id;
  }
  return /^(?:format|sprintf|printf)$/.test(method ?? '') && parent?.firstNamedChild?.id === literal.id;
}

function delimitedContext(literal: Node, open: string): RubyContext {
  switch (literal.type) {
    case 'string':
      return stringContext(literal, open);
    case 'delimited_symbol':
      return open.startsWith('%s') ? 'fixed' : /^:'/.test(open) ? 'raw' : 'interpolated';
    case 'string_array':
      return open.startsWith('%W') ? 'interpolated' : 'raw-words';
    case 'regex':
      return 'pattern';
    case 'subshell':
      return open === '`' || open.startsWith('%x') ? 'command' : 'fixed';
    default:
      return 'fixed';
  }
}

const literals = new Set(['string', 'delimited_symbol', 'string_array', 'symbol_array', 'regex', 'subshell']);

/** The literal or comment that holds a byte: the innermost. */
function placeOf(root: Node, offset: number, text: string, documents: HereDocuments): RubyPlace | undefined {
  for (let node = root.descendantForIndex(offset, offset + 1); node !== null; node = node.parent) {
    const { startIndex: start, endIndex: end } = node;
    const whole = { start, end, textStart: start, textEnd: end, tagStart: start, tagEnd: start };
    if (node.type === 'comment') return { context: 'comment', ...whole };
    if (node.type === 'uninterpreted') {
      return { context: /\bDATA\b/.test(text.slice(0, start)) ? 'data' : 'end', ...whole };
    }
    if (node.type === 'heredoc_body') return hereDocument(documents, node, text);
    if (literals.has(node.type)) {
      const open = node.firstChild;
      const close = node.lastChild;
      if (open === null || close === null || open.id === close.id) return { context: 'fixed', ...whole };
      const context = delimitedContext(node, text.slice(open.startIndex, open.endIndex));
      return { context, ...whole, textStart: open.endIndex, textEnd: close.startIndex };
    }
    if (node.type === 'interpolation') return undefined;
  }
  return undefined;
}

/** Tags by the ids of the bodies; sure only when there are as many of both. */
interface HereDocuments {
  readonly tags: ReadonlyMap<number, Node>;
  readonly isPaired: boolean;
}

function hereDocuments(root: Node): HereDocuments {
  const bodies = root.descendantsOfType('heredoc_body').filter((node) => node !== null);
  const tags = root.descendantsOfType('heredoc_beginning').filter((node) => node !== null);
  const isPaired = bodies.length === tags.length;
  return { tags: new Map(bodies.flatMap(({ id }, i) => (tags[i] ? [[id, tags[i]] as const] : []))), isPaired };
}

/** Bodies stand in the order of their tags. */
function hereDocument({ tags, isPaired }: HereDocuments, body: Node, text: string): RubyPlace {
  const tag = tags.get(body.id);
  const { startIndex: start, endIndex: end } = body;
  const found = /^<<[~-]?(["'`]?)(.*?)\1$/.exec(tag?.text ?? '');
  const last = body.lastChild;
  const isSure = isPaired && last?.type === 'heredoc_end' && found?.[2] === last.text.trim();
  const contexts: Readonly<Record<string, RubyContext>> = { "'": 'raw-here-document', '`': 'command' };
  const isEvaluated = tag != null && evaluating.test(callOf(tag)?.method ?? '');
  // The body begins with the newline of the tag's own line.
  return {
    context: isSure && !isEvaluated ? (contexts[found?.[1] ?? ''] ?? 'interpolated') : 'fixed',
    start,
    end,
    textStart: text.indexOf('\n', start) + 1,
    textEnd: last?.startIndex ?? end,
    tagStart: tag?.startIndex ?? start,
    tagEnd: tag?.endIndex ?? start,
  };
}

function readSource(text: string, offsets: readonly number[]): RubySource | undefined {
  return withTree(GRAMMAR, text, (tree) => {
    const root = tree.rootNode;
    if (root.hasError) return undefined;
    const first = root.namedChildren.find((child) => child !== null && child.type !== 'comment');
    const runsFirst = root.descendantsOfType('begin_block').length > 0 || first?.type === 'uninterpreted';
    const places = new Map<number, RubyPlace>();
    const documents = hereDocuments(root);
    for (const offset of offsets) {
      const place = placeOf(root, offset, text, documents);
      // A path that begins with a delimiter is none.
      if (place !== undefined && place.textStart <= offset && offset < place.textEnd) places.set(offset, place);
    }
    return { text, codeStart: runsFirst ? undefined : first?.startIndex, places };
  });
}

const known = new WeakMap<ByteSource, { readonly source: RubySource | undefined }>();

/**
 * Reads a source and explains some of its bytes; the first answer is kept as long as `bytes` lives, so that later
 * questions must be for bytes that the first one named. The grammar must have been loaded.
 *
 * @returns undefined when the text is no Ruby that the grammar knows
 */
export function rubySource(bytes: ByteSource, offsets: readonly number[]): RubySource | undefined {
  let found = known.get(bytes);
  if (found === undefined) {
    found = { source: readSource(bytes.read(0, bytes.size).toString('latin1'), offsets) };
    known.set(bytes, found);
  }
  return found.source;
}
