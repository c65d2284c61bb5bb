/** Shebangs to self-locating headers. */

import type { EntryFile } from '../../analyzers/analyzer.ts';
import type { Remedy } from '../../analyzers/site.ts';
import { scanBytes } from '../../store/scan.ts';
import { type Command, shebangCommand } from '../../syntax/env-command.ts';
import { pythonStart } from '../../syntax/python-start.ts';
import { languageOf, type ScriptLanguage } from '../../syntax/script-language.ts';
import { KERNEL_LINE, LONGEST_LINE, parseShebang, type Shebang } from '../../syntax/shebang.ts';
import { aliasPlan } from '../alias-plan.ts';
import { type Edit, type Refusal, refuse, type Transform } from '../transform.ts';
import { type HeaderCommand, type HeaderWord, headerLines, isPlainText, pythonHeader } from './header.ts';

/** How much of a script is read to find where its header may stand, in bytes. */
const SCRIPT_START = 1024 * 1024;

function edit(offset: number, expected: string, replacement: string): Edit {
  return { offset, expected: Buffer.from(expected, 'latin1'), replacement: Buffer.from(replacement, 'latin1') };
}

/** What may stand before a store path in a word: nothing, an option's letter, a separator of lists or assignments. */
const BEFORE_PATH = /(?:^|[=:,;]|^-[A-Za-z])$/;

/** A word of the command, its store paths taken out. */
function headerWord(word: string, file: EntryFile): HeaderWord | Refusal {
  if (!isPlainText(word))
    return refuse('quoting', `the word '${word}' cannot be quoted for the shell and the language`);
  const parts: string[] = [];
  let at = 0;
  for (const { offset } of scanBytes(Buffer.from(word, 'latin1'), file.storeDir).occurrences) {
    if (!BEFORE_PATH.test(word.slice(0, offset))) return refuse('path', `a store path ends another path in '${word}'`);
    parts.push(word.slice(at, offset));
    at = offset + file.storeDir.needle.length;
  }
  return [...parts, word.slice(at)];
}

/**
 * The command's words; perl and ruby themselves split what the kernel gives them as one argument. Perl puts each `-I` of
 * a `#!` line before those it has already (perl.c, `moreswitches`), those of a command line behind them.
 */
function wordsOf(shebang: Shebang, language: ScriptLanguage, command: Command): readonly string[] {
  const { words, program } = command;
  const rereads = language === 'perl' || language === 'ruby';
  const splits = rereads && shebang.argument !== undefined && program === 0;
  const all = splits ? [shebang.interpreter, ...shebang.argument.split(/[ \t]+/)] : words;
  if (language !== 'perl') return all;
  const others: string[] = [];
  const includes: string[] = [];
  for (let at = program + 1; at < all.length; at++) {
    const word = all[at] as string;
    if (word === '-I' && at + 1 < all.length) includes.unshift(`-I${all[++at]}`);
    else if (word.startsWith('-I')) includes.unshift(word);
    else others.push(word);
  }
  return [...all.slice(0, program + 1), ...includes, ...others];
}

function headerCommand(
  file: EntryFile,
  shebang: Shebang,
  language: ScriptLanguage,
  alias: string,
): HeaderCommand | Refusal {
  const command = shebangCommand(shebang);
  if (command === undefined) return refuse('env', 'options or quotes of env are not understood');
  const { program } = command;
  const plain = wordsOf(shebang, language, command);
  const words: HeaderWord[] = [];
  for (const word of plain) {
    const converted = headerWord(word, file);
    if ('kind' in converted) return converted;
    words.push(converted);
  }
  return {
    words,
    program,
    up: file.file === '' ? 0 : file.file.split('/').length,
    alias: alias.replace(/\/+$/, ''),
    scriptName: (file.file === '' ? (file.object as string) : file.file).replace(/^.*\//s, ''),
    // Those with store paths come by the command line, and with them all directories, to keep their order.
    rereadArguments: plain
      .slice(program + 1)
      .filter((word, i) => words[program + 1 + i]?.length === 1 && !(language === 'perl' && word.startsWith('-I'))),
  };
}

function pythonEdits(text: string, firstLine: string, command: HeaderCommand): Edit[] | Refusal {
  const start = pythonStart(text);
  if (start.hasDocstring && start.firstStatement !== start.codeOffset) {
    return refuse('syntax', 'form feeds or carriage returns stand before the docstring');
  }
  const header = pythonHeader(command, start);
  const edits = [edit(0, firstLine, '#!/bin/sh'), edit(start.codeOffset, '', header.beforeCode)];
  if (header.afterImports !== undefined && start.afterImports !== undefined) {
    edits.push(edit(start.afterImports, '', header.afterImports));
  }
  return edits;
}

interface Rewriting {
  readonly edits: readonly Edit[];
  readonly form: string;
}

function rewrite(file: EntryFile, shebang: Shebang, alias: string): Rewriting | Refusal {
  if (file.object === undefined) {
    return refuse('no-object', 'the file lies in no store object, so its way to the store directory is not known');
  }
  const words = shebangCommand(shebang);
  const program = words?.words[words.program] ?? shebang.interpreter;
  const language = languageOf(program);
  const name = program.slice(program.lastIndexOf('/') + 1);
  if (language === undefined) return refuse('no-polyglot', `no header is known that '${name}' would read over`);
  // Perl and ruby read the whole line again.
  if (shebang.length > KERNEL_LINE && language !== 'perl' && language !== 'ruby') {
    return refuse('too-long', `the kernel reads ${KERNEL_LINE} bytes of a first line; this one has ${shebang.length}`);
  }
  const command = headerCommand(file, shebang, language, alias);
  if ('kind' in command) return command;
  const text = file.bytes.read(0, SCRIPT_START).toString('latin1');
  const firstLine = text.slice(0, shebang.length);
  if (firstLine.endsWith('\r')) return refuse('carriage-return', 'the first line ends in a carriage return');
  const form = command.words.map((word) => word.join('<store>/')).join(' ');
  if (language === 'python') {
    const edits = pythonEdits(text, firstLine, command);
    return 'kind' in edits ? edits : { edits, form };
  }
  if (language === 'guile' && (shebang.argument === '\\' || !/\n!#\r?(?:\n|$)/.test(text))) {
    return refuse('no-polyglot', 'guile reads its arguments from the second line, or the first comment has no end');
  }
  const replacement = ['#!/bin/sh', ...headerLines(language, command)].join('\n');
  return { edits: [edit(0, firstLine, replacement)], form };
}

export const shebangTransform: Transform = {
  id: 'shebang',
  rules: ['shebang'],
  plan(file, sites, context) {
    // The kernel never reads the line of a file that may not be executed: the text alone has to lose its path. The alias
    // leads to the store for perl and ruby, which read the line themselves.
    if (!file.executable) return aliasPlan('shebang', sites, context);
    const shebang = parseShebang(file.bytes.read(0, LONGEST_LINE));
    const result =
      shebang === undefined ? refuse('syntax', 'the first line is no shebang') : rewrite(file, shebang, context.alias);
    if ('kind' in result) return { edits: [], remedies: new Map(sites.map((site) => [site, result])) };
    const remedy: Remedy = { kind: 'relative', transform: 'shebang', form: result.form };
    return { edits: result.edits, remedies: new Map(sites.map((site) => [site, remedy])) };
  },
};
