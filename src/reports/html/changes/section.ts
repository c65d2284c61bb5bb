/** Before and after, file by file: the page's script fills in what the reader opens. */

import { escapeHtml } from '../escape.ts';
import { groupedCount } from '../figures.ts';
import type { ObjectRow } from '../object-rows.ts';

function objectChanges({ object, index, name }: ObjectRow): string {
  const files = object.changes?.length ?? 0;
  return `<details class="panel changes" id="changes-of-${index}" data-changes="${index}"><summary><span class="strong">${escapeHtml(name)}</span> <span class="soft">${groupedCount(files, 'file')}</span></summary><div class="files"></div></details>`;
}

export function changesSection(rows: readonly ObjectRow[]): string {
  const changed = rows
    .filter(({ object }) => (object.changes?.length ?? 0) > 0)
    .sort((a, b) => (b.object.changes?.length ?? 0) - (a.object.changes?.length ?? 0));
  if (changed.length === 0) return '';
  const files = changed.reduce((sum, { object }) => sum + (object.changes?.length ?? 0), 0);
  return `<section aria-labelledby="changes">
<h2 id="changes">Before and after</h2>
<p class="soft">What a relocation does to ${groupedCount(files, 'text file')}. Paths in programs and libraries have no lines: their old and new form stands in the list above.</p>
<noscript><p>The diffs need JavaScript; the page brings its own.</p></noscript>
${changed.map(objectChanges).join('\n')}
</section>`;
}
