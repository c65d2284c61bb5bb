/**
 * What the user can mend: bad input, a full disk, a target that exists. The message names the file (and the offset,
 * where there is one); the hint says what to do. Exit code 1 is a refusal, 2 is wrong usage.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly exitCode: 1 | 2;
  readonly hint: string | undefined;

  constructor(
    message: string,
    options: { readonly exitCode?: 1 | 2; readonly hint?: string; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.exitCode = options.exitCode ?? 1;
    this.hint = options.hint;
  }
}
