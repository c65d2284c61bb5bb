/** The commands in a shell text, word by word, with the directory that each runs in and the file that it writes. */

import {
  type Command,
  type For,
  forEachChild,
  type HereDoc,
  parse,
  type Redirection,
  type SyntaxNode,
  type Word,
} from 'unbash';

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
  /** The here-document's range in the text, where there is one, and whether the shell leaves it as it stands. */
  readonly body: { readonly start: number; readonly end: number; readonly quoted: boolean } | undefined;
}

export interface ShellCommand {
  /** The last component: `ln` of `/bin/ln`. Empty for bare assignments. */
  readonly name: string;
  readonly words: readonly ShellWord[];
  readonly assignments: readonly ShellWord[];
  readonly writesTo: Redirected | undefined;
  /** A loop's variable, with what it goes through: `for file in ${dep}/bin/*`. */
  readonly loop: { readonly variable: string; readonly over: readonly ShellWord[] } | undefined;
  /** The directory that `cd` and `pushd` led to, as a word; undefined where the build began. */
  readonly directory: string | undefined;
  readonly start: number;
  readonly end: number;
}

/** Texts longer than this are no one's build phase. */
const MAX_LENGTH = 1 << 20;

function word({ text, value, pos, end }: Word): ShellWord {
  return { value, start: pos, end, literal: /^[\w./=+:,@%-]*$/.test(text) };
}

function outputOf(redirects: readonly Redirection[]): string | undefined {
  for (const redirect of redirects) {
    if (redirect.type === 'Redirect' && /^(?:>|>>|>\|)$/.test(redirect.operator)) return redirect.target?.value;
  }
  return undefined;
}

function shellCommand(node: Command, target: string | undefined, directory: string | undefined): ShellCommand {
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
  const document = node.redirects.find((redirect): redirect is HereDoc => redirect.type === 'HereDoc');
  const body = document && {
    start: document.body.pos,
    end: document.body.end,
    quoted: document.delimiter?.quoted === true,
  };
  const name = node.name?.value ?? '';
  // `tee FILE <<EOF` writes what `cat > FILE <<EOF` does.
  const tee = name === 'tee' && document ? words.find(({ value }) => !value.startsWith('-'))?.value : undefined;
  const written = tee ?? outputOf(node.redirects) ?? target;
  return {
    name: name.slice(name.lastIndexOf('/') + 1),
    words,
    assignments,
    writesTo: written === undefined ? undefined : { target: joined(directory, written), body },
    loop: undefined,
    directory,
    start: node.pos,
    end: node.end,
  };
}

/** The head of a loop, as a command that only assigns. */
function loopHead(node: For, directory: string | undefined): ShellCommand {
  const over = (node.wordlist ?? []).map(word);
  const { pos: start, end } = node.name;
  const loop = { variable: node.name.value, over };
  return { name: '', words: [], assignments: [], writesTo: undefined, loop, directory, start, end };
}

const ROOTED = /^[/$~\ue000-\uf8ff]/;

/** A path seen from a directory. */
export function joined(directory: string | undefined, path: string): string {
  return directory === undefined || ROOTED.test(path) ? path : `${directory}/${path}`;
}

/** Follows `cd`, `pushd` and `popd`. */
class Directories {
  now: string | undefined;
  before: string | undefined;
  stack: (string | undefined)[] = [];

  follow({ name, words }: ShellCommand): void {
    const to = words.find(({ value }) => value === '-' || !/^[-+]/.test(value))?.value;
    if (name === 'cd' || (name === 'pushd' && to !== undefined)) {
      if (name === 'pushd') this.stack.push(this.now);
      const next =
        to === '-' ? this.before : to !== undefined && (ROOTED.test(to) || this.now) ? joined(this.now, to) : undefined;
      this.before = this.now;
      this.now = next;
    } else if (name === 'popd') this.now = this.stack.pop();
  }
}

/** The file of `... | tee FILE`. */
function teeTarget(node: SyntaxNode): string | undefined {
  if (node.type !== 'Pipeline') return undefined;
  const last = node.commands.at(-1);
  if (last?.type !== 'Command' || last.name?.value !== 'tee') return undefined;
  const files = last.args.filter((argument): argument is Word => argument.type === 'Word');
  return files.find(({ value }) => !value.startsWith('-'))?.value;
}

/** All commands of a text, in order, those inside of functions, loops and substitutions too. */
export function shellCommands(text: string): ShellCommand[] {
  if (text.length > MAX_LENGTH) return [];
  const commands: ShellCommand[] = [];
  let directories = new Directories();
  const visit = (node: SyntaxNode, target: string | undefined): void => {
    // Scripts inside escaped backticks have places of their own.
    if (node.type === 'Script' && node.source !== undefined) return;
    if (node.type === 'Command') {
      const command = shellCommand(node, target, directories.now);
      commands.push(command);
      directories.follow(command);
    }
    if (node.type === 'For') commands.push(loopHead(node, directories.now));
    const inner = (node.type === 'Redirected' ? outputOf(node.redirects) : teeTarget(node)) ?? target;
    const outer = directories;
    // What a subshell or a function does to its directory ends with it, and from where a function is called is not known.
    if (node.type === 'Subshell') {
      directories = Object.assign(new Directories(), outer, { stack: [...outer.stack] });
    } else if (node.type === 'Function' || node.type === 'CommandExpansion') directories = new Directories();
    forEachChild(node, (child) => visit(child, inner));
    directories = outer;
  };
  try {
    visit(parse(text), undefined);
  } catch (error) {
    // Thousands of substitutions inside each other: no one's build phase either.
    if (!(error instanceof RangeError)) throw error;
  }
  return commands;
}
