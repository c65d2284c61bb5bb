/** Path configuration, environments and records of Python packages: relative where their readers know a place to count from. */

import type { EntryFile } from '../../analyzers/analyzer.ts';
import type { Site } from '../../analyzers/site.ts';
import { recordBase } from '../../syntax/python/record.ts';
import { aliasEdit, aliasForm } from '../alias-plan.ts';
import { planSites, relativeSite, type SitePlan, standing, standingRelative } from '../plan-sites.ts';
import { type Refusal, type Transform, type TransformContext, upToStoreDir } from '../transform.ts';

const ID = 'python-package';

function planSite(file: EntryFile, site: Site, context: TransformContext): SitePlan | Refusal {
  const alias = (): SitePlan => ({
    edits: [aliasEdit(site, context)],
    remedy: { kind: 'alias', transform: ID, form: aliasForm(site, context) },
  });
  switch (`${site.rule} ${site.what}`) {
    // site.py joins the line to the directory that holds the file.
    case 'python/path-file directory':
      return standingRelative(file, site) ?? relativeSite(ID, file, site, upToStoreDir(file.file));
    case 'python/record file': {
      const base = recordBase(file.file);
      const up = base === '' ? '..' : `${upToStoreDir(base)}/..`;
      return standingRelative(file, site) ?? relativeSite(ID, file, site, up);
    }
    default:
      return standing(site) ?? alias();
  }
}

export const pythonPackageTransform: Transform = {
  id: ID,
  rules: ['python/path-file', 'python/environment', 'python/record', 'python/direct-url'],
  plan: (file, sites, context) => planSites(sites, (site) => planSite(file, site, context)),
};
