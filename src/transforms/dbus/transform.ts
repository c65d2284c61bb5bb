/** D-Bus configuration: files and directories that it names may be relative to the file itself. */

import { planSites, relativeSite, standingRelative } from '../plan-sites.ts';
import { type Transform, upToStoreDir } from '../transform.ts';

export const dbusTransform: Transform = {
  id: 'dbus',
  rules: ['dbus/file'],
  plan: (file, sites) =>
    planSites(
      sites,
      (site) => standingRelative(file, site) ?? relativeSite('dbus', file, site, upToStoreDir(file.file)),
    ),
};
