/** Driver manifests in JSON: a library path with a slash in it that is not absolute is relative to the manifest. */

import { planSites, relativeSite, standingRelative } from '../plan-sites.ts';
import { type Transform, upToStoreDir } from '../transform.ts';

export const icdTransform: Transform = {
  id: 'icd',
  rules: ['icd/library-path'],
  plan: (file, sites) =>
    planSites(
      sites,
      (site) => standingRelative(file, site) ?? relativeSite('icd', file, site, upToStoreDir(file.file)),
    ),
};
