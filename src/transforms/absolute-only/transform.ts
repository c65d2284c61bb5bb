/** Formats whose readers know absolute paths only, and are programs that do not have the store alias: nothing can be done. */

import { planSites, standing } from '../plan-sites.ts';
import { type Refusal, refuse, type Transform } from '../transform.ts';

const noForm = (reader: string) => refuse('no-relative-form', `${reader} takes the path as it stands`);
const hostReader = (reader: string) =>
  refuse('host-reader', `${reader} of the host reads it, and knows absolute paths only`);

/** Why, by rule; for sites that something reads. */
const refusals: Readonly<Record<string, Refusal>> = {
  'linker-script/path': noForm('the linker'),
  'libtool/libdir': refuse('moved-library', 'libtool and libltdl use the directory of the file when this one is gone'),
  'libtool/path': noForm('libtool'),
  'nix-support/path': noForm('the standard environment of Nixpkgs'),
  'desktop/path': hostReader('the desktop'),
  'systemd/path': hostReader('systemd'),
  'dbus/service': hostReader('dbus-daemon'),
  'dbus/path': hostReader('dbus-daemon'),
  'host-config/path': hostReader('a daemon'),
  'gir/path': noForm('g-ir-compiler'),
  'ghc/path': noForm('GHC'),
  'manual/path': refuse('documentation', 'only people read it; the text stays true to its origin'),
};

export const absoluteOnlyTransform: Transform = {
  id: 'absolute-only',
  rules: Object.keys(refusals),
  plan: (_file, sites) => planSites(sites, (site) => standing(site) ?? (refusals[site.rule] as Refusal)),
};
