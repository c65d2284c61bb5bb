/** pkg-config files: `${pcfiledir}`, the directory of the file itself, which pkg-config and pkgconf define. */

import type { Remedy } from '../../analyzers/site.ts';
import { type Edit, type Transform, upToStoreDir } from '../transform.ts';

export const pkgConfigTransform: Transform = {
  id: 'pkg-config',
  rules: ['pkg-config/path'],
  plan(file, sites) {
    const edits: Edit[] = [];
    const remedies = new Map(
      sites.map((site): [typeof site, Remedy] => {
        if (site.role !== 'build-time') {
          const reason = 'nothing reads it; the text stays true to its origin';
          return [site, { kind: 'none', code: 'documentation', reason }];
        }
        if (file.object === undefined) {
          const reason = 'the file lies in no store object, so its way to the store directory is not known';
          return [site, { kind: 'none', code: 'no-object', reason }];
        }
        // By the store directory also for the own object: its digest stays, and links to the file at the same depth work.
        const up = `\${pcfiledir}/${upToStoreDir(file.file)}`;
        edits.push({
          offset: site.offset,
          expected: Buffer.from(file.storeDir.path, 'latin1'),
          replacement: Buffer.from(up, 'latin1'),
        });
        return [
          site,
          { kind: 'relative', transform: 'pkg-config', form: up + site.text.slice(file.storeDir.path.length) },
        ];
      }),
    );
    return { edits, remedies };
  },
};
