/** Before all tests: loader stub and launcher are there, and are those of the sources. */

import { existsSync, readdirSync, statSync } from 'node:fs';
import { buildStubs } from '../stub/build.ts';

export default function setup(): void {
  const sources = new URL('../stub/', import.meta.url);
  const newest = Math.max(
    ...readdirSync(sources, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(new URL(entry.name, sources)).mtimeMs),
  );
  const isFresh = ['stub-x86_64', 'stub-aarch64', 'launcher-x86_64', 'launcher-aarch64'].every((name) => {
    const image = new URL(`build/${name}.bin`, sources);
    return existsSync(image) && statSync(image).mtimeMs >= newest;
  });
  if (!isFresh) buildStubs();
}
