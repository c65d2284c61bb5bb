/**
 * ar archives (System V ABI, "Archive File"; ar(5) of FreeBSD and binutils' doc): static libraries and Debian packages. Names
 * longer than their field stand in a table (GNU) or before the contents (BSD). Contents stand in them as they are.
 */

import { damaged, MOST_MEMBERS, tooMany, type Unopened } from './unopened.ts';

const MAGIC = '!<arch>\n';
const THIN = '!<thin>\n';
const HEADER = 60;
const SIZE_AT = 48;
const SIZE_LENGTH = 10;

export interface ArMember {
  /** One character a byte. */
  readonly name: string;
  readonly contents: Buffer;
  /** Where its contents begin (behind a name that stands there) and end. */
  readonly start: number;
  readonly end: number;
}

export interface Ar {
  /** Without symbol and name tables. */
  readonly members: readonly ArMember[];
  /** Members are files beside it. */
  readonly thin: boolean;
  /** A package of Debian (deb(5)). */
  readonly debian: boolean;
}

export function isAr(head: Buffer): boolean {
  const magic = head.toString('latin1', 0, MAGIC.length);
  return magic === MAGIC || magic === THIN;
}

const symbolTables = new Set(['/', '/SYM64/', '__.SYMDEF', '__.SYMDEF SORTED', '__.SYMDEF_64', '__.SYMDEF_64 SORTED']);

/** Reads the headers. */
export function readAr(bytes: Buffer): Ar | Unopened {
  const thin = bytes.toString('latin1', 0, MAGIC.length) === THIN;
  const broken = damaged('a header of the ar archive is broken');
  const members: ArMember[] = [];
  let names: Buffer | undefined;
  for (let header = MAGIC.length; header < bytes.length; ) {
    // One byte fills up to an even number.
    if (header + 1 === bytes.length) break;
    if (header + HEADER > bytes.length || bytes.toString('latin1', header + 58, header + HEADER) !== '`\n')
      return broken;
    const field = bytes.toString('latin1', header, header + 16).replace(/ +$/, '');
    const [, digits] =
      /^([0-9]+) *$/.exec(bytes.toString('latin1', header + SIZE_AT, header + SIZE_AT + SIZE_LENGTH)) ?? [];
    if (digits === undefined) return broken;
    const isTable = field === '//' || symbolTables.has(field);
    const size = thin && !isTable ? 0 : Number(digits);
    let start = header + HEADER;
    const end = start + size;
    if (end > bytes.length) return damaged('the ar archive is cut off');
    header = end + (end % 2);
    if (members.length > MOST_MEMBERS) return tooMany;
    let name: string | undefined = field.replace(/\/$/, '');
    if (field === '//') {
      names = bytes.subarray(start, end);
      continue;
    }
    const [, inTable, inContents] = /^(?:\/([0-9]+)(?::[0-9]+)?|#1\/([0-9]+))$/.exec(field) ?? [];
    if (inTable !== undefined) name = longName(names, Number(inTable));
    if (inContents !== undefined) {
      if (Number(inContents) > size) return broken;
      name = bytes.toString('latin1', start, start + Number(inContents)).replace(/\0+$/, '');
      start += Number(inContents);
    }
    if (name === undefined) return broken;
    if (!isTable && !symbolTables.has(name) && !thin)
      members.push({ name, contents: bytes.subarray(start, end), start, end });
  }
  return { members, thin, debian: members[0]?.name === 'debian-binary' };
}

/** Names in the table end in a slash and a line feed. */
function longName(names: Buffer | undefined, at: number): string | undefined {
  if (names === undefined || at >= names.length) return undefined;
  const end = names.indexOf(0x0a, at);
  return names.toString('latin1', at, end < 0 ? names.length : end).replace(/\/$/, '');
}

/**
 * The archive again with other contents of some members, of the same size: symbol tables tell where members begin.
 *
 * @returns why that cannot be done, where it cannot
 */
export function writeAr(bytes: Buffer, changed: ReadonlyMap<ArMember, Buffer>): Buffer | string {
  const result = Buffer.from(bytes);
  for (const [{ start, end }, contents] of changed) {
    if (contents.length !== end - start) return 'the places of the members in an ar archive stand in other places, too';
    contents.copy(result, start);
  }
  return result;
}
