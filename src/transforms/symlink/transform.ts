/** Link targets relative to the link's own directory (symlink(7)): the kernel resolves them physically from there. */

import type { Remedy, Site } from '../../analyzers/site.ts';
import { parseStorePath } from '../../store/store-path.ts';
import { type Transform, upToStoreDir } from '../transform.ts';

const refuse = (code: string, reason: string): Remedy => ({ kind: 'none', code, reason });

/**
 * The relative target. It leads through the store directory even when it ends in the own object: the digest stays, and
 * with it the object's reference to itself.
 *
 * @param target absolute store path
 * @param file path of the link inside its object
 */
function relativeTarget(target: string, file: string, storeDirPath: string): string {
  const below = target.slice(storeDirPath.length + 1);
  return file === '' ? below : `${upToStoreDir(file)}/${below}`;
}

export const symlinkTransform: Transform = {
  id: 'symlink',
  rules: ['symlink/target'],
  plan(file, sites) {
    const target = file.bytes.read(0, file.bytes.size).toString('latin1');
    const remedy = (site: Site): Remedy => {
      if (file.object === undefined) {
        return refuse('no-object', 'the link lies in no store object, so its way to the store directory is not known');
      }
      if (site.offset !== 0 || sites.length > 1) {
        return refuse('path', 'the store path stands in the middle of the target');
      }
      if (parseStorePath(target, file.storeDir) === undefined) return refuse('path', `'${target}' is no store path`);
      const form = relativeTarget(target, file.file, file.storeDir.path);
      return { kind: 'relative', transform: 'symlink', form };
    };
    const remedies = new Map(sites.map((site) => [site, remedy(site)]));
    const edits = [...remedies.values()].flatMap((one) =>
      one.kind === 'none'
        ? []
        : [{ offset: 0, expected: Buffer.from(target, 'latin1'), replacement: Buffer.from(one.form, 'latin1') }],
    );
    return { edits, remedies };
  },
};
