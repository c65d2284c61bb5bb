/** A broken promise of the program itself (exit code 3): never the user's fault. */
export class InternalError extends Error {
  override readonly name = 'InternalError';
}
