/** The JavaScript and TypeScript of this machine with store paths planted: parsed, rewritten, still compiled. */

import { mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { removeTree } from '../../src/pipeline/staging.ts';
import { filesBelow, plant, readReal, sample } from '../real-files.ts';
import { DIGESTS, rewrite, tally } from '../rewriting.ts';
import { must } from '../toy-store.ts';

const work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-js-real-')));
afterAll(() => removeTree(work));
const path = `/nix/store/${DIGESTS[1]}-dep`;

const all = [
  fileURLToPath(new URL('../../node_modules', import.meta.url)),
  '/usr/lib/node_modules',
  '/usr/share/nodejs',
]
  .flatMap((directory) => filesBelow(directory, /\.(?:[cm]?js|[cm]?ts|jsx|tsx)$/))
  .filter((file) => !/[/\\](?:test|fixtures?)[/\\]/.test(file));
const chosen = sample(all, 250);

/** Compiles pairs of files, one process for all; tells which of the originals and which of the results compile. */
const compiler = `
const fs = require('node:fs'), vm = require('node:vm');
const compiles = (file) => {
  const text = fs.readFileSync(file, 'utf8').replace(/^\\ufeff/, '').replace(/^#!.*/, '');
  try { vm.compileFunction(text, ['exports', 'require', 'module', '__filename', '__dirname']); return true; } catch {}
  try { new vm.SourceTextModule(text); return true; } catch { return false; }
};
const count = Number(process.argv[2]);
const out = [];
for (let i = 0; i < count; i++) out.push([compiles(i + '.before'), compiles(i + '.after')]);
console.log(JSON.stringify(out));
`;

test(`${chosen.length} of ${all.length} real files compile as before`, async () => {
  const counts: Record<string, number> = {};
  const names: string[] = [];
  let unread = 0;
  for (const real of chosen) {
    const { text } = readReal(real);
    const before = plant(text, path);
    if (before === text || before.length > 2_000_000) continue;
    const { bytes, sites } = await rewrite(`lib/${real.slice(real.lastIndexOf('/') + 1)}`, before, '/nix/store');
    tally(sites, counts);
    if (sites.some(({ site }) => site.rule === 'opaque')) unread++;
    if (/\.[cm]?ts$|x$/.test(real)) continue;
    writeFileSync(join(work, `${names.length}.before`), before, 'latin1');
    writeFileSync(join(work, `${names.length}.after`), bytes);
    names.push(real);
  }
  writeFileSync(join(work, 'compile.cjs'), compiler);
  const args = ['--experimental-vm-modules', '--no-warnings', 'compile.cjs', String(names.length)];
  const compiled = JSON.parse(must(process.execPath, args, { cwd: work })) as [boolean, boolean][];
  const broken = compiled.flatMap(([before, after], i) => (before && !after ? [names[i]] : []));
  const good = compiled.filter(([before, after]) => before && after).length;
  console.log(`${good} compile before and after; not parsed: ${unread}; ${JSON.stringify(counts)}`);
  expect(broken).toEqual([]);
  expect(good).toBeGreaterThan(chosen.length / 4);
  const relative = (counts['javascript/string relative'] ?? 0) + (counts['javascript/import relative'] ?? 0);
  const aliased = (counts['javascript/string alias'] ?? 0) + (counts['opaque alias'] ?? 0);
  expect(relative / (relative + aliased)).toBeGreaterThan(0.95);
});
