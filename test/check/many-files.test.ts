import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeNixTree } from '../../bench/nix-tree.ts';
import { checkFile } from '../../src/check/check-file.ts';
import { candidates } from '../../src/check/files.ts';
import { checkFiles } from '../../src/check/many-files.ts';
import { parseNix } from '../../src/syntax/nix/parser.ts';
import { type Scratch, scratch } from './scratch.ts';

const FILES = 3200;
const settings = { storeDir: '/nix/store', rules: {}, maxFileSize: 1 << 24 };

let tree: Scratch;
beforeAll(() => {
  tree = scratch();
  writeNixTree(tree.path, FILES);
});
afterAll(() => tree.remove());

describe('a big tree', () => {
  it('gives on several threads what it gives on one, in order', async () => {
    const files = candidates({
      directory: tree.path,
      root: tree.path,
      paths: [],
      staged: false,
      since: undefined,
      exclude: [],
    });
    expect(files).toHaveLength(FILES);
    const alone = files.map(({ path, absolute }) => checkFile(path, absolute, undefined, settings));
    expect(await checkFiles(files, settings)).toEqual(alone);
    const rules = alone.flatMap(({ findings }) => findings.map(({ rule }) => rule));
    expect([...new Set(rules)].sort()).toEqual(['nix/flag', 'nix/ln-absolute', 'nix/substitute', 'nix/wrapper']);
    expect(parseNix(tree.read(files[0]?.path ?? '')).errors).toEqual([]);
  });
});
