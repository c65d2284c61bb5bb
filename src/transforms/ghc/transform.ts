/** GHC: `${pkgroot}`, the directory that holds the package database, which is itself the directory of the entry. */

import { planSites, relativeSite, standingRelative } from '../plan-sites.ts';
import { refuse, type Transform, upToStoreDir } from '../transform.ts';

export const ghcTransform: Transform = {
  id: 'ghc',
  rules: ['ghc/directory'],
  plan(file, sites) {
    const database = file.file.slice(0, Math.max(0, file.file.lastIndexOf('/')));
    return planSites(sites, (site) => {
      const stays = standingRelative(file, site);
      if (stays !== undefined) return stays;
      if (database === '') return refuse('no-package-root', 'the package database is the store object itself');
      const up = upToStoreDir(database);
      return relativeSite('ghc', file, site, `\${pkgroot}/${up}`);
    });
  },
};
