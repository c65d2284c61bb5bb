/** systemd: the specifier `%Y`, the directory of the unit's file, in command lines and environments. */

import { planSites, relativeSite, standingRelative } from '../plan-sites.ts';
import { refuse, type Transform, upToStoreDir } from '../transform.ts';

export const systemdTransform: Transform = {
  id: 'systemd',
  rules: ['systemd/command'],
  plan: (file, sites) =>
    planSites(sites, (site) => {
      const stays = standingRelative(file, site);
      if (stays !== undefined) return stays;
      const start = Math.max(0, site.offset - 64);
      const before = /%*$/.exec(file.bytes.read(start, site.offset - start).toString('latin1'))?.[0] ?? '';
      if (before.length % 2 === 1) return refuse('escaped-path', 'the path stands behind an unfinished specifier');
      return relativeSite('systemd', file, site, `%Y/${upToStoreDir(file.file)}`);
    }),
};
