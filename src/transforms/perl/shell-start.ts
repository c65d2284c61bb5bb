/**
 * The first lines of a perl script that a shell reads when it is given the file: `eval 'exec /.../perl -S $0 ...' if 0;`.
 * The shell finds the store directory from the script's path; perl sees one string in single quotes, as before.
 */

import type { EntryFile } from '../../analyzers/analyzer.ts';
import type { Quoted } from '../../syntax/perl/pieces.ts';
import { edit } from '../literal-plan.ts';
import { locateStore } from '../shebang/locate.ts';
import { shellQuote } from '../shell-quote.ts';
import type { Edit } from '../transform.ts';

export interface ShellStart {
  readonly text: string;
  readonly quoted: Quoted;
  /** Where the store directory stands, in bytes from the file's start. */
  readonly offsets: readonly number[];
  readonly file: EntryFile;
  readonly alias: string;
}

/** @returns undefined when a path stands where the shell would not read a variable */
export function shellStartEdits({ text, quoted, offsets, file, alias }: ShellStart): Edit[] | undefined {
  const storeDir = file.storeDir.path;
  const edits: Edit[] = [];
  for (const offset of offsets) {
    const quote = shellQuote(text.slice(quoted.textStart, offset), true);
    // Quotes begin a new word in front of the path, or go on with one.
    if (quote === 'single') return undefined;
    edits.push(edit(offset, storeDir, quote === 'double' ? '$_unmoor' : '"$_unmoor"'));
  }
  // The prefix may hold blanks, which the store directory did not.
  const own = /(?<![\w"$\\])\$0(?![\w"])/g;
  own.lastIndex = quoted.textStart;
  for (let found = own.exec(text); found !== null && found.index < quoted.textEnd; found = own.exec(text)) {
    if (shellQuote(text.slice(quoted.textStart, found.index), true) === 'none') {
      edits.push(edit(found.index, '$0', '"$0"'));
    }
  }
  const first = offsets[0] as number;
  // The first object: where it is not, the script is a copy somewhere else.
  const object = /^\/([\w+.?=-]+)/.exec(text.slice(first + storeDir.length, quoted.textEnd))?.[1];
  if (object === undefined) return undefined;
  const up = file.file === '' ? 0 : file.file.split('/').length;
  const check = `[ -e "$_unmoor/${object}" ]||_unmoor=${alias.replace(/\/+$/, '')};`;
  return [edit(quoted.textStart, '', `${locateStore(up)};${check}`), ...edits];
}
