/** Settings shared by all objects of one run, and what transforms are told of them. */

import type { StoreDir } from '../store/store-path.ts';
import type { TransformContext } from '../transforms/transform.ts';
import { ALIAS_DESCRIPTOR, aliasFor } from './alias.ts';
import { launcherContext, type ScriptForm } from './launchers.ts';
import { storeLookup } from './store-lookup.ts';
import { stubImages } from './stub-images.ts';

export interface RunSettings {
  /** The store directory that paths name. */
  readonly storeDir: string;
  /** Where its objects lie. */
  readonly storeRoot: string;
  /** Digests whose presence is followed (law 4). */
  readonly knownDigests: readonly string[];
  readonly aliasPolicy: 'inherit' | 'close-on-exec';
  /** See `TransformContext.aliasReach`. */
  readonly aliasReach?: 'closure' | 'own-programs' | undefined;
  /** What becomes of wrappers and of other programs that are scripts; `text` when it is not said. */
  readonly wrappers?: ScriptForm | undefined;
  readonly scripts?: ScriptForm | undefined;
  /** Globs of entries that stay as they are, matched against the path inside the object. */
  readonly exclude?: readonly string[] | undefined;
  /** Whether to tell what changes in texts. */
  readonly changes?: boolean | undefined;
  /** Whether rewritten files keep their modification times; else they get the one of all files in a store. */
  readonly keepsTimes?: boolean | undefined;
  /** See `TransformContext.shrink`; with `all`, nothing is written, and `digestsAfter` tells what would be left. */
  readonly shrink?: 'all' | readonly string[] | undefined;
}

export function transformContext(settings: RunSettings, dir: StoreDir): TransformContext {
  return {
    storeDir: dir,
    alias: aliasFor(dir.path),
    aliasDescriptor: ALIAS_DESCRIPTOR,
    aliasPolicy: settings.aliasPolicy,
    aliasReach: settings.aliasReach,
    shrink: typeof settings.shrink === 'object' ? new Set(settings.shrink) : settings.shrink,
    launcher: launcherContext(settings, settings.storeRoot, dir),
    stub: stubImages(),
    exists: storeLookup(settings.storeRoot, dir),
  };
}
