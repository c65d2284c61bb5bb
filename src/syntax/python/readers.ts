/**
 * What a Python program does with the text of a literal before it is used as a path: formats, regular expressions,
 * commands of a shell (Python library reference, "string", "re", "subprocess", "os").
 */

import type { Node } from 'web-tree-sitter';

export type PythonReader = 'percent-format' | 'brace-format' | 'template' | 'pattern' | 'replacement' | 'shell';

const PATTERN_FUNCTIONS = /^(?:re|regex)\.(?:compile|match|search|fullmatch|sub|subn|split|findall|finditer)$/;
const REPLACING_FUNCTIONS = /^(?:re|regex)\.subn?$/;
const COMMAND_FUNCTIONS =
  /^(?:os\.(?:system|popen)|(?:subprocess|commands)\.get(?:status)?output|asyncio\.create_subprocess_shell)$/;
const TEMPLATE_CLASS = /^(?:string\.)?Template$/;
const CODE_FUNCTIONS = /^(?:eval|exec|compile)$/;

/** The call that an expression is an argument of, the argument's place, and its keyword. */
interface Argument {
  readonly called: string;
  readonly list: Node;
  readonly index: number;
  readonly keyword: string | undefined;
}

function argumentOf(expression: Node): Argument | undefined {
  const isKeyword = expression.parent?.type === 'keyword_argument';
  const argument = isKeyword ? (expression.parent as Node) : expression;
  const list = argument.parent;
  if (list?.type !== 'argument_list' || list.parent?.type !== 'call') return undefined;
  const called = list.parent.childForFieldName('function')?.text ?? '';
  const others = list.namedChildren.filter((child) => child !== null && child.type !== 'comment');
  const index = isKeyword ? -1 : others.findIndex((child) => child?.id === argument.id);
  const keyword = isKeyword ? (argument.childForFieldName('name')?.text ?? '') : undefined;
  return { called, list, index, keyword };
}

function readerOf({ called, list, index, keyword }: Argument): PythonReader | undefined {
  if (PATTERN_FUNCTIONS.test(called) && (index === 0 || keyword === 'pattern')) return 'pattern';
  if (REPLACING_FUNCTIONS.test(called) && (index === 1 || keyword === 'repl')) return 'replacement';
  if (called === 'str.format' && index === 0) return 'brace-format';
  if (TEMPLATE_CLASS.test(called) && (index === 0 || keyword === 'template')) return 'template';
  if (index !== 0 && keyword !== 'args') return undefined;
  if (COMMAND_FUNCTIONS.test(called)) return 'shell';
  const isShell = list.namedChildren.some(
    (child) => child?.type === 'keyword_argument' && /^shell\s*=\s*True$/.test(child.text),
  );
  return isShell ? 'shell' : undefined;
}

/** Whether the expression's text is read as Python. */
export function isCode(expression: Node): boolean {
  const argument = argumentOf(expression);
  return argument !== undefined && argument.index === 0 && CODE_FUNCTIONS.test(argument.called);
}

/** What reads an expression's text, the first reader first. */
export function readersOf(expression: Node): PythonReader[] {
  const readers: PythonReader[] = [];
  for (let at: Node = expression; ; ) {
    const parent = at.parent;
    if (parent === null) return readers;
    if (parent.type === 'parenthesized_expression' || parent.type === 'conditional_expression') at = parent;
    else if (parent.type === 'binary_operator') {
      const operator = parent.childForFieldName('operator')?.type;
      if (operator === '%' && parent.childForFieldName('left')?.id === at.id) readers.push('percent-format');
      else if (operator !== '+') return readers;
      at = parent;
    } else if (
      parent.type === 'attribute' &&
      /^format(?:_map)?$/.test(parent.childForFieldName('attribute')?.text ?? '') &&
      parent.parent?.type === 'call'
    ) {
      readers.push('brace-format');
      at = parent.parent;
    } else {
      const argument = argumentOf(at);
      const reader = argument && readerOf(argument);
      return reader === undefined ? readers : [...readers, reader];
    }
  }
}
