/** Errors on their way between threads: classes do not survive a structured clone. */

import { TreeError } from '../store/tree.ts';
import { InternalError } from './internal-error.ts';
import { UserError } from './user-error.ts';

export interface WireError {
  readonly kind: 'user' | 'tree' | 'internal';
  readonly message: string;
  readonly path?: string;
  readonly hint?: string | undefined;
  readonly code?: string | undefined;
  readonly stack?: string | undefined;
}

/** Flattens any thrown value. */
export function wireError(error: unknown): WireError {
  if (error instanceof TreeError) return { kind: 'tree', message: error.message, path: error.path };
  if (error instanceof UserError) return { kind: 'user', message: error.message, hint: error.hint };
  if (error instanceof Error) {
    return {
      kind: 'internal',
      message: error.message,
      stack: error.stack,
      code: (error as NodeJS.ErrnoException).code,
    };
  }
  return { kind: 'internal', message: String(error) };
}

/** The error that was flattened, of a class that the command line knows. */
export function reviveError(wire: WireError): Error {
  if (wire.kind === 'tree') return TreeError.revive(wire.message, wire.path ?? '');
  if (wire.kind === 'user') return new UserError(wire.message, { ...(wire.hint !== undefined && { hint: wire.hint }) });
  const error: NodeJS.ErrnoException = new InternalError(wire.message);
  if (wire.stack !== undefined) error.stack = wire.stack;
  if (wire.code !== undefined) error.code = wire.code;
  return error;
}
