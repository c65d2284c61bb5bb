/** A copy of the project's own files, as a fresh clone has them. */

import { cpSync, mkdirSync, mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { projectFiles } from '../structure/source-files.ts';
import { root } from './run-unmoor.ts';

/** @returns a temporary directory, and the copy in it, in a directory with a space in its name. */
export function freshCheckout(): { readonly work: string; readonly checkout: string } {
  const work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-checkout-')));
  const checkout = join(work, 'my unmoor');
  for (const path of projectFiles()) {
    mkdirSync(dirname(join(checkout, path)), { recursive: true });
    cpSync(join(root, path), join(checkout, path), { verbatimSymlinks: true });
  }
  return { work, checkout };
}
