/** One file at a time through scan, explain, plan and edits, with the laws checked on the way. */

import { expect } from 'vitest';
import { writeEdited } from '../src/pipeline/apply-edits.ts';
import { planContents } from '../src/pipeline/entry.ts';
import type { PlannedSite } from '../src/pipeline/plan.ts';
import { bufferSource } from '../src/store/byte-source.ts';
import { scanBytes } from '../src/store/scan.ts';
import { storeDir } from '../src/store/store-path.ts';
import type { Edit } from '../src/transforms/transform.ts';
import { transformContext } from './transform-context.ts';

export const DIGESTS = [
  '0123456789abcdfghijklmnpqrsvwxyz',
  'zyxwvsrqpnmlkjihgfdcba9876543210',
  'abcdfghijklmnpqrsvwxyz0123456789',
] as const;

/** The object in which tests put their files. */
export const OWN = `${DIGESTS[0]}-own`;

/** Directory names that break careless quoting. */
export const ODD_PREFIXES = [
  'plain',
  'with space',
  `it's "q" $HOME \`id\` \\n`,
  'new\nline',
  '\u00fcn\u00ef #?%41&',
  '[a]*{b} @x',
] as const;

export interface Rewritten {
  readonly bytes: Buffer;
  readonly sites: readonly PlannedSite[];
  readonly edits: readonly Edit[];
}

async function once(file: string, contents: Buffer, store: string, executable: boolean): Promise<Rewritten> {
  const dir = storeDir(store);
  const { occurrences } = scanBytes(contents, dir);
  const source = bufferSource(contents);
  const transform = transformContext(store);
  const mode = { executable, secure: false };
  const plan = await planContents(file, mode, source, occurrences, { object: OWN, transform });
  const chunks: Buffer[] = [];
  writeEdited(source, plan.edits, (chunk) => chunks.push(Buffer.from(chunk)));
  return { bytes: Buffer.concat(chunks), sites: plan.sites, edits: plan.edits };
}

/**
 * Rewrites a file of the object `OWN`. Checks that every occurrence became one site, that only those stand in the
 * result that were left on purpose, that the digests are the same, and that a second time changes nothing.
 */
export async function rewrite(
  file: string,
  contents: Buffer | string,
  store: string,
  executable = false,
): Promise<Rewritten> {
  const bytes = typeof contents === 'string' ? Buffer.from(contents, 'latin1') : contents;
  const dir = storeDir(store);
  const before = scanBytes(bytes, dir).occurrences;
  const result = await once(file, bytes, store, executable);
  const after = scanBytes(result.bytes, dir).occurrences;
  const left = result.sites.filter(({ remedy }) => remedy.kind === 'none');
  if (result.sites.length !== before.length || after.length !== left.length) {
    throw new Error(`${file}: ${before.length} occurrences, ${result.sites.length} sites, ${after.length} left`);
  }
  const text = result.bytes.toString('latin1');
  const lost = before.filter(({ baseName }) => !text.includes(baseName));
  if (lost.length > 0) throw new Error(`${file}: lost ${lost.map(({ baseName }) => baseName).join(', ')}`);
  if (after.length > 0) {
    const again = await once(file, result.bytes, store, executable);
    expect(again.bytes.equals(result.bytes)).toBe(true);
    expect(again.sites.map(({ site }) => [site.rule, site.role])).toEqual(
      left.map(({ site }) => [site.rule, site.role]),
    );
  }
  return result;
}

/** How many sites got which remedy, by rule. */
export function tally(sites: readonly PlannedSite[], into: Record<string, number> = {}): Record<string, number> {
  for (const { site, remedy } of sites) {
    const done = remedy.kind === 'none' ? remedy.code : remedy.kind;
    const name = `${site.rule} ${done}`;
    into[name] = (into[name] ?? 0) + 1;
  }
  return into;
}
