/**
 * JavaScript, JSX, TypeScript and Flow sources: where literals and comments stand (ECMA-262; @babel/parser).
 *
 * Files are read one character a byte, so offsets are bytes. For the parser alone every byte of a multi-byte character
 * becomes a letter, and a byte order mark becomes blanks: values are never taken from the tree.
 */

import type { ParserOptions, ParserPlugin } from '@babel/parser';
import type { ByteSource } from '../../store/byte-source.ts';

type Parse = (code: string, options: ParserOptions) => unknown;

/** A node of Babel's tree, as far as it is looked at. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** What may stand where a literal stands, which decides how its text can be made of parts. */
export type LiteralContext =
  /** Any expression. */
  | 'expression'
  /** A key of an object literal or pattern, which may become a computed one. */
  | 'key'
  /** A key of a class member; `memberStart` tells whether something stands before it. */
  | 'class-key'
  /** A part of a template literal, which may hold further substitutions. */
  | 'template'
  /** What is imported: resolved against the module's own place. */
  | 'specifier'
  /** The value of a JSX attribute. */
  | 'jsx-attribute'
  /** A place for a literal alone: directives, enum members, tagged templates, regular expressions, JSX text ... */
  | 'fixed'
  /** A type, which is erased. */
  | 'type'
  | 'comment';

export interface Literal {
  readonly context: LiteralContext;
  /** Its first byte, quotes included. */
  readonly start: number;
  /** Behind its last byte. */
  readonly end: number;
  /** Whether a class member begins with this key. */
  readonly beginsMember: boolean;
  /** What reads its text: the shell of `child_process.exec`, a regular expression, a parser of JSON, or nothing known. */
  readonly reader: 'command' | 'pattern' | 'json' | 'none';
}

export interface Source {
  /** Whether it is an ECMAScript module, where `import.meta` is and `__dirname` is not. */
  readonly isModule: boolean;
  /** Whether the file makes a `__dirname` of its own. */
  readonly hidesDirname: boolean;
  /** The innermost literal or comment that holds a byte. */
  literalAt(offset: number): Literal | undefined;
}

/** Sources larger than this are not parsed: trees take some hundred bytes of memory for one of text. Bytes. */
export const LARGEST_SOURCE = 8 * 1024 * 1024;

/** Extensions of sources, as Node.js, bundlers and TypeScript name them. */
export const sourceExtension = /\.(?:[cm]?[jt]s|[jt]sx|es6)$/;

let parse: Parse | undefined;

/** Loads the parser, once for each thread. */
export async function loadParser(): Promise<void> {
  parse ??= (await import('@babel/parser')).parse as Parse;
}

/** Line separators outside ASCII end a comment, which the masked text would not show. */
const exoticLineEnd = /\xe2\x80[\xa8\xa9]/;

/** The text for the parser: as long as the original, every character a byte. */
function masked(text: string): string {
  const body = text.startsWith('\xef\xbb\xbf') ? `   ${text.slice(3)}` : text;
  return body.replace(/[\x80-\xff]/g, '\xe9');
}

function sourceType(file: string): 'module' | 'commonjs' | 'unambiguous' {
  if (/\.m[jt]s$/.test(file)) return 'module';
  // TypeScript writes `import` also where CommonJS is made of it.
  return file.endsWith('.cjs') ? 'commonjs' : 'unambiguous';
}

/** The dialects to try, the likeliest first. */
function dialects(file: string): ParserPlugin[][] {
  const decorators: ParserPlugin = 'decorators';
  if (/\.d\.[cm]?ts$/.test(file)) return [[['typescript', { dts: true }]]];
  if (/\.[cm]?ts$/.test(file))
    return [
      ['typescript', decorators],
      ['typescript', 'decorators-legacy'],
    ];
  if (file.endsWith('.tsx')) return [['typescript', 'jsx', decorators]];
  return [
    ['jsx', decorators],
    ['flow', 'jsx', 'decorators-legacy'],
  ];
}

function tree(text: string, file: string): Node | undefined {
  if (parse === undefined) throw new Error('the JavaScript parser was not loaded');
  const code = masked(text);
  const type = sourceType(file);
  for (const plugins of dialects(file)) {
    for (const allowReturnOutsideFunction of type === 'unambiguous' ? [false, true] : [false]) {
      try {
        return parse(code, {
          sourceType: type,
          plugins,
          allowUndeclaredExports: true,
          ...(allowReturnOutsideFunction ? { allowReturnOutsideFunction } : {}),
          attachComment: false,
        }) as Node;
      } catch {
        // Another dialect, or none that is known.
      }
    }
  }
  return undefined;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

function* children(node: Node): Generator<readonly [string, Node]> {
  for (const key in node) {
    const value = node[key];
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) yield [key, item];
    } else if (isNode(value)) yield [key, value];
  }
}

