/** Real files with planted paths, rewritten; a sample of them is given to the language's own checker before and after. */

import { plant, readReal, sample } from './real-files.ts';
import { DIGESTS, rewrite, tally } from './rewriting.ts';

export interface RealRewriting {
  /** Files that hold paths after planting. */
  readonly planted: number;
  readonly checked: number;
  /** Of those checked, how many the language accepts after the rewriting. */
  readonly good: number;
  /** Files that the language accepts, but not when they are rewritten, or that were not read. */
  readonly broken: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
}

/**
 * @param as the path in the object under which each file is rewritten
 * @param accepts whether the language takes a text
 * @param most how many files are checked
 */
export async function rewriteReal(
  files: readonly string[],
  as: string,
  accepts: (text: Buffer | string) => boolean,
  most: number,
): Promise<RealRewriting> {
  const path = `/nix/store/${DIGESTS[1]}-dep`;
  const counts: Record<string, number> = {};
  const broken: string[] = [];
  let good = 0;
  const planted = files
    .map((file) => ({ file, before: plant(readReal(file).text, path) }))
    .filter(({ before }) => before.includes(path));
  const checked = new Set(sample(planted, most));
  for (const each of planted) {
    const { bytes, sites } = await rewrite(as, each.before, '/nix/store');
    tally(sites, counts);
    // Planting breaks some files; all others are read.
    if (sites.some(({ site }) => site.rule === 'opaque') && accepts(each.before)) broken.push(each.file);
    if (!checked.has(each)) continue;
    if (accepts(bytes)) good++;
    else if (accepts(each.before)) broken.push(each.file);
  }
  return { planted: planted.length, checked: checked.size, good, broken, counts };
}
