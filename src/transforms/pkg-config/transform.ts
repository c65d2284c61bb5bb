/**
 * pkg-config files: `${pcfiledir}`, the directory of the file itself, which pkg-config and pkgconf define. pkgconf escapes
 * blanks in it, which is right only outside of quotes, so quotes are closed before it and opened again behind.
 */

import { lineAt } from '../../syntax/lines.ts';
import { isPlainWord, pkgConfigLines, quoteAround, quotedReferences, variablesWith } from '../../syntax/pkg-config.ts';
import { planSites, relativeSite, standingRelative, textEdit } from '../plan-sites.ts';
import { type Transform, upToStoreDir } from '../transform.ts';

export const pkgConfigTransform: Transform = {
  id: 'pkg-config',
  rules: ['pkg-config/path'],
  plan(file, sites) {
    const text = file.bytes.read(0, file.bytes.size).toString('latin1');
    const lines = pkgConfigLines(text);
    const rewritten: number[] = [];
    // By the store directory also for the own object: its digest stays, and links to the file at the same depth work.
    const up = `\${pcfiledir}/${upToStoreDir(file.file)}`;
    const plan = planSites(sites, (site) => {
      const stays = standingRelative(file, site);
      if (stays !== undefined) return stays;
      rewritten.push(site.offset);
      const line = lineAt(lines, site.offset);
      const quote = line === undefined ? '' : quoteAround(text, line, site.offset);
      return relativeSite('pkg-config', file, site, quote + up + quote);
    });
    const names = variablesWith(text, lines, rewritten);
    const opened = quotedReferences(text, lines)
      // What is more than one word, or quoted itself, needs the quotes around it.
      .filter(({ name }) => names.has(name) && isPlainWord(text, lines, name))
      .flatMap(({ start, end, quote }) => [textEdit(start, '', quote), textEdit(end, '', quote)]);
    return { edits: [...plan.edits, ...opened], remedies: plan.remedies };
  },
};
