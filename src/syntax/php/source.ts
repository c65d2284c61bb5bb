/** Sources of PHP: which files they are, and what stands at a byte. */

import type { ByteSource } from '../../store/byte-source.ts';
import { shebangCommand } from '../env-command.ts';
import { intervalAt } from '../interval.ts';
import { parseShebang } from '../shebang.ts';
import { lexPhp, type PhpRemark, type PhpString } from './lexer.ts';

export interface PhpSource {
  readonly text: string;
  at(offset: number): { readonly string: PhpString } | { readonly remark: PhpRemark } | undefined;
}

/** Bytes. */
export const LARGEST_SOURCE = 16 * 1024 * 1024;

/** How surely a file is PHP, 0 to 100: by its name and a tag of PHP, or by its first line. */
export function phpClaim(file: string, head: Buffer, size: number): number {
  if (size > LARGEST_SOURCE || head.includes(0)) return 0;
  const shebang = parseShebang(head);
  if (shebang !== undefined) {
    const command = shebangCommand(shebang);
    const program = command?.words[command.program] ?? '';
    return /(?:^|\/)\.?php[\d.]*(?:-cli|-wrapped_*)?$/.test(program) ? 85 : 0;
  }
  return /\.(?:php\d?|phtml|inc)$/.test(file) && /<\?(?:php|=)/i.test(head.toString('latin1')) ? 75 : 0;
}

const known = new WeakMap<ByteSource, { readonly source: PhpSource | undefined }>();

/** @returns undefined when the file cannot be read as PHP */
export function phpSource(bytes: ByteSource): PhpSource | undefined {
  let found = known.get(bytes);
  if (found === undefined) {
    const text = bytes.read(0, bytes.size).toString('latin1');
    const lexed = lexPhp(text);
    const source: PhpSource | undefined = lexed && {
      text,
      at(offset) {
        const string = intervalAt(lexed.strings, offset);
        if (string !== undefined) return { string };
        const remark = intervalAt(lexed.remarks, offset);
        return remark && { remark };
      },
    };
    found = { source };
    known.set(bytes, found);
  }
  return found.source;
}
