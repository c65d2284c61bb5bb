/** Shebangs to self-locating headers. */

import type { EntryFile } from '../../analyzers/analyzer.ts';
import type { Remedy } from '../../analyzers/site.ts';
import { parseStorePath } from '../../store/store-path.ts';
import { pythonStart } from '../../syntax/python-start.ts';
import { languageOf, parseShebang, type Shebang, shebangCommand } from '../../syntax/shebang.ts';
import { aliasPlan } from '../alias-plan.ts';
import { type Edit, type Refusal, refuse, type Transform, upToStoreDir } from '../transform.ts';
import { type Header, type HeaderWord, headerOf, isPlainText, pythonHeader, pythonHeaderLength } from './header.ts';

/** Scripts larger than this keep their shebang: they would have to be read whole. Bytes. */
const MAX_SCRIPT = 16 * 1024 * 1024;

/** A word of the command with its store path, if any, made relative; a refusal when it cannot be. */
function headerWord(word: string, file: EntryFile): HeaderWord | Refusal {
  const at = word.indexOf(file.storeDir.needle.toString('latin1'));
  if (at < 0) return isPlainText(word) ? { text: word } : refuse('quoting', `the argument '${word}' cannot be quoted`);
  const path = word.slice(at);
  if (!isPlainText(word) || word.indexOf(`${file.storeDir.path}/`, at + 1) >= 0) {
    return refuse('quoting', `the argument '${word}' cannot be quoted, or holds several paths`);
  }
  if (parseStorePath(path, file.storeDir) === undefined) return refuse('path', `'${path}' is no store path`);
  const fromDirectory = `${upToStoreDir(file.file)}/${path.slice(file.storeDir.path.length + 1)}`;
  return { before: word.slice(0, at), fromDirectory };
}

interface Rewriting {
  readonly edits: readonly Edit[];
  readonly form: string;
}

function edit(offset: number, expected: string, replacement: string): Edit {
  return { offset, expected: Buffer.from(expected, 'latin1'), replacement: Buffer.from(replacement, 'latin1') };
}

function pythonEdits(text: string, firstLine: string, words: readonly HeaderWord[]): Edit[] | Refusal {
  const start = pythonStart(text);
  if (start === undefined) return refuse('syntax', 'the beginning of the Python file cannot be read');
  const kind = start.hasDocstring ? 'docstring' : start.hasFuture ? 'future' : 'code';
  const header: Header = pythonHeader(words, { kind });
  const edits = [edit(0, firstLine, header.firstLine), edit(start.codeOffset, '', header.beforeCode)];
  // The header's string has become (part of) the docstring: it is taken out again as soon as a statement may stand.
  if (kind !== 'code' && start.afterImports !== undefined) {
    const real = kind === 'docstring' ? `__doc__[${pythonHeaderLength(header)}:]` : 'None';
    edits.push(edit(start.afterImports, '', `;__doc__=${real}`));
  }
  return edits;
}

function rewrite(file: EntryFile, shebang: Shebang): Rewriting | Refusal {
  if (file.object === undefined) {
    return refuse('no-object', 'the file lies in no store object, so its way to the store directory is not known');
  }
  if (file.bytes.size > MAX_SCRIPT) return refuse('size', `the script is larger than ${MAX_SCRIPT} bytes`);
  const command = shebangCommand(shebang);
  if (command === undefined) return refuse('env-split', 'the words of env -S are quoted or expanded');
  const program = command.words[command.program] as string;
  const language = languageOf(program);
  if (language === undefined) {
    return refuse(
      'no-polyglot',
      `no header is known that '${program.slice(program.lastIndexOf('/') + 1)}' would read over`,
    );
  }
  const words: HeaderWord[] = [];
  for (const word of command.words) {
    const converted = headerWord(word, file);
    if ('kind' in converted) return converted;
    words.push(converted);
  }
  const text = file.bytes.read(0, file.bytes.size).toString('latin1');
  const firstLine = text.slice(0, shebang.length);
  if (firstLine.endsWith('\r')) return refuse('carriage-return', 'the first line ends in a carriage return');
  const form = words
    .map((word) => ('text' in word ? word.text : `${word.before}<directory>/${word.fromDirectory}`))
    .join(' ');
  if (language === 'python') {
    const edits = pythonEdits(text, firstLine, words);
    return 'kind' in edits ? edits : { edits, form };
  }
  const name = file.file.slice(file.file.lastIndexOf('/') + 1);
  const header = headerOf(language, words, name, interpreterArguments(command.words.slice(command.program + 1), file));
  return { edits: [edit(0, firstLine, header.firstLine)], form };
}

/** The switches that perl and ruby read again from their `#!` line; those with a store path came by the command line. */
function interpreterArguments(words: readonly string[], file: EntryFile): string {
  const kept = words
    .flatMap((word) => word.split(/[ \t]+/))
    .filter((word) => word !== '' && !word.includes(file.storeDir.path));
  return kept.map((word) => ` ${word}`).join('');
}

export const shebangTransform: Transform = {
  id: 'shebang',
  rules: ['shebang'],
  plan(file, sites, context) {
    // The kernel never reads the line of a file that may not be executed: the text alone has to lose its path.
    if (!file.executable) return aliasPlan('shebang', sites, context);
    const shebang = parseShebang(file.head);
    const result = shebang === undefined ? refuse('syntax', 'the first line is no shebang') : rewrite(file, shebang);
    if ('kind' in result) return { edits: [], remedies: new Map(sites.map((site) => [site, result])) };
    const remedy: Remedy = { kind: 'relative', transform: 'shebang', form: result.form };
    return { edits: result.edits, remedies: new Map(sites.map((site) => [site, remedy])) };
  },
};
