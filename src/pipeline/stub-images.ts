/** The loader stub's code, as `stub/build.ts` leaves it beside the sources. */

import { existsSync, readFileSync } from 'node:fs';
import type { StubImage } from '../transforms/transform.ts';

const COMPILER = { x86_64: 'gcc', aarch64: 'aarch64-linux-gnu-gcc' } as const;

/** Reads one stub per machine, once; a machine without a stub says what to do about it. */
export function stubImages(): (machine: 'x86_64' | 'aarch64') => StubImage {
  const images = new Map<string, StubImage>();
  return (machine) => {
    const known = images.get(machine);
    if (known !== undefined) return known;
    const url = new URL(`../../stub/build/stub-${machine}.bin`, import.meta.url);
    const image: StubImage = existsSync(url)
      ? { code: readFileSync(url) }
      : {
          missing: `the loader stub for ${machine} is not built: install ${COMPILER[machine]} and run 'npm run build:stub'`,
        };
    images.set(machine, image);
    return image;
  };
}
