/**
 * Makefiles: a variable with the store directory, expanded at once in the first line, where the last word of
 * `MAKEFILE_LIST` is the file itself; references in recipes and deferred definitions are expanded later.
 */

import { planSites, relativeSite, standingRelative, textEdit } from '../plan-sites.ts';
import { privateName } from '../private-name.ts';
import { refuse, type Transform, upToStoreDir } from '../transform.ts';

export const makefileTransform: Transform = {
  id: 'makefile',
  rules: ['makefile/path'],
  plan(file, sites) {
    const text = file.bytes.read(0, file.bytes.size).toString('latin1');
    const name = privateName(file);
    const plan = planSites(sites, (site) => {
      const stays = standingRelative(file, site);
      if (stays !== undefined) return stays;
      const dollars = /\$*$/.exec(text.slice(Math.max(0, site.offset - 64), site.offset))?.[0] ?? '';
      if (dollars.length % 2 === 1) return refuse('escaped-path', 'a dollar sign directly before the path');
      return relativeSite('makefile', file, site, `$(${name})`);
    });
    if (plan.edits.length === 0) return plan;
    // A byte order mark is skipped only at the very start (GNU make `src/read.c`, `eval`).
    const first = /^(?:\xef\xbb\xbf)?(?:#!.*\n)?/.exec(text)?.[0].length ?? 0;
    const own = '$(dir $(realpath $(lastword $(MAKEFILE_LIST))))';
    const define = `${name} := $(abspath ${own}${upToStoreDir(file.file)})\n`;
    return { edits: [...plan.edits, textEdit(first, '', define)], remedies: plan.remedies };
  },
};
