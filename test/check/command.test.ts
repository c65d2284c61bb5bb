import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { launcher, quote, run, unmoor } from '../cli/run-unmoor.ts';
import { linking, type Scratch, scratch } from './scratch.ts';

let tree: Scratch;
beforeEach(() => {
  tree = scratch();
});
afterEach(() => tree.remove());

const inTree = (...args: string[]) => unmoor(['check', ...args], { cwd: tree.path });

describe('unmoor check', () => {
  it('says where and what to do, and fails only on what is new', () => {
    tree.write('a.nix', linking('a'));
    const first = inTree();
    expect(first.code).toBe(1);
    expect(first.stdout).toContain('a.nix:5:5 warning nix/ln-absolute\n');
    expect(first.stdout).toContain("'unmoor check --fix' mends 1");
    expect(first.stdout.split('\n').length).toBeLessThan(8);
    expect(inTree('--update-baseline')).toMatchObject({ code: 0, stderr: 'unmoor: the baseline holds 1 finding\n' });
    expect(inTree()).toMatchObject({ code: 0, stdout: 'nothing to mend in 2 files; 1 known.\n' });
    tree.write('b.nix', linking('b'));
    expect(inTree().code).toBe(1);
    expect(inTree('--fix', 'b.nix')).toMatchObject({ code: 0, stdout: 'nothing to mend in 1 file; 1 fixed.\n' });
    expect(tree.read('b.nix')).toBe(linking('b', '-sr'));
  });

  it('shows information only when asked', () => {
    tree.write('a.nix', '{ writeScript, bash }: writeScript "a" "#!${bash}/bin/bash"');
    expect(inTree()).toMatchObject({
      code: 0,
      stdout: 'nothing to mend in 1 file; 1 for information (--verbose shows them).\n',
    });
    expect(inTree('--verbose').stdout).toContain('information nix/writer\n');
  });

  it('names files as the current directory sees them', () => {
    tree.write('sub/a.nix', linking('a'));
    expect(unmoor(['check'], { cwd: `${tree.path}/sub` }).stdout).toMatch(/^a\.nix:5:5 /);
  });

  it('shows as many as are wanted, and counts the rest', () => {
    for (const name of ['a', 'b', 'c']) tree.write(`${name}.nix`, linking(name));
    const { stdout } = inTree('--limit', '1');
    expect(stdout.match(/^\w\.nix:/gm)).toEqual(['a.nix:']);
    expect(stdout).toContain('\n... and 2 more\n3 findings in 3 files');
  });

  it('tells services of files by their paths in the repository, and of what is to be done', () => {
    tree.write('sub/unmoor.config.json', '{}');
    tree.write('sub/a.nix', linking('a'));
    tree.write('sub/b.nix', '{ bash, writeScript }: writeScript "x" "#!${bash}/bin/sh"');
    const below = (...args: string[]) => unmoor(['check', ...args], { cwd: `${tree.path}/sub` }).stdout;
    const places = (...args: string[]) =>
      JSON.parse(below('--format', 'sarif', ...args)).runs[0].results.map(
        (result: { ruleId: string; locations: [{ physicalLocation: { artifactLocation: { uri: string } } }] }) =>
          `${result.ruleId} ${result.locations[0].physicalLocation.artifactLocation.uri}`,
      );
    expect(places()).toEqual(['nix/ln-absolute sub/a.nix']);
    expect(places('--verbose')).toEqual(['nix/ln-absolute sub/a.nix', 'nix/writer sub/b.nix']);
    expect(below('--format', 'markdown')).toContain('| sub/a.nix:5 |');
    expect(below()).toMatch(/^a\.nix:5:5 /);
  });

  it('sends no control characters to the terminal', () => {
    tree.write('\x1b[31m.nix', linking('\x1b[2J'));
    const { stdout } = inTree();
    expect(stdout).toContain('\\x1b[31m.nix:5:5');
    expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
  });

  it.each([
    [['--fix', '--staged'], '--fix and --staged do not go together'],
    [['nothing.nix'], 'nothing.nix: no such file or directory'],
    [[''], 'a file name is empty'],
    [['--baseline', 'none.json'], 'none.json: no such file'],
    [['--since', 'nothing'], "there is no revision 'nothing'"],
    [['--since', '--all'], "there is no revision '--all'"],
    [['--format', 'yaml'], 'Allowed choices are text, json, sarif, markdown'],
    [['--config', 'nothing.json'], 'nothing.json: no such file'],
  ])('%j is wrong usage', (args, message) => {
    const { code, stdout, stderr } = inTree(...args);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('is a hook without a framework, for commits of every kind', () => {
    tree.write('a.nix', linking('a', '-sr'));
    tree.git('add', '-A');
    tree.git('commit', '-qm', 'first');
    tree.write('.git/hooks/pre-commit', `#!/bin/sh\nexec ${quote(launcher)} check --staged\n`);
    chmodSync(join(tree.path, '.git/hooks/pre-commit'), 0o755);
    const commit = (...args: string[]) =>
      run('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', 'commit', '-m', 'x', ...args], { cwd: tree.path }).code;
    tree.write('a.nix', linking('b'));
    expect([commit('-a'), commit('a.nix')]).toEqual([1, 1]);
    tree.write('sub/c.nix', '{ }');
    tree.git('add', 'sub');
    // What is staged is good; the working tree is no matter of this commit.
    expect(commit()).toBe(0);
    tree.write('a.nix', linking('b', '-sr'));
    expect(commit('-a')).toBe(0);
  });

  it('in a hook, asks the repository and the index that git says', () => {
    tree.write('sub/.gitignore', 'ignored.nix\n');
    tree.write('sub/ignored.nix', linking('a'));
    tree.write('sub/a.nix', linking('a'));
    tree.git('add', '-A');
    tree.git('commit', '-qm', 'first');
    const other = join(tree.path, '..', `${basename(tree.path)}-linked`);
    tree.git('worktree', 'add', '-q', '-b', 'linked', other);
    try {
      const hook = `#!/bin/sh\n${quote(launcher)} check sub\n${quote(launcher)} check --staged\ncd sub && ${quote(launcher)} check\nexit 1\n`;
      tree.write('.git/hooks/pre-commit', hook);
      chmodSync(join(tree.path, '.git/hooks/pre-commit'), 0o755);
      writeFileSync(join(other, 'sub/a.nix'), linking('a', '-sr'));
      writeFileSync(join(other, 'sub/ignored.nix'), linking('b'));
      writeFileSync(join(other, 'sub/b.nix'), linking('b'));
      run('git', ['add', 'sub/b.nix'], { cwd: other });
      // Only what the commit names gets into it: git gives the hook an index of its own.
      const identity = ['-c', 'user.name=t', '-c', 'user.email=t@t'];
      const { stderr } = run('git', [...identity, 'commit', '-m', 'x', 'sub/a.nix'], { cwd: other });
      expect(stderr.match(/^\S+\.nix:|^nothing.*/gm)).toEqual(['sub/b.nix:', 'nothing to mend in 1 file.', 'b.nix:']);
    } finally {
      rmSync(other, { recursive: true, force: true });
    }
  });

  it('says once that a file holds a conflict', () => {
    tree.write('a.nix', `<<<<<<< HEAD\n${linking('a')}=======\n{ }\n>>>>>>> other\n`);
    expect(inTree().stdout).toMatch(/^a.nix:1:1 error nix\/syntax\n {2}a conflict that is not resolved\n/);
    expect(inTree().stdout.match(/nix\/syntax/g)).toHaveLength(1);
  });

  it('writes JSON, SARIF and Markdown, to a file too', () => {
    tree.write('a.nix', linking('a'));
    expect(JSON.parse(inTree('--format', 'json').stdout)).toMatchObject({
      version: 1,
      findings: [{ line: 5, state: 'new' }],
    });
    expect(JSON.parse(inTree('--format', 'sarif').stdout)).toMatchObject({ version: '2.1.0' });
    expect(inTree('--format', 'markdown', '-o', 'report.md')).toMatchObject({ code: 1, stdout: '' });
    expect(tree.read('report.md')).toContain('### Unmoor: 1 new finding\n');
  });
});
