import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linking, type Scratch, scratch } from './scratch.ts';

let tree: Scratch;
beforeEach(() => {
  tree = scratch();
});
afterEach(() => tree.remove());

const states = async () => (await tree.found()).map((line) => line.split(' ').slice(0, 2).join(' '));

describe('the baseline', () => {
  it('survives moved and reindented lines, and renamed files', async () => {
    tree.write('a.nix', linking('a'));
    expect((await tree.check({ updateBaseline: true })).baselined).toBe(1);
    expect(await states()).toEqual(['a.nix:5 known']);
    tree.write('a.nix', `# one\n# two\n${linking('a').replace('    ln', '\tln  ')}`);
    expect(await states()).toEqual(['a.nix:7 known']);
    renameSync(join(tree.path, 'a.nix'), join(tree.path, 'b.nix'));
    expect(await states()).toEqual(['b.nix:7 known']);
  });

  it('counts: a second finding of the same kind is new', async () => {
    const line = '    ln -s ${hello}/a $out/a\n';
    tree.write('a.nix', linking('a'));
    await tree.check({ updateBaseline: true });
    tree.write('a.nix', linking('a').replace(line, line + line));
    expect(await states()).toEqual(['a.nix:5 known', 'a.nix:6 new']);
  });

  it('keeps the entries of files that were not checked, and drops those of files that are gone', async () => {
    for (const name of ['a', 'b', 'c']) tree.write(`${name}.nix`, linking(name));
    await tree.check({ updateBaseline: true });
    tree.write('a.nix', linking('new'));
    renameSync(join(tree.path, 'c.nix'), join(tree.path, 'c.txt'));
    await tree.check({ updateBaseline: true, paths: ['a.nix'] });
    const { findings } = JSON.parse(tree.read('unmoor-baseline.json')) as { findings: object };
    expect(Object.keys(findings)).toEqual(['a.nix', 'b.nix']);
    expect(await states()).toEqual(['a.nix:5 known', 'b.nix:5 known']);
  });

  it('is the same, written again', async () => {
    tree.write('a.nix', linking('a'));
    await tree.check({ updateBaseline: true });
    const first = tree.read('unmoor-baseline.json');
    await tree.check({ updateBaseline: true });
    expect(tree.read('unmoor-baseline.json')).toBe(first);
  });

  it('is read from where it is named, which has to be there', async () => {
    tree.write('a.nix', linking('a'));
    const baseline = join(tree.path, 'sub.json');
    await expect(tree.check({ baseline })).rejects.toThrow('sub.json: no such file');
    await expect(tree.check({ baseline: tree.path })).rejects.toThrow('it cannot be read');
    await tree.check({ baseline, updateBaseline: true });
    const { report } = await tree.check({ baseline });
    expect(report.findings.map(({ state }) => state)).toEqual(['known']);
    expect(await states()).toEqual(['a.nix:5 new']);
  });

  it.each(['{', '[]', '{"version":2}', '{"version":1,"findings":{"a":[{}]}}'])('refuses %s', async (text) => {
    tree.write('unmoor-baseline.json', text);
    await expect(tree.check()).rejects.toThrow('unmoor-baseline.json');
  });
});
