/** A store with one package of Python, relocated as a user would do it. */

import { cpSync, mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { relocate } from '../../src/pipeline/relocate.ts';
import type { RelocateReport } from '../../src/pipeline/report.ts';
import { removeTree } from '../../src/pipeline/staging.ts';
import { DIGESTS, OWN } from '../rewriting.ts';

export const DEP = `${DIGESTS[1]}-dep`;

export interface PackageStore {
  readonly work: string;
  readonly store: string;
  /** Physical path of the package. */
  readonly own: string;
  /** Physical path of what it depends on. */
  readonly dep: string;
  /** Copies what tests run to where every interpreter can see it. */
  script(path: string): string;
  /** Writes a file of the package; a string is bytes of one character each. */
  put(file: string, contents: string | Buffer): string;
  /** Relocates the package, and puts it at the same time into directories of these names; gives the new store directories. */
  relocated(names: readonly string[]): Promise<{
    readonly report: RelocateReport;
    readonly stores: readonly string[];
    /** The store directory as it was made, before copies of it were put into their places. */
    readonly made: string;
  }>;
  remove(): void;
}

/** Throws when one of the checks of a relocation fails. */
async function checked(paths: string[], to: string): Promise<RelocateReport> {
  const report = await relocate({ paths, to, workers: 1 });
  const failed = report.checks.filter(({ ok }) => !ok);
  if (failed.length > 0) throw new Error(failed.flatMap(({ name, details }) => [name, ...details]).join('\n'));
  return report;
}

export function packageStore(): PackageStore {
  const work = realpathSync(mkdtempSync(join(tmpdir(), 'unmoor-python-')));
  const store = join(work, 'nix/store');
  const own = join(store, OWN);
  const dep = join(store, DEP);
  mkdirSync(join(own, 'lib'), { recursive: true });
  mkdirSync(dep);
  let count = 0;
  return {
    ...{ work, store, own, dep },
    script(path) {
      const copy = join(work, `script-${count++}.py`);
      cpSync(path, copy);
      return copy;
    },
    put(file, contents) {
      const path = join(own, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, typeof contents === 'string' ? Buffer.from(contents, 'latin1') : contents);
      return path;
    },
    async relocated(names) {
      const to = join(work, `made-${count++}`);
      const report = await checked([own, dep], to);
      const stores = names.map((name) => {
        const place = join(work, 'moved', name);
        cpSync(to, place, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
        return join(place, 'store');
      });
      return { report, stores, made: join(to, 'store') };
    },
    remove: () => removeTree(work),
  };
}
