/** Real files of this machine, with store paths planted into them. */

import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

export interface RealFile {
  readonly path: string;
  readonly text: string;
}

/** Paths below a directory whose names match, in a fixed order; links are not followed. */
export function filesBelow(directory: string, name: RegExp): string[] {
  const found: string[] = [];
  const walk = (path: string) => {
    let entries: import('node:fs').Dirent[];
    try {
      entries = readdirSync(path, { withFileTypes: true });
    } catch {
      return;
    }
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const below = join(path, entry.name);
      if (entry.isDirectory()) walk(below);
      else if (entry.isFile() && name.test(entry.name)) found.push(below);
    }
  };
  try {
    walk(realpathSync(directory));
  } catch {
    // A directory that is not there has no files.
  }
  return found;
}

/** Every n-th of many, or all of them where `UNMOOR_REAL_FILES=all` asks for it. */
export function sample<T>(all: readonly T[], count: number): T[] {
  if (process.env.UNMOOR_REAL_FILES === 'all' || all.length <= count) return [...all];
  const step = all.length / count;
  return Array.from({ length: count }, (_, i) => all[Math.floor(i * step)] as T);
}

export function readReal(path: string): RealFile {
  return { path, text: readFileSync(path, 'latin1') };
}

/**
 * Plants store paths: paths of the file system hierarchy become store paths, and so do the beginnings of quoted words.
 * The text need not be the same program any more, only one that compiles.
 */
export function plant(text: string, path: string): string {
  return text
    .replace(/(?<![\w./-])\/(?:usr|etc|bin|sbin|lib|var|opt)(?=[/"'\s])/g, path)
    .replace(/(["'])([A-Za-z][\w./-]{2,})\1/g, (whole, quote, word, at) =>
      at % 3 === 0 || text.length < 10_000 ? `${quote}${path}/${word}${quote}` : whole,
    );
}
