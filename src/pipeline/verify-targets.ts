/** Where the rewritten paths lead: each must find in the result what the original found in the store. */

import { existsSync, lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path/posix';
import { parseStorePath } from '../store/store-path.ts';
import { fsPath, walkTree } from '../store/tree.ts';
import type { VerificationCheck } from './report.ts';
import { reportText } from './report-text.ts';
import type { Result } from './result.ts';
import { storeLookup } from './store-lookup.ts';
import { viewElf } from './verify-elf.ts';

const bytes = (path: string) => Buffer.from(path, 'latin1');

/** Every site that became relative or an alias: what its path named is there, if it was there before. */
function checkNamed({ staged, store, outcomes }: Result): VerificationCheck {
  const before = storeLookup(store.root, store.dir);
  // Objects that were not written are looked for where they were read.
  const own = new Set(outcomes.map(({ baseName }) => baseName));
  const after = storeLookup((baseName) => (own.has(baseName) ? staged : store.root), store.dir);
  const missing = new Set<string>();
  let count = 0;
  for (const { baseName, sites } of outcomes) {
    for (const { site, remedy } of sites) {
      const parsed = remedy.kind === 'none' ? undefined : parseStorePath(site.text, store.dir);
      if (parsed === undefined) continue;
      count++;
      const path = parsed.object.baseName + parsed.rest;
      if (before(path) && !after(path)) missing.add(`${baseName}/${reportText(site.file)}: ${reportText(path)}`);
    }
  }
  return {
    name: 'targets',
    ok: missing.size === 0,
    summary: `${count} rewritten paths lead to what they led to before`,
    details: [...missing],
  };
}

/** What the written links and search paths themselves say, resolved by the operating system. */
function checkWritten({ staged, store, outcomes }: Result): VerificationCheck {
  const before = storeLookup(store.root, store.dir);
  const details: string[] = [];
  let count = 0;
  for (const { baseName, rewritten, sites } of outcomes) {
    const root = `${staged}/${baseName}`;
    const linkTargets = new Map(
      sites.filter(({ site }) => site.place === 'link-target').map(({ site }) => [site.file, site.text]),
    );
    for (const { file } of rewritten) {
      const path = fsPath(root, file);
      if (lstatSync(path).isSymbolicLink()) {
        count++;
        const original = parseStorePath(linkTargets.get(file) ?? '', store.dir);
        const existed = original !== undefined && before(original.object.baseName + original.rest);
        if (existed && !existsSync(path)) {
          details.push(
            `${baseName}/${reportText(file)} -> ${reportText(readlinkSync(path, { encoding: 'latin1' }))} leads nowhere`,
          );
        }
        continue;
      }
      for (const entry of viewElf(path)?.searchPaths ?? []) {
        if (!entry.startsWith('$ORIGIN/')) continue;
        count++;
        const directory = join(dirname(path.toString('latin1')), entry.slice('$ORIGIN/'.length));
        const relative = normalize(directory).slice(staged.length + 1);
        if (before(relative) && !existsSync(bytes(directory))) {
          details.push(`${baseName}/${reportText(file)}: ${reportText(entry)} leads nowhere`);
        }
      }
    }
  }
  return {
    name: 'written-paths',
    ok: details.length === 0,
    summary: `${count} links and search path entries were followed`,
    details,
  };
}

/**
 * Libraries that are reached through a file link at another depth: ld.so takes $ORIGIN from the name by which it found
 * a library, links unresolved (glibc elf/dl-origin.c, elf/dl-load.c), so a search path may then miss. A warning: whether
 * a program loads the library by that name cannot be told from the files.
 */
function checkOriginThroughLinks({ staged, closure }: Result): VerificationCheck {
  const details: string[] = [];
  for (const { baseName } of closure) {
    const root = `${staged}/${baseName}`;
    walkTree(root, (entry) => {
      if (entry.kind !== 'symlink' || !/\.so(?:\.|$)/.test(entry.path)) return;
      const path = fsPath(root, entry.path);
      if (!existsSync(path) || !statSync(path).isFile()) return;
      const target = realpathSync(path, { encoding: 'latin1' });
      const ownDirectory = dirname(path.toString('latin1'));
      if (ownDirectory === dirname(target)) return;
      for (const searched of viewElf(bytes(target))?.searchPaths ?? []) {
        if (!searched.startsWith('$ORIGIN')) continue;
        const tail = searched.slice('$ORIGIN'.length);
        const meant = physicalOrNothing(dirname(target) + tail);
        if (meant !== undefined && physicalOrNothing(ownDirectory + tail) !== meant) {
          details.push(`${baseName}/${reportText(entry.path)}: ${searched} of its library leads elsewhere from here`);
          break;
        }
      }
    });
  }
  return {
    name: 'origin-through-links',
    ok: true,
    summary:
      details.length === 0
        ? 'no library is reached through a link that changes its $ORIGIN'
        : `${details.length} links give their library another $ORIGIN: it may miss its own libraries when loaded by that name`,
    details,
  };
}

function physicalOrNothing(path: string): string | undefined {
  try {
    return realpathSync(bytes(path), { encoding: 'latin1' });
  } catch {
    return undefined;
  }
}

/** All checks of targets. */
export function checkTargets(result: Result): VerificationCheck[] {
  return [checkNamed(result), checkWritten(result), checkOriginThroughLinks(result)];
}
