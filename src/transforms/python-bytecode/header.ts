/**
 * Bytecode of a source that was rewritten: its header, so that Python goes on using it, and the numbers of its lines, so that
 * tracebacks show the right ones.
 */

import type { ByteSource } from '../../store/byte-source.ts';
import { HEADER_LENGTH, isBytecodeFile, readBytecode, sourcePathOf } from '../../syntax/python/bytecode.ts';
import { CHECKED, checkOf } from '../../syntax/python/bytecode-header.ts';
import { versionOf } from '../../syntax/python/versions.ts';
import type { Derivation } from '../derivation.ts';
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
    // Bytecode that Python did not take before is not made to look right.
    if (!checkOf(head, version, before).equals(written)) return [];
    const replacement = checkOf(head, version, after);
    const added = lineCount(after.contents) - lineCount(before.contents);
    return [{ offset: CHECKED, expected: Buffer.from(written), replacement }, ...lineEdits(bytes, added)];
  },
};