const erased =
  /^(?:TS(?:TypeAnnotation|TypeAliasDeclaration|InterfaceDeclaration|TypeParameter\w*|DeclareFunction|DeclareMethod|LiteralType|ImportType|TemplateLiteralType)|TypeAnnotation|TypeAlias|OpaqueType|InterfaceDeclaration|Declare\w+|\w*TypeAnnotation)$/;

const withSource = new Set([
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'ImportExpression',
  'TSExternalModuleReference',
]);

/** What a node tells about a literal below it. */
interface Surroundings {
  readonly node: Node;
  readonly key: string;
  readonly parent: Surroundings | undefined;
  readonly isErased: boolean;
}

function named(node: unknown, type: string, name?: string): boolean {
  return isNode(node) && node.type === type && (name === undefined || node.name === name);
}

function isMember(node: unknown, object: (value: unknown) => boolean, property: string): boolean {
  return (
    isNode(node) &&
    node.type === 'MemberExpression' &&
    object(node.object) &&
    named(node.property, 'Identifier', property)
  );
}

/** Whether a literal begins a statement: an expression in parentheses there would call what stands on the line before. */
function beginsStatement({ node, parent }: Surroundings): boolean {
  for (let above = parent; above !== undefined; above = above.parent) {
    if (above.node.type === 'ExpressionStatement') return above.node.start === node.start;
    if (above.node.start !== node.start) return false;
  }
  return false;
}

function isSpecifier({ key, parent }: Surroundings): boolean {
  const above = parent?.node;
  if (above === undefined) return false;
  if (withSource.has(above.type)) return key === 'source' || key === 'expression';
  const isResolve = (callee: unknown) => isMember(callee, (object) => named(object, 'MetaProperty'), 'resolve');
  return above.type === 'CallExpression' && key === 'arguments' && isResolve(above.callee);
}

/** What reads a string or template that is the first argument of a call, or a part of it joined by `+`. */
function readerOf(here: Surroundings): Literal['reader'] {
  let argument = here.node.type === 'TemplateElement' ? here.parent : here;
  while (argument?.parent?.node.type === 'BinaryExpression' && argument.parent.node.operator === '+') {
    argument = argument.parent;
  }
  const call = argument?.parent?.node;
  const first = Array.isArray(call?.arguments) ? call.arguments[0] : undefined;
  if (call === undefined || first !== argument?.node) return 'none';
  if (/^(?:New|Call)Expression$/.test(call.type) && named(call.callee, 'Identifier', 'RegExp')) return 'pattern';
  if (call.type !== 'CallExpression') return 'none';
  if (isCommandFunction(call.callee)) return 'command';
  const { callee } = call;
  const isJson =
    isNode(callee) &&
    callee.type === 'MemberExpression' &&
    named(callee.object, 'Identifier', 'JSON') &&
    named(callee.property, 'Identifier', 'parse');
  return isJson ? 'json' : 'none';
}

/** Whether a function is `exec` or `execSync` of node:child_process. */
function isCommandFunction(callee: unknown): boolean {
  if (named(callee, 'Identifier', 'exec') || named(callee, 'Identifier', 'execSync')) return true;
  if (!isNode(callee) || callee.type !== 'MemberExpression') return false;
  const { object } = callee;
  const isModule =
    (isNode(object) && object.type === 'Identifier' && /^(?:child_?process|cp)$/i.test(String(object.name))) ||
    (isNode(object) && object.type === 'CallExpression' && named(object.callee, 'Identifier', 'require'));
  return named(callee.property, 'Identifier', 'execSync') || (isModule && named(callee.property, 'Identifier', 'exec'));
}

function stringContext(here: Surroundings): LiteralContext {
  if (here.isErased) return 'type';
  if (isSpecifier(here)) return 'specifier';
  const above = here.parent?.node;
  switch (above?.type) {
    case 'ObjectProperty':
    case 'ObjectMethod':
      if (here.key === 'key' && above.computed !== true) return 'key';
      break;
    case 'ClassProperty':
    case 'ClassMethod':
    case 'ClassAccessorProperty':
      if (here.key === 'key' && above.computed !== true) return 'class-key';
      break;
    case 'JSXAttribute':
      return 'jsx-attribute';
    case 'ImportSpecifier':
    case 'ExportSpecifier':
    case 'ExportNamespaceSpecifier':
    case 'ImportAttribute':
    case 'TSEnumMember':
    case 'TSModuleDeclaration':
    case 'EnumStringMember':
      return 'fixed';
  }
  return beginsStatement(here) ? 'fixed' : 'expression';
}

function templateContext(here: Surroundings): LiteralContext {
  if (here.isErased) return 'type';
  const template = here.parent;
  const above = template?.parent?.node;
  if (above?.type === 'TaggedTemplateExpression' && template?.key === 'quasi') {
    return isMember(above.tag, (object) => named(object, 'Identifier', 'String'), 'raw') ? 'template' : 'fixed';
  }
  if (above?.type === 'TSEnumMember') return 'fixed';
  const isFirst = Array.isArray(template?.node.quasis) && template.node.quasis[0] === here.node;
  return template !== undefined && isSpecifier(template) && isFirst ? 'specifier' : 'template';
}

