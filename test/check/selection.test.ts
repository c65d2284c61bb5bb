import { chmodSync, linkSync, lstatSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linking, type Scratch, scratch } from './scratch.ts';

let tree: Scratch;
beforeEach(() => {
  tree = scratch();
});
afterEach(() => tree.remove());

describe('which files are checked', () => {
  it('what git does not ignore, links and removed files left out', async () => {
    tree.write('.gitignore', 'ignored/\n*.tmp.nix\n');
    tree.write('tracked.nix', linking('a'));
    tree.write('gone.nix', linking('a'));
    tree.git('add', '-A');
    tree.write('untracked.nix', linking('a'));
    tree.write('ignored/x.nix', linking('a'));
    tree.write('x.tmp.nix', linking('a'));
    tree.git('rm', '-q', '--cached', 'gone.nix');
    tree.git('add', 'tracked.nix');
    symlinkSync('tracked.nix', join(tree.path, 'link.nix'));
    expect(await tree.found()).toEqual([
      'gone.nix:5 new nix/ln-absolute',
      'tracked.nix:5 new nix/ln-absolute',
      'untracked.nix:5 new nix/ln-absolute',
    ]);
    expect(await tree.found({ paths: ['x.tmp.nix', 'ignored'] })).toEqual(['x.tmp.nix:5 new nix/ln-absolute']);
  });

  it('outside of git, .gitignore counts as well, in every directory', async () => {
    const plain = scratch(false);
    try {
      plain.write('.gitignore', 'out\n');
      plain.write('a/.gitignore', '*.nix\n!kept.nix\n');
      for (const name of ['a/x.nix', 'a/kept.nix', 'out/x.nix', 'b/x.nix', 'b/.hidden/x.nix', '.git/x.nix']) {
        plain.write(name, linking('a'));
      }
      symlinkSync('..', join(plain.path, 'b', 'loop'));
      symlinkSync('self', join(plain.path, 'self'));
      const files = (await plain.found()).map((line) => line.split(':')[0]);
      expect(files).toEqual(['a/kept.nix', 'b/.hidden/x.nix', 'b/x.nix']);
      await expect(plain.check({ paths: ['self'] })).rejects.toThrow('a symbolic link that leads to itself');
      await expect(plain.check({ staged: true })).rejects.toThrow('not in a git repository');
    } finally {
      plain.remove();
    }
  });

  it('names that are no UTF-8, with blanks and line ends', async () => {
    const odd = Buffer.concat([Buffer.from(`${tree.path}/a\n"b' `), Buffer.from([0xff]), Buffer.from('.nix')]);
    writeFileSync(odd, linking('a'));
    tree.git('add', '-A');
    for (const request of [{}, { staged: true }]) {
      const { report } = await tree.check(request);
      expect(report.findings.map(({ path }) => path)).toEqual(['a\n"b\' \\xff.nix']);
    }
  });

  it('binary, huge and unreadable files are skipped and counted', async () => {
    tree.write('binary.nix', `${linking('a')}\0`);
    tree.write('huge.nix', linking('a'));
    truncateSync(join(tree.path, 'huge.nix'), 1 << 30);
    mkdirSync(join(tree.path, 'empty'));
    const { report } = await tree.check();
    expect(report.findings).toEqual([]);
    expect(report.skipped).toEqual([
      { path: 'binary.nix', reason: 'binary' },
      { path: 'huge.nix', reason: 'too large' },
    ]);
  });

  it('columns are counted in characters, offsets in bytes', async () => {
    tree.write('a.nix', '{ ä€😀 = "/nix/store/0c0i3bp7rm7wjbqw6gl6cd6sllgrdj5r-x"; }\n');
    tree.write('b.nix', '{ "ä€😀" = "/nix/store/0c0i3bp7rm7wjbqw6gl6cd6sllgrdj5r-x"; }\n');
    const { report } = await tree.check({ paths: ['b.nix'] });
    expect(report.findings[0]).toMatchObject({ line: 1, column: 12, endColumn: 57, offset: 17, endOffset: 62 });
  });
});

describe('--staged', () => {
  it('reads the index, not the working tree', async () => {
    tree.write('a.nix', linking('a'));
    tree.write('b.nix', linking('b', '-sr'));
    tree.git('add', '-A');
    tree.write('a.nix', linking('a', '-sr'));
    tree.write('b.nix', linking('b'));
    expect(await tree.found({ staged: true })).toEqual(['a.nix:5 new nix/ln-absolute']);
    tree.git('commit', '-qm', 'all');
    expect(await tree.found({ staged: true })).toEqual([]);
    tree.git('add', '-A');
    expect(await tree.found({ staged: true })).toEqual(['b.nix:5 new nix/ln-absolute']);
    expect(await tree.found({ staged: true, paths: ['a.nix'] })).toEqual([]);
    tree.git('rm', '-qf', 'b.nix');
    expect(await tree.found({ staged: true })).toEqual([]);
  });

  it('works from a sub-directory, for what is below it', async () => {
    tree.write('a.nix', linking('a'));
    tree.write('sub/b.nix', linking('b'));
    tree.git('add', '-A');
    const directory = join(tree.path, 'sub');
    expect(await tree.found({ staged: true, directory })).toEqual(['sub/b.nix:5 new nix/ln-absolute']);
  });
});

describe('--since', () => {
  it('knows what was there when the branch left, in renamed files too', async () => {
    tree.write('a.nix', linking('a'));
    tree.write('b.nix', linking('b'));
    tree.git('add', '-A');
    tree.git('commit', '-qm', 'base');
    tree.git('checkout', '-qb', 'branch');
    tree.git('mv', 'a.nix', 'c.nix');
    tree.write('d.nix', linking('d'));
    tree.git('add', '-A');
    tree.git('commit', '-qm', 'work');
    // What happens on the other branch is not this one's concern.
    tree.git('checkout', '-q', 'main');
    tree.write('b.nix', linking('b', '-sr'));
    tree.git('commit', '-qam', 'mended');
    tree.git('checkout', '-q', 'branch');
    expect(await tree.found({ since: 'main' })).toEqual([
      'c.nix:5 known nix/ln-absolute',
      'd.nix:5 new nix/ln-absolute',
    ]);
    await expect(tree.check({ since: 'nothing' })).rejects.toThrow("there is no revision 'nothing'");
  });
});

describe('--fix', () => {
  it('keeps modes, links and every other byte', async () => {
    const odd = Buffer.concat([Buffer.from(linking('a')), Buffer.from([0xff, 0xfe, 0x0d, 0x0a])]);
    tree.write('a.nix', Buffer.concat([Buffer.from('# '), Buffer.from([0xe4, 0x0a]), odd]));
    tree.write('b.nix', linking('b'));
    chmodSync(join(tree.path, 'a.nix'), 0o755);
    linkSync(join(tree.path, 'b.nix'), join(tree.path, 'b2.nix'));
    const before = tree.read('a.nix');
    const { report } = await tree.check({ fix: true });
    expect(report.fixed).toBe(2);
    expect(tree.read('a.nix')).toBe(before.replace('ln -s ', 'ln -sr '));
    expect(lstatSync(join(tree.path, 'a.nix')).mode & 0o777).toBe(0o755);
    expect(tree.read('b2.nix')).toBe(linking('b', '-sr'));
  });
});
