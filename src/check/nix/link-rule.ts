/** `ln -s` from a store path into the own output. */

import type { ShellCommand, ShellWord } from './shell.ts';
import type { Subject } from './subject.ts';

const ADVICE = 'write `ln -sr`: the link then is relative and works wherever the store is';

/** The output becomes the root of a file system, where other ways lead up to the store. */
const IMAGE = /\$(?:out|\{out\})"?\/(?:nix|usr|proc|sys|dev|tmp|root|home|run)\//;

/** Splits the arguments of `ln` into options and operands. Undefined when an option takes a word of its own. */
function operandsOf(words: readonly ShellWord[]) {
  const options: ShellWord[] = [];
  const operands: ShellWord[] = [];
  let directory: ShellWord | undefined;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as ShellWord;
    if (word.value === '--') {
      operands.push(...words.slice(i + 1));
      break;
    }
    if (word.value === '-t' || word.value === '--target-directory') directory = words[++i];
    else if (word.value.startsWith('-') && word.value.length > 1) options.push(word);
    else operands.push(word);
  }
  return { options, operands, directory };
}

export function checkLink(subject: Subject, command: ShellCommand, inOutput: boolean): void {
  if (command.name !== 'ln') return;
  const { options, operands, directory } = operandsOf(command.words);
  const short = (letter: string) => options.some(({ value }) => /^-[a-zA-Z]+$/.test(value) && value.includes(letter));
  const symbolic = short('s') || options.some(({ value }) => value === '--symbolic');
  const already = short('r') || options.some(({ value }) => value === '--relative');
  if (!symbolic || already || operands.length === 0) return;
  const sources = directory !== undefined || operands.length === 1 ? operands : operands.slice(0, -1);
  const destination = directory ?? (operands.length === 1 ? undefined : operands.at(-1));
  const goesOut =
    destination === undefined || !/^[/$\ue000-\uf8ff]/.test(destination.value)
      ? inOutput
      : subject.isInOwnOutput(destination.value);
  if (!goesOut) return;
  const absolute = sources.map((word) => {
    if (subject.isSurelyInOwnOutput(word.value)) return 'sure';
    if (subject.isInOwnOutput(word.value)) return 'likely';
    const [use] = subject.paths({ from: word.start, to: word.end });
    if (use === undefined || !/^["']?$/.test(subject.string.text.slice(word.start, use.at))) return undefined;
    return use.sure ? 'sure' : 'likely';
  });
  if (!absolute.some((kind) => kind !== undefined)) return;
  const option = options.find(
    ({ value, literal }) => literal && (/^-[a-zA-Z]*s[a-zA-Z]*$/.test(value) || value === '--symbolic'),
  );
  // With a source that is not surely absolute, `-r` would mean something else.
  const image = IMAGE.test(subject.string.text);
  const certain =
    !image &&
    option !== undefined &&
    absolute.every((kind) => kind === 'sure') &&
    !options.some(({ value }) => /^-[a-zA-Z]*t/.test(value));
  subject.report(
    {
      rule: 'nix/ln-absolute',
      severity: image ? 'information' : 'warning',
      message: `symbolic link to an absolute path: ${shown(subject.source(command))}`,
      advice: image ? 'right where the output becomes the root of a system' : ADVICE,
      ...(certain && {
        fix: [
          {
            offset: subject.string.sourceOffset(option.end - 1) + 1,
            length: 0,
            text: option.value === '--symbolic' ? ' --relative' : 'r',
          },
        ],
      }),
    },
    command,
    command,
  );
}

/** A command on one line, cut to a readable length. */
export function shown(text: string): string {
  const line = text.replace(/\\?\s*\n\s*/g, ' ').trim();
  // Not in the middle of a character of several bytes.
  return line.length > 100 ? `${line.slice(0, 97).replace(/[\xc0-\xff][\x80-\xbf]*$/, '')}...` : line;
}
