/** Before all tests: the loader stub is there, and is that of the sources. */

import { existsSync, readdirSync, statSync } from 'node:fs';
import { buildStubs } from '../stub/build.ts';

export default function setup(): void {
  const sources = new URL('../stub/', import.meta.url);
  const newest = Math.max(
    ...readdirSync(sources, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(new URL(entry.name, sources)).mtimeMs),
  );
  const isFresh = ['x86_64', 'aarch64'].every((machine) => {
    const image = new URL(`build/stub-${machine}.bin`, sources);
    return existsSync(image) && statSync(image).mtimeMs >= newest;
  });
  if (!isFresh) buildStubs();
}
