/** `-` among the paths: standard input, as a file that can be read at any place. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Replaces `-` by a temporary file; `remove` takes it away again. */
export function standardInputAsFile(paths: readonly string[]): { readonly paths: string[]; remove(): void } {
  if (!paths.includes('-')) return { paths: [...paths], remove() {} };
  const directory = mkdtempSync(join(tmpdir(), 'unmoor-'));
  const file = join(directory, 'standard-input');
  writeFileSync(file, readFileSync(0));
  return {
    paths: paths.map((path) => (path === '-' ? file : path)),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
