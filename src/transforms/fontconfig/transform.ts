/**
 * fontconfig: `<dir prefix="relative">` is relative to the file, links resolved. Other elements know no such prefix; only
 * programs with fontconfig in them read these, so they get the store alias.
 */

import type { Remedy, Site } from '../../analyzers/site.ts';
import { lineAt } from '../../syntax/lines.ts';
import { type XmlPart, xmlParts } from '../../syntax/xml.ts';
import { aliasEdit, aliasForm } from '../alias-plan.ts';
import { planSites, relativeSite, standing, textEdit } from '../plan-sites.ts';
import { type Edit, type Transform, upToStoreDir } from '../transform.ts';

/** What a directory's start tag needs to be relative; undefined when it has a prefix of another meaning. */
function prefixEdit(text: string, parts: readonly XmlPart[], site: Site): Edit | undefined {
  const tag = lineAt(parts, site.offset)?.tag;
  if (tag === undefined) return undefined;
  const prefix = tag.attributes.find(({ name }) => name === 'prefix');
  if (prefix === undefined) return textEdit(tag.nameEnd, '', ' prefix="relative"');
  const value = text.slice(prefix.start, prefix.end);
  // Both leave an absolute path as it is.
  return value === 'default' || value === 'cwd' ? textEdit(prefix.start, value, 'relative') : undefined;
}

export const fontconfigTransform: Transform = {
  id: 'fontconfig',
  rules: ['fontconfig/dir', 'fontconfig/path'],
  plan(file, sites, context) {
    const text = file.bytes.read(0, file.bytes.size).toString('latin1');
    const parts = xmlParts(text);
    return planSites(sites, (site) => {
      const stays = standing(site);
      if (stays !== undefined) return stays;
      const prefix =
        site.rule === 'fontconfig/dir' && file.object !== undefined ? prefixEdit(text, parts, site) : undefined;
      if (prefix === undefined) {
        const remedy: Remedy = { kind: 'alias', transform: 'fontconfig', form: aliasForm(site, context) };
        return { edits: [aliasEdit(site, context)], remedy };
      }
      const { edits, remedy } = relativeSite('fontconfig', file, site, upToStoreDir(file.file));
      return { edits: [prefix, ...edits], remedy };
    });
  },
};
