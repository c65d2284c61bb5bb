/** The header of bytecode: Python goes on using it, without compiling, when the source was rewritten. */

import { HEADER_LENGTH, isBytecodeFile, sourcePathOf } from '../../syntax/python/bytecode.ts';
import { CHECKED, checkOf } from '../../syntax/python/bytecode-header.ts';
import { versionOf } from '../../syntax/python/versions.ts';
import type { Derivation } from '../derivation.ts';

export const bytecodeHeader: Derivation = {
  id: 'python-bytecode-header',
  claims: (file) => isBytecodeFile(file.file, file.head),
  async edits({ file, head }, changeOf) {
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
    return replacement.equals(written) ? [] : [{ offset: CHECKED, expected: Buffer.from(written), replacement }];
  },
};
