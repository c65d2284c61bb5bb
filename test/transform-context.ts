/** What transforms are told where one file stands alone: no stub, and every path leads somewhere. */

import { ALIAS_DESCRIPTOR, aliasFor } from '../src/pipeline/alias.ts';
import { storeDir } from '../src/store/store-path.ts';
import type { TransformContext } from '../src/transforms/transform.ts';

export function transformContext(store: string): TransformContext {
  return {
    storeDir: storeDir(store),
    alias: aliasFor(store),
    aliasDescriptor: ALIAS_DESCRIPTOR,
    aliasPolicy: 'inherit',
    stub: () => ({ missing: 'not needed' }),
    exists: () => true,
  };
}
