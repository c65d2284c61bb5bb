/**
 * What stands behind a launcher's code: what it does, as bytes. The C side of the layout is stub/program.h. Little-endian;
 * offsets and lengths in bytes; strings end with a NUL.
 */

import type { Step, Wrapper } from './wrapper/read.ts';
import type { Part, Word } from './wrapper/words.ts';

/** Opens every program; the last byte is the layout's version. */
export const LAUNCHER_MAGIC = Buffer.from('UNMOOR\0\x02', 'latin1');
const HEADER_SIZE = 32;

/** Hands the environment on as it came; no variable is read or set. */
export const FLAG_KEEP_ENVIRONMENT = 4;

export interface LauncherSettings {
  /** Components to take off the launcher's physical path to get the store directory; the file name is one. */
  readonly stripComponents: number;
  /** As those of the loader stub: see `loader-stub-config.ts`. */
  readonly flags: number;
  readonly aliasDescriptor: number;
}

/** Cuts a text where the store directory's path stands: what lies between goes on with a slash. */
export type Split = (text: string) => readonly string[];

const SIGNS = {
  'if-set': '+',
  'if-filled': 'P',
  'or-unset': '-',
  'or-empty': 'M',
  'without-start': '#',
  'without-end': '%',
} as const;

const string = (text: string) => `${text}\0`;

function encodeWord(word: Word, split: Split): string {
  return `${word.map((part) => encodePart(part, split)).join('')}.`;
}

function encodePart(part: Part, split: Split): string {
  switch (part.kind) {
    case 'text':
      return split(part.text)
        .map((piece) => (piece === '' ? '' : `T${string(piece)}`))
        .join('S');
    case 'name':
      return 'N';
    case 'own-directory':
      return 'O';
    case 'value':
      return `V${string(part.variable)}`;
    case 'replaced':
      return `/${string(part.variable)}${encodeWord(part.word, split)}${encodeWord(part.by, split)}`;
    default:
      return SIGNS[part.kind] + string(part.variable) + encodeWord(part.word, split);
  }
}

function length32(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes.toString('latin1');
}

function encodeStep(step: Step, stops: boolean, split: Split): string {
  switch (step.kind) {
    case 'assign':
    case 'append':
      return (step.kind === 'assign' ? '=' : 'a') + string(step.variable) + encodeWord(step.word, split);
    case 'export':
      return `x${string(step.variable)}`;
    case 'unset':
      return `u${string(step.variable)}`;
    case 'nothing':
      return 'n';
    case 'chdir':
      return (stops ? 'c' : 'C') + string(`${step.line}`) + encodeWord(step.word, split);
    case 'unless-holds': {
      const body = step.steps.map((inner) => encodeStep(inner, stops, split)).join('');
      return `?${encodeWord(step.word, split)}${encodeWord(step.part, split)}${length32(body.length)}${body}`;
    }
  }
}

function namesOf(wrapper: Wrapper): Set<string> {
  const names = new Set<string>();
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      if (key === 'variable' && typeof value === 'string') names.add(value);
      else visit(value);
    }
  };
  visit(wrapper);
  return names;
}

/**
 * The program of a launcher.
 *
 * @returns bytes; their number is a multiple of 16
 */
export function encodeLauncher(wrapper: Wrapper, settings: LauncherSettings, split: Split): Buffer {
  const { steps, start, stopsOnFailure, interpreter } = wrapper;
  const program = [
    ...steps.map((step) => encodeStep(step, stopsOnFailure, split)),
    (start.name === undefined ? '>' : '!') + string(`${start.line}`),
    start.name === undefined ? '' : encodeWord(start.name, split),
    encodeWord(start.program, split),
    ...start.words.map((word) => (word === 'arguments' ? '@' : `w${encodeWord(word, split)}`)),
    '.',
    encodeWord([{ kind: 'text', text: interpreter }], split),
  ].join('');
  const bytes = Buffer.alloc(Math.ceil((HEADER_SIZE + program.length) / 16) * 16);
  LAUNCHER_MAGIC.copy(bytes);
  bytes.writeUInt32LE(settings.stripComponents, 8);
  bytes.writeUInt32LE(settings.flags, 12);
  bytes.writeUInt32LE(settings.aliasDescriptor, 16);
  bytes.writeUInt32LE(namesOf(wrapper).size, 20);
  bytes.writeUInt32LE(HEADER_SIZE, 24);
  bytes.writeUInt32LE(bytes.length, 28);
  bytes.write(program, HEADER_SIZE, 'latin1');
  return bytes;
}
