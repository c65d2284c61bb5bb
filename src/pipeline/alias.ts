/** The store alias: `/dev/fd/NN`, as long as the store directory that it stands for. */

import { UserError } from './user-error.ts';

/**
 * The descriptor behind the alias. Two digits, so that `/dev/fd/NN` has the ten bytes of `/nix/store`; bash takes 10
 * and up and 63 downward for itself, scripts like 99, 100 and 200 for locks.
 */
export const ALIAS_DESCRIPTOR = 87;

/**
 * What replaces the store directory, byte for byte; a longer store directory is filled up with slashes.
 *
 * @throws {UserError} when the store directory has fewer than ten bytes.
 */
export function aliasFor(storeDirPath: string): string {
  const alias = `/dev/fd/${ALIAS_DESCRIPTOR}`;
  if (storeDirPath.length < alias.length) {
    throw new UserError(
      `the store directory '${storeDirPath}' is shorter than '${alias}', so no alias fits in its place`,
      {
        exitCode: 2,
        hint: 'relocation needs a store directory of at least ten bytes',
      },
    );
  }
  return alias.padEnd(storeDirPath.length, '/');
}
