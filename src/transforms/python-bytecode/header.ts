/**
 * Bytecode of a source that was rewritten: its header, so that Python goes on using it, and the numbers of its lines, so that
 * tracebacks show the right ones.
 */

import type { ByteSource } from '../../store/byte-source.ts';
import { HEADER_LENGTH, isBytecodeFile, readBytecode, sourcePathOf } from '../../syntax/python/bytecode.ts';
import { CHECKED, checkOf, isHashBased } from '../../syntax/python/bytecode-header.ts';
import { type PythonVersion, versionOf } from '../../syntax/python/versions.ts';
import type { Derivation, FileState } from '../derivation.ts';
import type { Edit } from '../transform.ts';

function lineCount(text: Buffer): number {
  let count = 0;
  for (let at = text.indexOf(NEWLINE); at >= 0; at = text.indexOf(NEWLINE, at + 1)) count++;
  return count;
}

const NEWLINE = 0x0a;

/** Lines are only ever added above the first statement, so that all code moves by as many. */
function lineEdits(bytes: ByteSource, added: number): Edit[] {
  const code = readBytecode(bytes);
  if (added === 0 || 'refused' in code) return [];
  return code.codes.map(({ firstLineAt }) => {
    const expected = Buffer.from(bytes.read(firstLineAt, 4));
    const replacement = Buffer.alloc(4);
    replacement.writeInt32LE((expected.readInt32LE(0) + added) | 0, 0);
    return { offset: firstLineAt, expected, replacement };
  });
}

/**
 * First lines that installers replace by the path of an interpreter, after the bytecode was made (patchShebangs of Nixpkgs does). The
 * line is a comment for Python: bytecode that has the hash of the source with another one is the same.
 */
const FIRST_LINES = ['/usr/bin/env ', '/usr/bin/', '/usr/local/bin/']
  .flatMap((program) => ['python3', 'python'].map((name) => program + name))
  .flatMap((command) => [`#! ${command}`, `#!${command}`]);

/** Whether Python took the bytecode for that of the source, or would have done so before the first line was replaced. */
function belongs(head: Buffer, version: PythonVersion, source: FileState): boolean {
  const written = head.subarray(CHECKED, HEADER_LENGTH);
  if (checkOf(head, version, source).equals(written)) return true;
  const end = source.contents.indexOf(NEWLINE);
  if (end < 0 || !isHashBased(head) || source.contents.toString('latin1', 0, 2) !== '#!') return false;
  const rest = source.contents.subarray(end);
  return FIRST_LINES.some((line) => {
    const contents = Buffer.concat([Buffer.from(line, 'latin1'), rest]);
    return checkOf(head, version, { ...source, contents }).equals(written);
  });
}

export const bytecodeHeader: Derivation = {
  id: 'python-bytecode-header',
  claims: (file) => isBytecodeFile(file.file, file.head),
  async edits({ file, head, bytes }, changeOf) {
    const version = versionOf(head);
    const path = sourcePathOf(file);
    const change = version === undefined || path === undefined ? undefined : await changeOf(path);
    if (version === undefined || change === undefined) return [];
    const { before, after } = change;
    if (before.contents.equals(after.contents) && before.modified === after.modified) return [];
    const written = head.subarray(CHECKED, HEADER_LENGTH);
    // Bytecode of another source is not made to look right.
    if (!belongs(head, version, before)) return [];
    const replacement = checkOf(head, version, after);
    const added = lineCount(after.contents) - lineCount(before.contents);
    if (replacement.equals(written) && added === 0) return [];
    return [{ offset: CHECKED, expected: Buffer.from(written), replacement }, ...lineEdits(bytes, added)];
  },
};
