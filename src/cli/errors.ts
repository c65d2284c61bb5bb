/** Errors to messages and exit codes. A stack trace is for defects of unmoor, and only when it is asked for. */

import { UserError } from '../pipeline/user-error.ts';
import { visibleOutput } from '../reports/visible.ts';
import { TreeError } from '../store/tree.ts';

const systemMessages: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  ENOENT: 'no such file or directory',
  ENOTDIR: 'not a directory',
  EEXIST: 'exists already',
  EXDEV: 'lies on another file system',
  EMFILE: 'too many open files',
  EIO: 'input/output error',
  ENAMETOOLONG: 'the path is too long',
};

function say(message: string, hint?: string): void {
  process.stderr.write(visibleOutput(`unmoor: ${message}\n${hint === undefined ? '' : `  ${hint}\n`}`));
}

/**
 * Prints what went wrong; returns the exit code.
 *
 * @param writes whether the command writes anything but its report
 */
export function exitCodeOf(error: unknown, writes = true): 1 | 2 | 3 {
  if (error instanceof UserError) {
    say(error.message, error.hint);
    return error.exitCode;
  }
  if (error instanceof TreeError) {
    say(Buffer.from(error.message, 'latin1').toString(), writes ? 'nothing was written' : undefined);
    return 1;
  }
  const system = error as NodeJS.ErrnoException;
  const known = system.code === undefined ? undefined : systemMessages[system.code];
  if (known !== undefined) {
    say(`${system.path ?? system.syscall ?? 'a file'}: ${known}`, 'nothing was left behind');
    return 1;
  }
  const text = error instanceof Error ? error.message : String(error);
  say(`internal error: ${text}`, 'this is a defect of unmoor; UNMOOR_DEBUG=1 shows where');
  if (process.env.UNMOOR_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return 3;
}
