/** Linker scripts: a file to link that is not absolute is looked for in the directory of the script. */

import { planSites, relativeSite, standingRelative } from '../plan-sites.ts';
import { type Transform, upToStoreDir } from '../transform.ts';

export const linkerScriptTransform: Transform = {
  id: 'linker-script',
  rules: ['linker-script/file'],
  plan: (file, sites) =>
    planSites(
      sites,
      (site) => standingRelative(file, site) ?? relativeSite('linker-script', file, site, upToStoreDir(file.file)),
    ),
};
