/** XML catalogs: addresses in them are relative to the catalog, like all addresses that are not absolute. */

import { planSites, relativeSite, standingRelative, textEdit } from '../plan-sites.ts';
import { type Transform, upToStoreDir } from '../transform.ts';

const SCHEME = 'file://';

export const xmlTransform: Transform = {
  id: 'xml',
  rules: ['xml/catalog'],
  plan: (file, sites) =>
    planSites(sites, (site) => {
      const stays = standingRelative(file, site);
      if (stays !== undefined) return stays;
      const { edits, remedy } = relativeSite('xml', file, site, upToStoreDir(file.file));
      const start = Math.max(0, site.offset - SCHEME.length);
      const hasScheme = file.bytes.read(start, site.offset - start).toString('latin1') === SCHEME;
      return { edits: hasScheme ? [textEdit(start, SCHEME, ''), ...edits] : edits, remedy };
    }),
};
