/** Symbolic links from a store path into the own output: `ln -s`, `cp -s`, `lndir`. */

import type { StringText } from '../../syntax/nix/string-text.ts';
import type { Severity } from '../finding.ts';
import { joined, type ShellCommand, type ShellWord } from './shell.ts';
import type { Subject } from './subject.ts';

const ADVICE = 'write `ln -sr`: the link then is relative and works wherever the store is';
const BY_ITSELF = 'nothing to do: a relocation makes links relative';

/** The output becomes the root of a file system, where other ways lead up to the store. */
const IMAGE = /\$(?:out|\{out\})"?\/(?:(?:nix|usr|proc|sys|dev|tmp|root|home|run)\/|bin\/sh(?:[\s"';&|)]|$))/;

const MOVE = /(?:^|[\s;&(])mv\s[^\n]*[$\ue000-\uf8ff]/g;

interface TextFacts {
  readonly isImage: boolean;
  /** Where the last `mv` stands; -1 without one. */
  readonly lastMove: number;
}

/** Asked for every link of a text. */
const facts = new WeakMap<StringText, TextFacts>();

function factsOf(string: StringText): TextFacts {
  let found = facts.get(string);
  if (found === undefined) {
    let lastMove = -1;
    for (const { index } of string.text.matchAll(MOVE)) lastMove = index;
    found = { isImage: IMAGE.test(string.text), lastMove };
    facts.set(string, found);
  }
  return found;
}

interface Operands {
  readonly options: readonly ShellWord[];
  readonly sources: readonly ShellWord[];
  /** Undefined for the directory that the command runs in. */
  readonly destination: string | undefined;
}

/** The arguments of `ln` and `cp`. */
function operandsOf(words: readonly ShellWord[]): Operands {
  const options: ShellWord[] = [];
  const operands: ShellWord[] = [];
  let directory: string | undefined;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as ShellWord;
    const { value } = word;
    if (value === '--') {
      operands.push(...words.slice(i + 1));
      break;
    }
    const attached = /^(?:--target-directory=|-[a-su-zA-Z]*t)(.+)$/s.exec(value)?.[1];
    if (attached !== undefined) {
      directory = attached;
      options.push(word);
    } else if (/^-[a-zA-Z]*t$/.test(value) || value === '--target-directory') {
      directory = words[++i]?.value;
      options.push(word);
    } else if (value === '-S' || value === '--suffix') i++;
    else if (value.startsWith('-') && value.length > 1) options.push(word);
    else operands.push(word);
  }
  if (directory !== undefined) return { options, sources: operands, destination: directory };
  if (operands.length !== 1) return { options, sources: operands.slice(0, -1), destination: operands.at(-1)?.value };
  // `ln -s $out/a/{b,c}` has two operands.
  const [, before, last, after] = /^([^{]*)\{[^{}]*,([^{},]*)\}([^{}]*)$/s.exec(operands[0]?.value ?? '') ?? [];
  return { options, sources: operands, destination: last === undefined ? undefined : `${before}${last}${after}` };
}

export function checkLink(subject: Subject, command: ShellCommand): void {
  if (command.name === 'lndir') checkDirectoryLinks(subject, command);
  if (command.name !== 'ln' && command.name !== 'cp') return;
  const { options, sources, destination } = operandsOf(command.words);
  const short = (letter: string) =>
    options.some(({ value }) => /^-[a-zA-Z]/.test(value) && value.replace(/t.*/s, '').includes(letter));
  const long = (name: string) => options.some(({ value }) => value === name);
  const symbolic = short('s') || long(command.name === 'ln' ? '--symbolic' : '--symbolic-link');
  if (!symbolic || sources.length === 0) return;
  if (command.name === 'ln' && (short('r') || long('--relative'))) return;
  const to = destination === undefined ? command.directory : joined(command.directory, destination);
  if (to === undefined || !subject.isInOwnOutput(to)) return;
  const held = sources.map((word) => subject.held(word.value) ?? storeAtStart(subject, word));
  if (!held.some((kind) => kind !== undefined)) return;
  const { severity, advice } = verdict(subject, command, sources, to);
  // With a source that is not surely absolute, `-r` would mean something else.
  const certain = severity === 'warning' && held.every((kind) => kind?.sure === true);
  const fix = certain && !isMovedLater(subject, command, to, held) ? relativeOption(subject, options) : undefined;
  subject.report(
    {
      rule: 'nix/ln-absolute',
      severity,
      message: `symbolic link to an absolute path: ${shown(subject.source(command))}`,
      advice,
      ...(fix !== undefined && { fix }),
    },
    command,
    command,
  );
}

function verdict(
  subject: Subject,
  command: ShellCommand,
  sources: readonly ShellWord[],
  to: string,
): { readonly severity: Severity; readonly advice: string } {
  if (command.name === 'cp') return { severity: 'information', advice: `${BY_ITSELF} (cp -s cannot)` };
  if (subject.file.makesImages || factsOf(subject.string).isImage) {
    return { severity: 'information', advice: 'right where the output becomes the root of a system' };
  }
  const inside = staysInside(subject, sources, to);
  if (inside && subject.file.hasFixup && (subject.file.isScript || inPhase(subject.place.trail))) {
    const advice = 'nothing to do: fixup of the standard environment makes links inside of one output relative';
    return { severity: 'information', advice };
  }
  return { severity: 'warning', advice: ADVICE };
}

function storeAtStart(subject: Subject, word: ShellWord): { held: 'store'; sure: boolean } | undefined {
  // Few links have a relative target that comes out of an expression as a whole.
  if (subject.mayBePath(word) && subject.paths({ from: word.start, to: word.end }).length === 0) {
    return { held: 'store', sure: false };
  }
  const [use] = subject.paths({ from: word.start, to: word.end });
  if (use === undefined || !/^["']?$/.test(subject.string.text.slice(word.start, use.at))) return undefined;
  return { held: 'store', sure: use.sure };
}

/** Whether all sources lie in the output that holds the link. */
function staysInside(subject: Subject, sources: readonly ShellWord[], to: string): boolean {
  const output = subject.outputOf(to);
  return output !== undefined && sources.every(({ value }) => subject.outputOf(value) === output);
}

const PHASE =
  /^(?:(?:pre|post)(?=[A-Z])|(?=.*Phase$))(?:unpack|patch|configure|build|check|install|fixup|installCheck|dist)(?:Phase)?$/i;

function inPhase(trail: string): boolean {
  return PHASE.test(trail.slice(trail.lastIndexOf('.') + 1));
}

/** What the standard environment moves to another output, or to another depth. */
const MOVED =
  /^[^/]+\/(?:include|lib\/pkgconfig|lib\/cmake|share\/(?:pkgconfig|aclocal|info|doc|man|gtk-doc|devhelp))(?:\/|$)/;
const OTHER_DEPTH = /^[^/]+\/(?:man|doc|info)(?:\/|$)/;

/**
 * Whether the link, or what it leads to in an own output, may be moved afterwards: a relative link would then lead
 * elsewhere.
 */
function isMovedLater(
  subject: Subject,
  command: ShellCommand,
  to: string,
  held: readonly ({ readonly held: string } | undefined)[],
): boolean {
  if (OTHER_DEPTH.test(to)) return true;
  if (factsOf(subject.string).lastMove > command.end) return true;
  const toOwn = held.some((kind) => kind?.held === 'own');
  return toOwn && (MOVED.test(to) || subject.file.movesOutputs) && subject.file.outputs.size > 2;
}

/** The edit that adds `-r` or `--relative`; undefined where the options do not stand there as they are. */
function relativeOption(subject: Subject, options: readonly ShellWord[]) {
  const option = options.find(
    ({ value, literal }) => literal && (/^-(?!.*t.)[a-zA-Z]*s[a-zA-Z]*$/.test(value) || value === '--symbolic'),
  );
  if (option === undefined) return undefined;
  const isLong = option.value === '--symbolic';
  // `-t` takes what stands behind it.
  const at = isLong || !option.value.endsWith('t') ? option.end : option.end - 1;
  return [
    {
      offset: subject.string.sourceOffset(at - 1) + 1,
      length: 0,
      text: isLong ? ' --relative' : 'r',
    },
  ];
}

/** `lndir FROM [TO]`: a tree of absolute links. */
function checkDirectoryLinks(subject: Subject, command: ShellCommand): void {
  const [from, to] = command.words.filter(({ value }) => !/^-(?:silent|ignorelinks|withrevinfo)$/.test(value));
  if (from === undefined) return;
  const target = to === undefined ? command.directory : joined(command.directory, to.value);
  if (target === undefined || !subject.isInOwnOutput(target) || !subject.bakes(from)) return;
  subject.report(
    {
      rule: 'nix/ln-absolute',
      severity: 'information',
      message: `tree of symbolic links to absolute paths: ${shown(subject.source(command))}`,
      advice: BY_ITSELF,
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
