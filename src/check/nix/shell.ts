/** The commands in a shell text, word by word. */

import { type Command, forEachChild, parse, type SyntaxNode, type Word } from 'unbash';

export interface ShellWord {
  /** Quotes removed; expansions as they stand. */
  readonly value: string;
  /** Half-open, in the text. */
  readonly start: number;
  readonly end: number;
  /** The text is what it is: no quotes and no expansions. */
  readonly literal: boolean;
}

export interface Redirected {
  readonly target: string;
  /** The here-document's range in the text, where there is one. */
  readonly body: { readonly start: number; readonly end: number } | undefined;
}

export interface ShellCommand {
  /** The last component: `ln` of `/bin/ln`. Empty for bare assignments. */
  readonly name: string;
  readonly words: readonly ShellWord[];
  readonly assignments: readonly ShellWord[];
  readonly writesTo: Redirected | undefined;
  readonly start: number;
  readonly end: number;
}

/** Texts longer than this are no one's build phase. */
const MAX_LENGTH = 1 << 20;

function word({ text, value, pos, end }: Word): ShellWord {
  return { value, start: pos, end, literal: /^[\w./=+:,@%-]*$/.test(text) };
}

function shellCommand(node: Command): ShellCommand {
  const words: ShellWord[] = [];
  const assignments: ShellWord[] = [];
  for (const argument of node.args) {
    if (argument.type === 'Word') words.push(word(argument));
    else words.push({ value: argument.text, start: argument.pos, end: argument.end, literal: false });
  }
  for (const prefix of node.prefix) {
    if (prefix.type === 'Assignment') {
      assignments.push({ value: prefix.text, start: prefix.pos, end: prefix.end, literal: false });
    }
  }
  let target: string | undefined;
  let body: { start: number; end: number } | undefined;
  for (const redirect of node.redirects) {
    if (redirect.type === 'HereDoc') body = { start: redirect.body.pos, end: redirect.body.end };
    if (redirect.type === 'Redirect' && /^(?:>|>>|>\|)$/.test(redirect.operator)) target = redirect.target?.value;
  }
  const name = node.name?.value ?? '';
  return {
    name: name.slice(name.lastIndexOf('/') + 1),
    words,
    assignments,
    writesTo: target === undefined ? undefined : { target, body },
    start: node.pos,
    end: node.end,
  };
}

/** All commands of a text, in order, those inside of functions, loops and substitutions too. */
export function shellCommands(text: string): ShellCommand[] {
  if (text.length > MAX_LENGTH) return [];
  const commands: ShellCommand[] = [];
  const visit = (node: SyntaxNode) => {
    // Scripts inside escaped backticks have places of their own.
    if (node.type === 'Script' && node.source !== undefined) return;
    if (node.type === 'Command') commands.push(shellCommand(node));
    forEachChild(node, visit);
  };
  try {
    visit(parse(text));
  } catch (error) {
    // Thousands of substitutions inside each other: no one's build phase either.
    if (!(error instanceof RangeError)) throw error;
  }
  return commands;
}
