/**
 * The first line of a script, as the kernel reads it (Linux fs/binfmt_script.c): `#!`, blanks, the interpreter up to a
 * blank, and what is left, blanks trimmed, as one argument.
 */

export interface Shebang {
  /** Bytes of the line, without its newline. */
  readonly length: number;
  readonly interpreter: string;
  /** Offset of the interpreter's first byte. */
  readonly interpreterOffset: number;
  /** The one argument; undefined when there is none. */
  readonly argument: string | undefined;
}

/** What the kernel reads of a file's first line: BINPRM_BUF_SIZE less the byte that ends it. */
export const KERNEL_LINE = 255;

/** Lines longer than this are not read, in bytes: perl's `-I` arguments make long ones, nothing makes such. */
export const LONGEST_LINE = 64 * 1024;

/** Whether a file begins as a script does. */
export function isScript(head: Buffer): boolean {
  return head[0] === 0x23 && head[1] === 0x21;
}

/**
 * Reads the first line of `bytes`, the file's first `LONGEST_LINE` bytes or all of it; a line may end with the file.
 *
 * @returns undefined when it is no shebang, or longer than that.
 */
export function parseShebang(bytes: Buffer): Shebang | undefined {
  if (!isScript(bytes)) return undefined;
  const newline = bytes.indexOf(0x0a);
  if (newline < 0 && bytes.length >= LONGEST_LINE) return undefined;
  const line = bytes.toString('latin1', 0, newline < 0 ? bytes.length : newline);
  const match = /^#![ \t]*([^ \t\0]+)(?:[ \t]+([^\0]*?))?[ \t]*(?:\0|$)/.exec(line);
  if (match === null) return undefined;
  const interpreter = match[1] as string;
  return {
    length: line.length,
    interpreter,
    interpreterOffset: line.indexOf(interpreter, 2),
    argument: match[2] === undefined || match[2] === '' ? undefined : match[2],
  };
}