function contextOf(here: Surroundings): LiteralContext | undefined {
  switch (here.node.type) {
    case 'StringLiteral':
      return stringContext(here);
    case 'TemplateElement':
      return templateContext(here);
    case 'DirectiveLiteral':
    case 'RegExpLiteral':
    case 'JSXText':
      return here.isErased ? 'type' : 'fixed';
    case 'StringLiteralTypeAnnotation':
      return 'type';
    default:
      return undefined;
  }
}

/** The literal that holds a byte: down the tree, into the one child that holds it. */
function literalIn(root: Node, offset: number): Literal | undefined {
  let here: Surroundings = { node: root, key: '', parent: undefined, isErased: false };
  for (;;) {
    const context = contextOf(here);
    if (context !== undefined) {
      const { start, end } = here.node;
      return { context, start, end, beginsMember: here.parent?.node.start === start, reader: readerOf(here) };
    }
    const next = childAt(here.node, offset);
    if (next === undefined) return undefined;
    const [key, node] = next;
    const isErased = here.isErased || erased.test(node.type) || node.declare === true;
    here = { node, key, parent: here, isErased };
  }
}

const holds = (node: Node, offset: number) => node.start <= offset && offset < node.end;

function childAt(node: Node, offset: number): readonly [string, Node] | undefined {
  for (const key in node) {
    const value = node[key];
    if (Array.isArray(value)) {
      const item =
        value.length > 16 ? search(value, offset) : value.find((each) => isNode(each) && holds(each, offset));
      if (item !== undefined) return [key, item as Node];
    } else if (isNode(value) && holds(value, offset)) return [key, value];
  }
  return undefined;
}

/** The nodes of lists that were searched before. */
const nodeLists = new WeakMap<readonly unknown[], readonly Node[]>();

/** Lists of nodes stand in the order of the text; holes in array literals are skipped. */
function search(list: readonly unknown[], offset: number): Node | undefined {
  let nodes = nodeLists.get(list);
  if (nodes === undefined) {
    nodes = list.filter(isNode);
    nodeLists.set(list, nodes);
  }
  let low = 0;
  let high = nodes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((nodes[middle] as Node).end <= offset) low = middle + 1;
    else high = middle;
  }
  const found = nodes[low];
  return isNode(found) && holds(found, offset) ? found : undefined;
}

/** Parts of nodes that make names, or give names new values. */
const binding: Readonly<Record<string, readonly string[]>> = {
  VariableDeclarator: ['id'],
  AssignmentExpression: ['left'],
  FunctionDeclaration: ['id', 'params'],
  FunctionExpression: ['id', 'params'],
  ArrowFunctionExpression: ['params'],
  ObjectMethod: ['params'],
  ClassMethod: ['params'],
  ClassDeclaration: ['id'],
  ClassExpression: ['id'],
  CatchClause: ['param'],
  ImportDeclaration: ['specifiers'],
};

function bindsDirname(root: Node, text: string): boolean {
  const pending = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    for (const [key, child] of children(node)) {
      if (binding[node.type]?.includes(key) && /\b__dirname\b/.test(text.slice(child.start, child.end))) return true;
      pending.push(child);
    }
  }
  return false;
}

function readSource(text: string, file: string): Source | undefined {
  if (exoticLineEnd.test(text)) return undefined;
  const root = tree(text, file);
  if (root === undefined) return undefined;
  const program = root.program as Node;
  const comments = (root.comments ?? []) as Node[];
  const body = Array.isArray(program.body) ? (program.body as Node[]) : [];
  const exportsByAssignment = body.some(({ type }) => /^TS(?:ExportAssignment|ImportEqualsDeclaration)$/.test(type));
  return {
    isModule: program.sourceType === 'module' && !exportsByAssignment && !file.endsWith('.cts'),
    hidesDirname: text.includes('__dirname') && bindsDirname(program, text),
    literalAt(offset) {
      const comment = search(comments, offset);
      if (comment === undefined) return literalIn(program, offset);
      return { context: 'comment', start: comment.start, end: comment.end, beginsMember: false, reader: 'none' };
    },
  };
}

const known = new WeakMap<ByteSource, { readonly source: Source | undefined }>();

/**
 * Reads a source; the result is kept as long as `bytes` lives, for the transform. The parser must have been loaded.
 *
 * @returns undefined when the text is no JavaScript, TypeScript or Flow that the parser knows
 */
export function javascriptSource(bytes: ByteSource, file: string): Source | undefined {
  let found = known.get(bytes);
  if (found === undefined) {
    found = { source: readSource(bytes.read(0, bytes.size).toString('latin1'), file) };
    known.set(bytes, found);
  }
  return found.source;
}
