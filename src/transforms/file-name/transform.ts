/** File names are never changed: other files and programs know them. */

import type { Transform } from '../transform.ts';

export const fileNameTransform: Transform = {
  id: 'file-name',
  rules: ['file-name'],
  plan: (_file, sites) => ({
    edits: [],
    remedies: new Map(
      sites.map((site) => [
        site,
        {
          kind: 'none',
          code: 'name',
          reason: 'the tree holds a store of its own; renaming it would break whoever reads it',
        },
      ]),
    ),
  }),
};
