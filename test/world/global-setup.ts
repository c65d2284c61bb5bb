/** Before any test: the loader stubs and the package world are built, or the run fails and says why. */

import type { TestProject } from 'vitest/node';
import { buildStubs } from '../../stub/build.ts';
import { buildWorld, type World } from './build.ts';

declare module 'vitest' {
  interface ProvidedContext {
    world: World;
  }
}

export default function setup(project: TestProject): void {
  for (const { machine, path } of buildStubs()) {
    if (path === undefined) throw new Error(`no compiler for the loader stub of ${machine}: see test/requirements.apt`);
  }
  project.provide('world', buildWorld());
}
