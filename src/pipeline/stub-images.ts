/** The code of loader stubs and launchers, as `stub/build.ts` leaves it beside the sources. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Machine, StubImage } from '../transforms/transform.ts';

const COMPILER = { x86_64: 'gcc', aarch64: 'aarch64-linux-gnu-gcc' } as const;
const WHAT = { stub: 'loader stub', launcher: 'launcher' } as const;

/** Reads one image per machine, once; a machine without one says what to do about it. */
export function stubImages(kind: keyof typeof WHAT = 'stub'): (machine: Machine) => StubImage {
  const images = new Map<string, StubImage>();
  return (machine) => {
    const known = images.get(machine);
    if (known !== undefined) return known;
    const name = `${kind}-${machine}.bin`;
    // A build of the target's own compiler, as the nixpkgs overlay makes it, comes first.
    const { UNMOOR_STUB_DIR: directory } = process.env;
    const places = [new URL(`../../stub/build/${name}`, import.meta.url)];
    if (directory) places.unshift(pathToFileURL(join(directory, name)));
    const found = places.find((place) => existsSync(place));
    const image: StubImage = found
      ? { code: readFileSync(found) }
      : {
          missing: `the ${WHAT[kind]} for ${machine} is not built: install ${COMPILER[machine]} and run 'npm run build:stub'`,
        };
    images.set(machine, image);
    return image;
  };
}
